// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.codec.PixelDepth;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelFormat;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.RdpClient;

/** A server with one console, and scripted clients over real sockets, in this process. */
abstract class RdpServerFixture {

    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static TlsIdentity identity;
    private final List<AutoCloseable> opened = new ArrayList<>();
    final LinkedBlockingQueue<InputEvent> input = new LinkedBlockingQueue<>();
    final PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(301, 203);
    RdpServer server;
    Console console;
    Endpoint endpoint;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        identity = CertificateStore.inDirectory(directory, List.of("localhost"), Instant.now())
                .current();
    }

    @BeforeEach
    void startServer() throws IOException {
        server = new RdpServer(ServerOptions.defaults(() -> identity)
                .withThreads(new ServerOptions.Threads(2, 1, 2))
                .withDisplayLinger(Duration.ZERO));
        console = server.openConsole("web1", () -> new PaintedDisplay(guest, input::add));
        endpoint = server.listen(console, ANY, EndpointPolicy.open());
    }

    @AfterEach
    void stopServer() throws Exception {
        for (AutoCloseable client : opened) {
            client.close();
        }
        server.close();
    }

    RdpClient connect() throws IOException {
        return connect(ClientOptions.DEFAULT);
    }

    RdpClient connect(ClientOptions options) throws IOException {
        RdpClient client = RdpClient.connect(endpoint.address(), options);
        opened.add(client);
        return client.awaitActive();
    }

    /** Waits until the client shows what the guest shows, and checks that the server kept to the protocol. */
    void awaitPicture(RdpClient client, int bits) {
        ArrayFramebuffer picture = guest.framebuffer();
        int[] expected = Arrays.stream(picture.pixels())
                .map(pixel -> reduced(pixel, bits))
                .toArray();
        try {
            client.await(
                    "the guest's picture", c -> c.width() == picture.width() && Arrays.equals(expected, c.screen()));
        } catch (AssertionError e) {
            assertEquals(picture.width(), client.width());
            assertArrayEquals(expected, client.screen());
            throw e;
        }
        assertEquals(List.of(), client.violations());
    }

    /** The pixel after the client widened what was left of it. */
    private static int reduced(int pixel, int bits) {
        return switch (bits) {
            case 15 -> PixelFormat.RGB555.toRgb(PixelDepth.RGB555.reduce(pixel));
            case 16 -> PixelFormat.RGB565.toRgb(PixelDepth.RGB565.reduce(pixel));
            default -> pixel & 0xffffff;
        };
    }

    void awaitFlowsDry(RdpClient client) {
        long[] last = {-1, System.nanoTime()};
        client.await("the end of output", c -> true);
        await("the end of output", () -> {
            long bytes = client.counters().bytes();
            if (bytes != last[0]) {
                last[0] = bytes;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 100_000_000;
        });
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for " + what);
            Thread.yield();
        }
    }

    void noise(int seed) {
        synchronized (guest) {
            Random random = new Random(seed);
            int[] pixels = guest.framebuffer().pixels();
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.nextInt() & 0xffffff;
            }
            guest.damaged(guest.framebuffer().bounds());
        }
    }
}
