// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand connections of people who are no clients, while one viewer works on. */
class HostileIT {

    private static final int CONNECTIONS = 1000;
    /** An X.224 connection request that offers TLS. */
    private static final byte[] REQUEST = {
        3, 0, 0, 19, 14, (byte) 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0,
    };

    @RegisterExtension
    static Programs programs = new Programs();

    @Test
    void thousandConnectionsOfNoiseDisturbNobody() throws Exception {
        Host host = new Host(programs, Map.of("limits.handshake", "20s"));
        Agent agent = host.agent();
        KeysGuest guest = host.keys("target");
        guest.command("v 800 600 32");
        int port = agent.awaitPort("target");
        Viewer viewer = host.viewer(guest, Clients.XFREERDP_32);
        int files = agent.process().openFiles();
        long lines = lines(agent);
        Random random = new Random(1);
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(attack(port, i % 4, random));
                if (i % 100 == 50) {
                    guest.command("p");
                    viewer.awaitShows(guest::screenshot);
                }
            }
            Wait.until(
                    "every connection was ended by its deadline, there were " + files + " open files before",
                    () -> agent.process().openFiles() <= files + 8,
                    () -> agent.process().openFiles());
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        long said = lines(agent) - lines;
        assertTrue(said <= CONNECTIONS, CONNECTIONS + " connections made the agent write " + said + " lines");
        guest.command("p");
        viewer.awaitShows(guest::screenshot);
    }

    private static Socket attack(int port, int kind, Random random) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port), (int) Wait.LIMIT.toMillis());
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

    private static long lines(Agent agent) {
        return agent.process().output().lines().count();
    }
}
