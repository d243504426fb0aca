// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.rdpmux.control.Request;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;
import org.rdpmux.testkit.rdp.ChannelFlood;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;
import org.rdpmux.testkit.rdp.RdpWire;

/** What strangers, users and guests do to an agent. Each attack begins at once and goes on until it is stopped. */
final class LoadAttacks {

    /** Where people share one address. */
    static final String OFFICE = "10.9.8.8";

    /** The address that leaves the network while its viewer holds a button. */
    static final String DEAD = "10.9.6.6";

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int SILENT = 200;
    private static final long PAUSE_NANOS = 50_000_000;
    private static final int SEATS = 70;
    private static final int CONSOLES = 100;
    private static final int FIFO_CLIENTS = 8;
    private static final int OFFICE_USERS = 20;

    private final InetSocketAddress web;
    private final InetSocketAddress copies;
    private final InetSocketAddress fifo;
    private final Control control;
    private final Queue<Closeable> open = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** Asks the agent by its control socket. */
    @FunctionalInterface
    interface Control {
        void ask(Request.Attach request) throws IOException;
    }

    private interface Task {
        void run() throws IOException;
    }

    LoadAttacks(InetSocketAddress web, InetSocketAddress copies, InetSocketAddress fifo, Control control) {
        this.web = web;
        this.copies = copies;
        this.fifo = fifo;
        this.control = control;
    }

    void start(String name) throws IOException {
        switch (name) {
            case "idle-consoles" -> attach();
            case "silent" -> silent();
            case "fifo" -> repeat(FIFO_CLIENTS, i -> stay(enter("10.9.5.5", fifo, "mallory")));
            case "small-pdus" -> repeat(2, this::flood);
            case "copy-rects" -> enter("10.9.5.5", copies, "mallory");
            case "channels" -> {
                for (ChannelFlood flood : ChannelFlood.values()) {
                    repeat(1, i -> flood(flood));
                }
            }
            case "seats" -> {
                for (int i = 0; i < SEATS; i++) {
                    quietly(() -> enter("10.9.5.5", web, "eve"));
                }
            }
            case "dead-viewer" -> die();
            case "typos" -> typos();
            default -> throw new IllegalArgumentException(name);
        }
    }

    void stop() throws IOException, InterruptedException {
        stopped = true;
        for (Closeable each : open) {
            quietly(each::close);
        }
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
        }
    }

    private interface Numbered {
        void run(int number) throws IOException;
    }

    /** Each in a thread of its own, again when it ends. */
    private void repeat(int count, Numbered task) {
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                while (!stopped) {
                    quietly(() -> task.run(number));
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            });
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private static void quietly(Task task) {
        try {
            task.run();
        } catch (IOException | UncheckedIOException | IllegalStateException | AssertionError e) {
            // the agent defends itself, or has gone
        }
    }

    private static ClientOptions user(String name) {
        return ClientOptions.DEFAULT.withCredentials("", name, name + "-secret").withTimeout(PATIENCE);
    }

    private RdpClient enter(String source, InetSocketAddress console, String user) throws IOException {
        return enter(source, console, user(user));
    }

    private RdpClient enter(String source, InetSocketAddress console, ClientOptions options) throws IOException {
        RdpClient client = RdpClient.connect(new InetSocketAddress(source, 0), console, options);
        open.add(client::close);
        return client.awaitActive();
    }

    /** Until the agent ends it, or the attack is over. */
    private void stay(RdpClient client) {
        while (!stopped && !client.hasEnded()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void attach() throws IOException {
        for (int i = 1; i <= CONSOLES; i++) {
            String address = "vnc+unix://" + System.getenv("LOAD_IDLE") + "/" + i + ".sock";
            control.ask(new Request.Attach("idle" + i, address, 0, "", ""));
        }
    }

    /** Two addresses, which stop at each stage in turn. */
    private void silent() {
        for (int i = 0; i < SILENT; i++) {
            int number = i;
            quietly(() -> stopSomewhere(number));
        }
        repeat(1, new Numbered() {
            private int next;

            @Override
            public void run(int ignored) throws IOException {
                stopSomewhere(next++);
            }
        });
    }

    private void stopSomewhere(int number) throws IOException {
        InetSocketAddress from = new InetSocketAddress("10.9.5." + (5 + number % 2), 0);
        RdpWire wire = RdpWire.connect(from, web, PATIENCE);
        open.add(wire);
        int stage = number / 2 % 4;
        if (stage == 1) {
            wire.send(new byte[] {3, 0, 0});
        } else if (stage > 1) {
            wire.send(new ConnectionRequest("", Optional.of(NegotiationRequest.of(Protocols.SSL))));
        }
        if (stage == 3) {
            wire.readFrame();
            wire.startTls();
        }
    }

    /** One fast-path event a PDU, four bytes each ([MS-RDPBCGR] 2.2.8.1.2). */
    private void flood(int number) throws IOException {
        RdpClient client = enter("10.9.5." + (5 + number), web, "eve");
        byte[] pdus = new byte[40_000];
        for (int i = 0; i < pdus.length; i += 4) {
            pdus[i] = 4;
            pdus[i + 1] = 4;
            pdus[i + 3] = 0x1e;
        }
        while (!stopped) {
            client.sendRaw(pdus);
        }
    }

    /** A client of the person's console, as long as it is let. */
    private void flood(ChannelFlood flood) throws IOException {
        RdpClient client = enter("10.9.5.5", web, user("mallory").withDynamicChannels());
        client.await("its channel", c -> c.hasDynamic(flood.channel()));
        Random random = new Random(1);
        while (!stopped && !client.hasEnded()) {
            flood.send(client, random);
        }
    }

    private void die() throws IOException {
        RdpClient client = enter(DEAD, web, "mallory");
        client.input(new ClientInput.Mouse(0x9000, 9, 9));
        client.type(0x1d, false);
        run("ip", "addr", "del", DEAD + "/32", "dev", "lo");
    }

    private static void run(String... command) throws IOException {
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** People who mistype their password once each. */
    private void typos() {
        repeat(1, new Numbered() {
            private int next;

            @Override
            public void run(int ignored) throws IOException {
                if (next++ < OFFICE_USERS) {
                    RdpClient.connect(new InetSocketAddress(OFFICE, 0), web, user("user" + next))
                            .close();
                }
            }
        });
    }
}
