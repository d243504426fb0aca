// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** What a person sees of a console: how long a log-in takes, and how long it is from a key or a click to its picture. */
final class LoadMeter implements AutoCloseable {

    private static final Duration LOGIN_PATIENCE = Duration.ofSeconds(12);
    private static final Duration ECHO_PATIENCE = Duration.ofSeconds(2);
    private static final long LOGIN_PAUSE_NANOS = 100_000_000;
    private static final long ECHO_PAUSE_NANOS = 30_000_000;
    private static final int KEY_A = 0x1e;

    private final InetSocketAddress from;
    private final InetSocketAddress console;
    private final ClientOptions options;
    private final boolean clicks;
    private final RdpClient typist;

    /** One kind of measurement. */
    private static final class Samples {
        private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());
        private volatile int failed;

        private String text() {
            List<Double> sorted = new ArrayList<>(millis);
            Collections.sort(sorted);
            String times =
                    sorted.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f/%.1f", at(sorted, 0.5), at(sorted, 0.99));
            return failed == 0 ? times : times + " (" + failed + " of " + (failed + sorted.size()) + " failed)";
        }

        private static double at(List<Double> sorted, double part) {
            return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
        }
    }

    /** @param clicks with the mouse instead of typing */
    LoadMeter(InetSocketAddress from, InetSocketAddress console, ClientOptions options, boolean clicks)
            throws IOException {
        this.from = from;
        this.console = console;
        this.options = options.withTimeout(LOGIN_PATIENCE);
        this.clicks = clicks;
        typist = RdpClient.connect(from, console, this.options).awaitActive();
        typist.await("a picture", client -> client.screen()[0] != RdpClient.UNDRAWN);
    }

    /** Measures for some time; p50/p99 in milliseconds of log-ins and of echoes. */
    String[] measure(Duration time) throws InterruptedException {
        Samples logins = new Samples();
        Samples echoes = new Samples();
        long end = System.nanoTime() + time.toNanos();
        Thread person = new Thread(() -> {
            while (System.nanoTime() - end < 0) {
                time(logins, this::logIn);
                LockSupport.parkNanos(LOGIN_PAUSE_NANOS);
            }
        });
        person.start();
        while (System.nanoTime() - end < 0) {
            time(echoes, this::echo);
            LockSupport.parkNanos(ECHO_PAUSE_NANOS);
        }
        person.join();
        return new String[] {logins.text(), echoes.text()};
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void time(Samples samples, Task task) {
        long start = System.nanoTime();
        try {
            task.run();
            samples.millis.add((System.nanoTime() - start) / 1e6);
        } catch (IOException | RuntimeException | AssertionError e) {
            samples.failed++;
            LockSupport.parkNanos(ECHO_PAUSE_NANOS);
        }
    }

    private void logIn() throws IOException {
        try (RdpClient client = RdpClient.connect(from, console, options)) {
            client.awaitActive();
        }
    }

    private void echo() {
        int before = typist.screen()[0];
        if (clicks) {
            typist.input(new ClientInput.Mouse(0x9000, 5, 5), new ClientInput.Mouse(0x1000, 5, 5));
        } else {
            typist.type(KEY_A, false);
        }
        typist.await("its echo", client -> client.screen()[0] != before, ECHO_PATIENCE);
    }

    @Override
    public void close() throws IOException {
        typist.close();
    }
}
