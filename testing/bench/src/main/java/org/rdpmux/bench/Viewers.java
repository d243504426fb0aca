// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/**
 * Many RDP clients in one process, which decode what they are sent and show it to nobody.
 *
 * <pre>
 * Viewers watch SECONDS PORT...   a client at each port; prints "ready", and after that time what they got
 * Viewers graphics SECONDS PORT...   the same through the graphics pipeline, whose pixels they do not look at
 * Viewers accept PORT             waits until the port accepts and prints when that was, in seconds of the monotonic clock
 * </pre>
 */
public final class Viewers {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = 200_000;

    private Viewers() {}

    /** Takes what the class says. */
    public static void main(String[] args) throws IOException {
        if (args.length >= 2 && args[0].equals("accept")) {
            accept(Integer.parseInt(args[1]));
        } else if (args.length >= 3 && List.of("watch", "graphics").contains(args[0])) {
            List<Integer> ports = new ArrayList<>();
            for (String port : List.of(args).subList(2, args.length)) {
                ports.add(Integer.parseInt(port));
            }
            watch(Duration.ofSeconds(Long.parseLong(args[1])), ports, args[0].equals("graphics"));
        } else {
            System.err.println("usage: Viewers watch|graphics SECONDS PORT... | accept PORT");
            System.exit(2);
        }
    }

    private static void accept(int port) {
        System.out.println("ready");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                if (socket.isConnected()) {
                    System.out.printf(Locale.ROOT, "accepted=%.6f%n", System.nanoTime() / 1e9);
                    return;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        System.exit(1);
    }

    private static void watch(Duration time, List<Integer> ports, boolean graphics) throws IOException {
        ClientOptions options = graphics ? ClientOptions.DEFAULT.withDynamicChannels() : ClientOptions.DEFAULT;
        List<RdpClient> clients = new ArrayList<>();
        for (int port : ports) {
            RdpClient client = RdpClient.connect(new InetSocketAddress("127.0.0.1", port), options);
            clients.add(client.await("a picture", c -> c.counters().frameEnds() > 0));
        }
        System.out.println("ready");
        long frames = frames(clients);
        long bytes = bytes(clients);
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        long ended = clients.stream().filter(RdpClient::hasEnded).count();
        System.out.printf(
                Locale.ROOT,
                "viewers=%d ended=%d frames=%d kB=%d%n",
                clients.size(),
                ended,
                frames(clients) - frames,
                (bytes(clients) - bytes) / 1000);
        for (RdpClient client : clients) {
            client.close();
        }
    }

    private static long frames(List<RdpClient> clients) {
        return clients.stream()
                .mapToLong(client -> client.counters().frameEnds())
                .sum();
    }

    private static long bytes(List<RdpClient> clients) {
        return clients.stream().mapToLong(client -> client.counters().bytes()).sum();
    }
}
