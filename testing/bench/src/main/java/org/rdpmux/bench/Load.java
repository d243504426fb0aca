// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Request;
import org.rdpmux.testkit.rdp.ClientOptions;

/**
 * One attack on a running agent, and what another person notices of it.
 *
 * <pre>
 * Load guests                     two VNC servers: prints "echo PORT copies PORT" and runs until it is killed
 * Load ATTACK HOST PORTS CONTROL PID
 * </pre>
 *
 * PORTS are those of the consoles {@code web}, {@code copies} and {@code fifo}, between commas; CONTROL is the control socket,
 * PID the agent's. Prints a row of the table. {@code load.sh} does the rest.
 */
public final class Load {

    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration ATTACKED = Duration.ofSeconds(12);

    private Load() {}

    /** Takes what the class says. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("guests")) {
            try (EchoGuest echo = new EchoGuest(false);
                    EchoGuest copies = new EchoGuest(true)) {
                System.out.println("echo " + echo.port() + " copies " + copies.port());
                Thread.currentThread().join();
            }
        } else if (args.length == 5) {
            run(args[0], args[1], args[2].split(","), Path.of(args[3]), Long.parseLong(args[4]));
        } else {
            System.err.println("usage: Load guests | ATTACK HOST PORTS CONTROL PID");
            System.exit(2);
        }
        System.exit(0); // whatever an attack has left running
    }

    private static void run(String name, String host, String[] ports, Path control, long pid) throws Exception {
        InetSocketAddress web = new InetSocketAddress(host, Integer.parseInt(ports[0]));
        LoadAttacks attacks = new LoadAttacks(
                web,
                new InetSocketAddress(host, Integer.parseInt(ports[1])),
                new InetSocketAddress(host, Integer.parseInt(ports[2])),
                request -> ask(control, request));
        String source = name.equals("typos") ? LoadAttacks.OFFICE : "10.9.7.7";
        ClientOptions person = ClientOptions.DEFAULT.withCredentials("", "alice", "alice-secret");
        boolean clicks = name.equals("dead-viewer");
        long before = resident(pid);
        try (LoadMeter meter = new LoadMeter(new InetSocketAddress(source, 0), web, person, clicks)) {
            meter.measure(CALM); // Java is slow at first
            String[] calm = meter.measure(CALM);
            attacks.start(name);
            String[] attacked = meter.measure(ATTACKED);
            long during = resident(pid);
            attacks.stop();
            String[] after = meter.measure(CALM);
            for (int i = 0; i < 2; i++) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s |%n",
                        i == 0 ? name : "",
                        i == 0 ? "log-in" : clicks ? "click" : "key",
                        calm[i],
                        attacked[i],
                        after[i],
                        i == 0 ? before + " / " + during + " / " + resident(pid) : "");
            }
        }
    }

    /** Megabytes; 0 if the agent is gone. */
    private static long resident(long pid) {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
            return status.stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static void ask(Path control, Request.Attach request) throws IOException {
        try (ControlClient client = ControlClient.connect(control, ControlApi.DEADLINE)) {
            client.ask(request, ConsoleReport.class);
        }
    }
}
