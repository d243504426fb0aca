// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand connections of people who are no clients, while one viewer works on. */
class HostileIT {

    private static final int CONNECTIONS = 1000;
    /** An X.224 connection request that offers TLS. */
    private static final byte[] REQUEST = {
        3, 0, 0, 19, 14, (byte) 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0,
    };

    @TempDir
    Path directory;

    @Test
    void thousandConnectionsOfNoiseDisturbNobody() throws Exception {
        try (Programs programs = new Programs(directory)) {
            Libvirtd libvirt = new Libvirtd(programs);
            Agent agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
            KeysGuest guest = new KeysGuest(libvirt, "target");
            guest.command("v 800 600 32");
            int port = agent.awaitPort("target");
            Desktop desktop = new Desktop(programs);
            desktop.start(Clients.XFREERDP_32.command(port));
            desktop.parkPointer();
            awaitShown(guest, desktop);
            int files = agent.process().openFiles();
            int lines = lines(agent);
            Random random = new Random(1);
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    held.add(attack(port, i % 4, random));
                    if (i % 100 == 50) {
                        guest.command("p");
                        awaitShown(guest, desktop);
                    }
                }
                Programs.await(
                        "every connection was ended by its deadline",
                        Duration.ofSeconds(60),
                        () -> agent.process().openFiles() <= files + 8);
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }
            int said = lines(agent) - lines;
            assertTrue(said <= CONNECTIONS, CONNECTIONS + " connections made the agent write " + said + " lines");
            guest.command("p");
            awaitShown(guest, desktop);
        }
    }

    private static Socket attack(int port, int kind, Random random) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port), 2000);
        byte[] noise = new byte[200];
        random.nextBytes(noise);
        try {
            switch (kind) {
                case 1 -> socket.getOutputStream().write(noise);
                case 2 -> socket.getOutputStream().write(REQUEST, 0, 1 + random.nextInt(REQUEST.length - 1));
                case 3 -> {
                    socket.getOutputStream().write(REQUEST);
                    socket.getOutputStream().write(noise);
                }
                default -> {}
            }
        } catch (IOException e) {
            // Turned away already: that is an answer, too.
            socket.close();
        }
        return socket;
    }

    private static int lines(Agent agent) {
        return (int) agent.process().output().lines().count();
    }

    private static void awaitShown(KeysGuest guest, Desktop desktop) {
        Picture screen = guest.screenshot();
        Programs.await(
                "the viewer shows the guest",
                Duration.ofSeconds(10),
                () -> desktop.picture(screen.width(), screen.height())
                        .difference(screen)
                        .isEmpty());
    }
}
