// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.testkit.rdp.ChannelFlood;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** A client floods its dynamic channels while somebody else looks at the same console. */
class ChannelFloodIT {

    private static final int PICTURES = 15;
    /** Messages of the attack, at least. */
    private static final int MESSAGES = 2_000;

    /** Netty's allocators keep chunks of 4 and 8 MB; what a client queues would be many times as much. */
    private static final long DIRECT_KILOBYTES = 17_000;

    private static final long HEAP_KILOBYTES = 64_000;

    @RegisterExtension
    static Programs programs = new Programs();

    private static VncGuest guest;
    private static Agent agent;

    @BeforeAll
    static void start() {
        guest = new VncGuest(Scene.desktop(1024, 768, 0));
        agent = new Agent(
                        programs,
                        Map.of("libvirt.uri", "", "librdpmux.enabled", "no", "console.flooded", guest.address()))
                .withJavaOptions(JavaMemory.OPTIONS)
                .start();
    }

    @AfterAll
    static void close() throws IOException {
        guest.close();
    }

    @ParameterizedTest
    @EnumSource(ChannelFlood.class)
    void theOtherViewerSeesEveryPictureAndTheAgentDoesNotGrow(ChannelFlood flood) throws IOException {
        int port = agent.awaitPort("flooded");
        Viewer viewer = new Viewer(programs, Clients.XFREERDP_GFX, port);
        viewer.awaitShows(guest::picture);
        JavaMemory before = JavaMemory.of(agent.process());
        try (RdpClient client = RdpClient.connect(
                        new InetSocketAddress("127.0.0.1", port),
                        ClientOptions.DEFAULT.withDynamicChannels().withTimeout(Wait.LIMIT));
                Attack attack = new Attack(client, flood)) {
            for (int picture = 0; picture < PICTURES || !attack.hasSentMuch(); picture++) {
                Scene.values()[picture % Scene.values().length].paint(guest, picture);
                viewer.awaitShows(guest::picture);
            }
            JavaMemory during = JavaMemory.of(agent.process());
            String grown = "before " + before + ", during " + during;
            assertTrue(during.heap() - before.heap() < HEAP_KILOBYTES, grown);
            assertTrue(during.direct() - before.direct() < DIRECT_KILOBYTES, grown);
        }
        Wait.until(
                "the attacker has left",
                () -> agent.console("flooded").orElseThrow().viewers().size() == 1);
        viewer.leave();
    }

    /** Sends as fast as the agent reads, until the agent ends it or the test. */
    private static final class Attack implements Closeable {

        private final RdpClient client;
        private final Thread thread;
        private volatile int sent;
        private volatile boolean stopped;

        Attack(RdpClient client, ChannelFlood flood) {
            this.client = client;
            client.await("its channel", c -> c.hasDynamic(flood.channel()));
            thread = new Thread(() -> send(flood), "attack");
            thread.setDaemon(true);
            thread.start();
        }

        private void send(ChannelFlood flood) {
            Random random = new Random(1);
            try {
                for (int i = 1; !stopped; i++) {
                    flood.send(client, random);
                    sent = i;
                }
            } catch (UncheckedIOException e) {
                stopped = true; // the agent has ended it, which is an answer, too
            }
        }

        boolean hasSentMuch() {
            return sent >= MESSAGES || client.hasEnded();
        }

        @Override
        public void close() throws IOException {
            stopped = true;
            client.close(); // who is not read from waits in its send
            Wait.until("the attack ends", () -> !thread.isAlive());
        }
    }
}
