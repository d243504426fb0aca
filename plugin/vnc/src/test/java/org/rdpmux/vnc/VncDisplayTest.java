// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.GuestDisplayFactory;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Scancode;
import org.rdpmux.display.testing.Recorder;

/** The display over real sockets. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class VncDisplayTest {

    private static final String FULL = "0300" + "0000000000040003";
    private static final String NEXT = "0301" + "0000000000040003";

    @TempDir
    Path directory;

    private final Recorder seen = new Recorder();

    private GuestDisplay start(DisplaySource source) {
        GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited()).open(source);
        display.start(seen);
        return display;
    }

    private GuestDisplay start(DisplayAddress address) {
        return start(new DisplaySource("vnc", address));
    }

    private String failure() throws InterruptedException {
        assertTrue(seen.await(r -> !r.failures.isEmpty(), 30), "no failure");
        return seen.failures.get(0);
    }

    private void assertShowsAndTakes(FakeServer server, GuestDisplay display) throws Exception {
        server.greet(4, 3);
        assertEquals(0, display.keyboard().keyGapNanos(), "this is no QEMU");
        assertEquals(FULL, server.read(10));
        server.send(new ServerBytes().raw(new Rect(0, 0, 4, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        assertTrue(seen.await(r -> !r.damage.isEmpty(), 30), "no picture: " + seen.failures);
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, seen.screen());
        assertEquals(NEXT, server.read(10));
        display.send(new InputEvent.PointerMove(2, 1));
        display.send(new InputEvent.Key(Scancode.of(0x1e), true));
        assertEquals("0500" + "00020001" + "04010000" + "00000061", server.read(14));
    }

    @Test
    void opensDisplaysOfItsTypeAlone() {
        GuestDisplayFactory factory = new VncDisplayFactory(PixelBudget.unlimited());
        assertEquals(
                "VNC", factory.open(DisplaySource.parse("vnc://localhost:5900")).kind());
        DisplaySource other = DisplaySource.parse("other://localhost:5900");
        assertThrows(IllegalArgumentException.class, () -> factory.open(other));
        assertThrows(
                IllegalArgumentException.class, () -> new VncDisplayFactory(PixelBudget.unlimited(), Duration.ZERO));
    }

    @Test
    void worksOverTcp() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = start(server.address())) {
            assertShowsAndTakes(server, display);
        }
    }

    @Test
    void worksOverUnixSocket() throws Exception {
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"));
                GuestDisplay display = start(server.address())) {
            assertShowsAndTakes(server, display);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksOverSocketThatSomebodyOpened(boolean tcp) throws Exception {
        try (FakeServer server = tcp ? FakeServer.tcp() : FakeServer.unix(directory.resolve("vnc"))) {
            DisplayAddress to = server.address();
            DisplayAddress.Opened opened = new DisplayAddress.Opened("web1", () -> connect(to));
            try (GuestDisplay display = start(opened)) {
                assertShowsAndTakes(server, display);
            }
            assertTrue(server.isLeft());
        }
    }

    private static int connect(DisplayAddress to) throws IOException {
        // Netty makes its sockets non-blocking.
        Socket socket;
        if (to instanceof DisplayAddress.Unix unix) {
            socket = Socket.newSocketDomain();
            socket.connect(new DomainSocketAddress(unix.path().toFile()));
        } else {
            DisplayAddress.Tcp address = (DisplayAddress.Tcp) to;
            socket = Socket.newSocketStream();
            socket.connect(new InetSocketAddress(address.host(), address.port()));
        }
        return socket.intValue();
    }

    @Test
    void refusesDescriptorsThatWouldBlock() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        int blocking = FileDescriptor.from(file.toFile()).intValue();
        try (GuestDisplay display = start(new DisplayAddress.Opened("web1", () -> blocking))) {
            assertEquals(
                    "the display vnc://web1 cannot be opened: file descriptor " + blocking + " is a blocking one",
                    failure());
            assertFalse(Files.exists(Path.of("/proc/self/fdinfo/" + blocking)), "left open");
            assertEquals("VNC", display.kind());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1 << 20})
    void refusesWhatIsNoDescriptor(int descriptor) throws Exception {
        try (GuestDisplay display = start(new DisplayAddress.Opened("web1", () -> descriptor))) {
            assertTrue(failure().startsWith("the display vnc://web1 cannot be opened: "), failure());
            display.send(new InputEvent.PointerMove(1, 1));
        }
    }

    @Test
    void saysWhyItCouldNotBeOpened() throws Exception {
        DisplayAddress.Opened opened = new DisplayAddress.Opened("web1", () -> {
            throw new IOException("the domain is not running");
        });
        try (GuestDisplay display = start(opened)) {
            assertEquals("the display vnc://web1 cannot be opened: the domain is not running", failure());
            display.setActive(true);
        }
    }

    @Test
    void saysWhyItCouldNotBeReached() throws Exception {
        DisplayAddress gone;
        try (FakeServer server = FakeServer.tcp()) {
            gone = server.address();
        }
        try (GuestDisplay display = start(gone)) {
            String expected = "the display vnc://" + gone + " cannot be reached: Connection refused";
            assertTrue(failure().startsWith(expected), failure());
            display.sizeRequests().orElseThrow().request(1, 1);
        }
    }

    @Test
    void saysThatThereIsNoSuchSocket() throws Exception {
        try (GuestDisplay display = start(new DisplayAddress.Unix(Path.of("/no/such.vnc")))) {
            assertTrue(failure().endsWith(" cannot be reached: there is no such socket"), failure());
            display.setActive(true);
        }
    }

    @Test
    void saysThatThereIsNoSuchHost() throws Exception {
        try (GuestDisplay display = start(new DisplayAddress.Tcp("no such host.invalid", 5900))) {
            assertTrue(failure().endsWith("no host is known by the name 'no such host.invalid'"), failure());
            display.setActive(false);
        }
    }

    @Test
    void givesUpOnServersThatSayNothing() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited(), Duration.ofMillis(200))
                        .open(new DisplaySource("vnc", server.address()))) {
            display.start(seen);
            server.accept();
            assertTrue(failure().endsWith(" did not show a screen within 0.2 s"), failure());
            assertTrue(server.isLeft());
        }
    }

    @Test
    void staysWithServersThatShowedAScreen() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited(), Duration.ofMillis(300))
                        .open(new DisplaySource("vnc", server.address()))) {
            display.start(seen);
            server.greet(4, 3);
            assertFalse(seen.await(r -> !r.failures.isEmpty(), 1), "gave up: " + seen.failures);
        }
    }

    @Test
    void tellsOnceThatTheServerLeft() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = start(server.address())) {
            server.greet(4, 3);
            server.read(10);
            server.hangUp();
            assertTrue(failure().contains(" closed the connection"), failure());
            display.send(new InputEvent.PointerMove(1, 1));
            assertEquals(1, seen.failures.size());
        }
    }

    @Test
    void leavesServersThatBreakTheProtocol() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = start(server.address())) {
            server.greet(4, 3);
            server.send(new ServerBytes().bytes(77).zeros(100));
            assertTrue(failure().endsWith(" broke the protocol: message type 77 is unknown"), failure());
            assertTrue(server.isLeft());
            assertEquals(1, seen.failures.size());
            display.send(new InputEvent.PointerMove(1, 1));
        }
    }

    @Test
    void passwordIsAskedForAndOverwritten() throws Exception {
        char[] password = "secret".toCharArray();
        AtomicInteger asked = new AtomicInteger();
        try (FakeServer server = FakeServer.tcp()) {
            DisplaySource source = new DisplaySource("vnc", server.address(), () -> {
                asked.incrementAndGet();
                return Optional.of(password);
            });
            try (GuestDisplay display = start(source)) {
                server.accept();
                server.send(new ServerBytes().version("003.008").bytes(1, 2).zeros(16));
                String answer = server.read(12 + 1 + 16);
                byte[] expected = VncAuthentication.respond(new byte[16], "secret".toCharArray());
                assertTrue(answer.endsWith(HexFormat.of().formatHex(expected)));
                server.send(new ServerBytes().u32(0).serverInit(4, 3, ""));
                assertTrue(seen.await(r -> r.resizes > 0, 30));
                assertEquals(1, asked.get());
                assertArrayEquals(new char[6], password);
                assertEquals("VNC", display.kind());
            }
        }
    }

    @Test
    void passwordIsOverwrittenWhenNothingCameOfIt() throws Exception {
        char[] password = "secret".toCharArray();
        DisplayAddress.Opened opened = new DisplayAddress.Opened("web1", () -> {
            throw new IOException("no");
        });
        try (GuestDisplay display = start(new DisplaySource("vnc", opened, () -> Optional.of(password)))) {
            failure();
            assertArrayEquals(new char[6], password);
            display.setActive(true);
        }
    }

    @Test
    void hearsNothingOnceClosed() throws Exception {
        try (FakeServer server = FakeServer.tcp()) {
            GuestDisplay display = start(server.address());
            server.greet(4, 3);
            assertTrue(seen.await(r -> r.resizes == 1, 30));
            display.close();
            display.close();
            assertTrue(server.isLeft());
            display.setActive(true);
            display.send(new InputEvent.PointerMove(1, 1));
            display.sizeRequests().orElseThrow().request(5, 5);
            assertFalse(seen.await(r -> !r.failures.isEmpty(), 1));
        }
    }

    @Test
    void closesTheSocketThatArrivesTooLate() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"))) {
            DisplayAddress to = server.address();
            GuestDisplay display = start(new DisplayAddress.Opened("web1", () -> {
                opening.countDown();
                try {
                    assertTrue(closed.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return connect(to);
            }));
            assertTrue(opening.await(30, TimeUnit.SECONDS));
            display.close();
            closed.countDown();
            server.accept();
            assertTrue(server.isLeft());
            assertEquals(0, seen.resizes);
        }
    }

    @Test
    void closedBeforeItStartedItNeverConnects() throws Exception {
        try (FakeServer server = FakeServer.tcp()) {
            GuestDisplay display =
                    new VncDisplayFactory(PixelBudget.unlimited()).open(new DisplaySource("vnc", server.address()));
            display.setActive(false);
            display.send(new InputEvent.PointerMove(1, 1));
            display.close();
            display.start(seen);
            assertFalse(seen.await(r -> r.resizes > 0 || !r.failures.isEmpty(), 1));
            assertThrows(IllegalStateException.class, () -> display.start(seen));
        }
    }

    @Test
    void asksForPixelsOnlyWhileSomebodyLooksOn() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited())
                        .open(new DisplaySource("vnc", server.address()))) {
            display.setActive(false);
            display.start(seen);
            server.greet(4, 3);
            server.send(new ServerBytes().raw(new Rect(0, 0, 1, 1), 7));
            assertTrue(seen.await(r -> r.damage.size() == 1, 30));
            display.send(new InputEvent.Button(PointerButton.LEFT, true));
            assertEquals("0501" + "00000000", server.read(6), "and no request before it");
            display.setActive(true);
            assertEquals(FULL, server.read(10));
            server.send(new ServerBytes().raw(new Rect(0, 0, 1, 1), 8));
            assertEquals(NEXT, server.read(10));
            display.setActive(false);
            display.send(new InputEvent.Button(PointerButton.LEFT, false));
            assertEquals("0500" + "00000000", server.read(6));
            server.send(new ServerBytes().raw(new Rect(0, 0, 1, 1), 9));
            assertTrue(seen.await(r -> r.damage.size() == 3, 30));
            display.send(new InputEvent.Button(PointerButton.LEFT, true));
            assertEquals("0501" + "00000000", server.read(6), "and no request before it");
        }
    }

    @Test
    void sizeAskedForEarlyIsNotForgotten() throws Exception {
        try (FakeServer server = FakeServer.tcp();
                GuestDisplay display = start(server.address())) {
            display.sizeRequests().orElseThrow().request(800, 600);
            server.greet(4, 3);
            assertEquals(FULL, server.read(10));
            server.send(new ServerBytes()
                    .update(1)
                    .rectangle(0, 0, 4, 3, Encodings.EXTENDED_DESKTOP_SIZE)
                    .zeros(4));
            assertEquals(NEXT, server.read(10));
            assertTrue(server.read(24).startsWith("fb00" + "03200258"));
        }
    }

    @Test
    void givesUpOnServersThatDoNotReadTheirInput() throws Exception {
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"));
                GuestDisplay display = start(server.address())) {
            server.greet(4, 3);
            InputEvent key = new InputEvent.Key(Scancode.of(0x1e), true);
            for (int i = 0; i < 100_000; i++) {
                display.send(key);
            }
            assertTrue(failure().endsWith(" does not read its input"), failure());
        }
    }

    @Test
    void givesUpOnServersThatOnlyTalk() throws Exception {
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"));
                GuestDisplay display = start(server.address())) {
            server.greet(4, 3);
            ServerBytes nothingNew = new ServerBytes();
            for (int i = 0; i < 10_000; i++) {
                nothingNew.update(0);
            }
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    server.send(nothingNew);
                }
            });
            assertTrue(failure().endsWith(" does not read its input"), failure());
            assertEquals("VNC", display.kind());
        }
    }

    /** Each of sixteen bytes has the whole screen copied, but for a column. */
    @Test
    void aServerThatKeepsUsBusyDelaysNoOther() throws Exception {
        ServerBytes copies = new ServerBytes().update(1000);
        for (int i = 0; i < 1000; i++) {
            copies.rectangle(0, 0, 3840, 2160, Encodings.COPY_RECT).u16(1, 0);
        }
        try (FakeServer busy = FakeServer.unix(directory.resolve("busy"));
                GuestDisplay display = start(busy.address())) {
            busy.greet(3841, 2160);
            Thread storm = new Thread(() -> {
                try {
                    while (true) {
                        busy.send(copies);
                    }
                } catch (IOException e) {
                    return; // the test is over
                }
            });
            storm.setDaemon(true);
            storm.start();
            assertTrue(seen.await(r -> !r.changes.isEmpty(), 30), "no storm: " + seen.failures);
            for (int i = 0; i < VncThreads.MAX_LOOPS; i++) { // one of them is on the same
                try (FakeServer other = FakeServer.unix(directory.resolve("other" + i))) {
                    Recorder sees = new Recorder();
                    try (GuestDisplay beside = new VncDisplayFactory(PixelBudget.unlimited())
                            .open(new DisplaySource("vnc", other.address()))) {
                        beside.start(sees);
                        other.greet(1, 1);
                        other.send(new ServerBytes().raw(new Rect(0, 0, 1, 1), 5));
                        assertTrue(sees.await(r -> !r.damage.isEmpty(), 30), "no picture: " + sees.failures);
                    }
                }
            }
            assertEquals(List.of(), seen.failures);
            assertEquals("VNC", display.kind());
        }
    }

    /** Waits until the displays' loops have done what they were handed so far. */
    private static void awaitWritten() {
        for (int i = 0; i < VncThreads.MAX_LOOPS; i++) {
            VncThreads.shared().get().nextLoop().submit(() -> {}).syncUninterruptibly();
        }
    }

    @Test
    void motionThatNobodyReadsIsMerged() throws Exception {
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"));
                GuestDisplay display = start(server.address())) {
            server.greet(4, 3);
            server.read(10);
            int moves = 100_000;
            for (int i = 0; i < moves; i++) {
                display.send(new InputEvent.PointerMove(i & 1, 0));
            }
            display.send(new InputEvent.Button(PointerButton.LEFT, true));
            // Only then: a server that read meanwhile could keep up with the display.
            awaitWritten();
            int events = 1;
            while (!server.read(6).startsWith("0501")) {
                events++;
            }
            assertTrue(events < moves, "all of " + moves + " were kept for the server");
            assertEquals(0, seen.failures.size());
        }
    }

    @Test
    void largeScreensAreDrawnWhole() throws Exception {
        try (FakeServer server = FakeServer.unix(directory.resolve("vnc"));
                GuestDisplay display = start(server.address())) {
            int[] pixels = new int[1920 * 1080];
            Arrays.setAll(pixels, i -> i * 2654435 & 0xffffff);
            server.greet(1920, 1080);
            server.read(10);
            for (int i = 0; i < 5; i++) {
                pixels[i]++;
                server.send(new ServerBytes().raw(new Rect(0, 0, 1920, 1080), pixels));
                server.read(10);
                int expected = i + 1;
                assertTrue(seen.await(r -> r.damage.size() == expected, 30), "no picture: " + seen.failures);
                assertArrayEquals(pixels, seen.screen());
                display.send(new InputEvent.PointerMove(i, i));
                server.read(6);
            }
        }
    }
}
