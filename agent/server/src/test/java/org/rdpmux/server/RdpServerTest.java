// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.codec.PixelDepth;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelFormat;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Scancode;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.testkit.rdp.ClientOptions;
import org.rdpmux.testkit.rdp.PointerState;
import org.rdpmux.testkit.rdp.RdpClient;

/** Server and scripted clients over real sockets, in this process. */
class RdpServerTest {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static TlsIdentity identity;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final LinkedBlockingQueue<InputEvent> input = new LinkedBlockingQueue<>();
    private final PaintedDisplay.Canvas guest = new PaintedDisplay.Canvas(301, 203);
    private RdpServer server;
    private Console console;
    private Endpoint endpoint;

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

    @ParameterizedTest
    @ValueSource(ints = {32, 24, 16, 15})
    void aClientSeesTheGuestPixelForPixel(int bits) throws IOException {
        RdpClient client = connect(ClientOptions.DEFAULT.withGraphics(ClientOptions.MODERN.withBitsPerPixel(bits)));
        awaitPicture(client, bits);
        assertEquals(bits, console.viewers().get(0).bitsPerPixel());
    }

    @Test
    void anOldClientSeesTheGuestOnTheSlowPath() throws IOException {
        awaitPicture(connect(ClientOptions.DEFAULT.withGraphics(ClientOptions.OLD)), 16);
    }

    @Test
    void aClientWithoutFragmentsOrAcknowledgementsSeesTheGuest() throws IOException {
        awaitPicture(
                connect(ClientOptions.DEFAULT.withGraphics(
                        ClientOptions.MODERN.withMaxUpdateSize(0).withAcknowledgeFrames(false))),
                32);
    }

    @Test
    void aClientThatNamesAConsoleFirstSeesTheGuest() throws IOException {
        awaitPicture(connect(ClientOptions.DEFAULT.withPreconnection(new PreconnectionPdu(2, 7, "web1"))), 32);
    }

    @Test
    void changesReachTheClient() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        for (int i = 0; i < 10; i++) {
            guest.paint(new Rect(i * 10, i * 5, 30, 30), i * 0x0b0b0b);
            awaitPicture(client, 32);
        }
    }

    @Test
    void aStillScreenSendsNothing() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        awaitFlowsDry(client);
        long bytes = client.counters().bytes();
        guest.damaged(new Rect(0, 0, 301, 203));
        assertThrows(
                AssertionError.class,
                () -> client.await("bytes", c -> c.counters().bytes() != bytes, Duration.ofMillis(300)));
    }

    @ParameterizedTest
    @CsvSource({"640,480", "1024,768", "63,65", "1,1", "641,3"})
    void aModeChangeReachesTheClient(int width, int height) throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        guest.resize(width, height);
        awaitPicture(client, 32);
        guest.resize(300, 200);
        awaitPicture(client, 32);
        assertEquals(3, client.counters().activations());
    }

    @Test
    void modeChangesInAHurryEndAtTheLast() throws IOException {
        RdpClient client = connect();
        for (int i = 1; i <= 50; i++) {
            guest.resize(100 + i * 7, 50 + i);
        }
        awaitPicture(client, 32);
        assertEquals(450, console.status().width());
    }

    @Test
    void aClientThatCannotResizeSeesWhatFits() throws IOException {
        RdpClient client = connect(ClientOptions.DEFAULT.withDesktop(new ClientOptions.Desktop(301, 203, false)));
        awaitPicture(client, 32);
        for (int[] size : new int[][] {{400, 100}, {200, 300}}) {
            guest.resize(size[0], size[1]);
            ArrayFramebuffer picture = guest.framebuffer();
            client.await("the part that fits", c -> {
                int[] screen = c.screen();
                return c.width() == 301 && matches(screen, picture, Math.min(301, size[0]), Math.min(203, size[1]));
            });
        }
        assertEquals(1, client.counters().activations());
    }

    @Test
    void aStuckClientDelaysNobodyAndCatchesUp() throws IOException {
        guest.resize(1024, 768);
        RdpClient stuck = connect();
        RdpClient other = connect();
        awaitPicture(stuck, 32);
        awaitPicture(other, 32);
        stuck.pause();
        for (int i = 0; i < 20; i++) {
            noise(i);
            awaitPicture(other, 32);
        }
        await(
                "the stuck client to be called slow",
                () -> console.viewers().stream().anyMatch(viewer -> viewer.state() == ViewerStatus.State.SLOW));
        stuck.resume();
        awaitPicture(stuck, 32);
    }

    @Test
    void pointersReachTheClientAndComeFromItsCacheTheSecondTime() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        awaitFlowsDry(client);
        PointerShape.Image green = pointer(20, 0xff00ff00);
        guest.pointer(green);
        client.await("a shape", c -> isShape(c, 20));
        guest.pointer(new PointerShape.Hidden());
        client.await("no pointer", c -> c.pointer().kind() == PointerState.Kind.HIDDEN);
        guest.pointer(pointer(384, 0xff0000ff));
        client.await("a large shape", c -> isShape(c, 384));
        long bytes = client.counters().bytes();
        guest.pointer(green);
        client.await("the first shape", c -> isShape(c, 20));
        assertTrue(client.counters().bytes() - bytes < 100, "it is in the client's cache");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40, 96, 200, 384})
    void clientsWithSmallerPointersGetAPart(int side) throws IOException {
        RdpClient client = connect(ClientOptions.DEFAULT.withGraphics(ClientOptions.OLD));
        guest.pointer(pointer(side, 0xff00ff00));
        client.await("a shape", c -> isShape(c, Math.min(side, 32)));
        assertEquals(List.of(), client.violations());
    }

    @Test
    void inputReachesTheGuestInOrder() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        List<InputEvent> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int code = 1 + i % 0x35; // beyond these, one key has several codes
            client.type(code, i % 3 == 0);
            Scancode key = i % 3 == 0 ? Scancode.extended(code) : Scancode.of(code);
            expected.add(new InputEvent.Key(key, true));
            expected.add(new InputEvent.Key(key, false));
        }
        List<InputEvent> got = new ArrayList<>();
        while (got.size() < expected.size()) {
            InputEvent event = input.poll(20, TimeUnit.SECONDS);
            assertNotEquals(null, event, "after " + got.size() + " events");
            got.add(event);
        }
        assertEquals(expected, got);
    }

    @Test
    void moreInOnePduThanTheGuestTakesReachesItInOrder() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        ClientInput[] keys = new ClientInput[1200];
        Arrays.setAll(keys, i -> new ClientInput.Key(1 + i / 2 % 0x50, i % 2 == 0, false, false));
        client.slowInput(keys);
        client.input(new ClientInput.Key(0x57, true, false, false));
        for (int i = 0; i < keys.length; i++) {
            assertEquals(
                    new InputEvent.Key(Scancode.of(1 + i / 2 % 0x50), i % 2 == 0), input.poll(20, TimeUnit.SECONDS));
        }
        assertEquals(new InputEvent.Key(Scancode.of(0x57), true), input.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void slowPathInputButtonsAndWheelsReachTheGuest() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.slowInput(
                new ClientInput.Mouse(
                        ClientInput.Mouse.MOVE | ClientInput.Mouse.BUTTON1 | ClientInput.Mouse.DOWN, 7, 9),
                new ClientInput.Mouse(ClientInput.Mouse.BUTTON1, 7, 9),
                new ClientInput.Mouse(ClientInput.Mouse.WHEEL | ClientInput.Mouse.rotationBits(-120), 0, 0));
        List<InputEvent> expected = List.of(
                new InputEvent.PointerMove(7, 9),
                new InputEvent.Button(PointerButton.LEFT, true),
                new InputEvent.PointerMove(7, 9),
                new InputEvent.Button(PointerButton.LEFT, false),
                new InputEvent.Wheel(-120, 0));
        for (InputEvent event : expected) {
            assertEquals(event, input.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aClientThatLeavesLeavesNoKeyDown() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.input(new ClientInput.Key(0x1d, true, false, false));
        assertEquals(new InputEvent.Key(Scancode.LEFT_CTRL, true), input.poll(20, TimeUnit.SECONDS));
        client.close();
        assertEquals(new InputEvent.Key(Scancode.LEFT_CTRL, false), input.poll(20, TimeUnit.SECONDS));
        await("nobody to be left", () -> console.viewers().isEmpty());
    }

    @Test
    void aSilencedClientGetsNothingAndThenEverything() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.suppressOutput(Optional.empty());
        await("silence", () -> console.viewers().get(0).state() == ViewerStatus.State.SUSPENDED);
        awaitFlowsDry(client);
        long bytes = client.counters().bytes();
        noise(5);
        assertThrows(
                AssertionError.class,
                () -> client.await("bytes", c -> c.counters().bytes() != bytes, Duration.ofMillis(200)));
        client.suppressOutput(Optional.of(new InclusiveRect(0, 0, 300, 202)));
        awaitPicture(client, 32);
    }

    @Test
    void aRefreshBringsTheAreaAgain() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        awaitFlowsDry(client);
        long bitmaps = client.counters().bitmaps();
        client.refresh(new InclusiveRect(0, 0, 64, 10), new InclusiveRect(5, 5, 1, 1));
        client.await("two tiles", c -> c.counters().bitmaps() == bitmaps + 2);
    }

    @Test
    void aClientThatAsksToLeaveIsAnswered() throws IOException {
        RdpClient client = connect();
        client.requestShutdown();
        client.await("an answer", c -> c.shutdownsDenied() == 1);
    }

    @ParameterizedTest
    @EnumSource(value = DisconnectReason.class, mode = EnumSource.Mode.EXCLUDE, names = "SERVER_STOPPED")
    void aClientIsToldWhyItIsSentAway(DisconnectReason reason) throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        console.disconnect(console.viewers().get(0).id(), reason);
        client.awaitEnd();
        assertEquals(Optional.of(reason.errorInfo()), client.errorInfo());
        assertTrue(client.ultimatum().isPresent());
        assertEquals(List.of(), client.violations());
    }

    @Test
    void aClientThatGoesOnSendingReadsTheFarewell() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.pause();
        console.disconnect(console.viewers().get(0).id(), DisconnectReason.ADMINISTRATOR);
        for (int i = 0; i < 300; i++) {
            client.type(0x1e, false);
        }
        client.resume();
        client.awaitEnd();
        assertEquals(Optional.of(DisconnectReason.ADMINISTRATOR.errorInfo()), client.errorInfo());
        assertTrue(client.ultimatum().isPresent());
        assertEquals(List.of(), client.violations());
    }

    @Test
    void aClosedConsoleFreesItsAddress() throws IOException {
        RdpClient client = connect();
        InetSocketAddress address = endpoint.address();
        console.close(DisconnectReason.CONSOLE_CLOSED);
        client.awaitEnd();
        endpoint.close();
        Console next = server.openConsole("web2", () -> new PaintedDisplay(guest, input::add));
        try (Endpoint same = server.listen(next, address, EndpointPolicy.open())) {
            assertEquals(address, same.address());
        }
        assertThrows(IllegalStateException.class, () -> server.listen(console, ANY, EndpointPolicy.open()));
    }

    @Test
    void aClosedEndpointLetsItsClientsStay() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        endpoint.close();
        assertThrows(IOException.class, this::connect);
        noise(3);
        awaitPicture(client, 32);
    }

    private ListenException refusal(InetSocketAddress address) {
        EndpointPolicy anywhere = new EndpointPolicy(Authentication.NONE, CredentialStore.all(List.of()), "", true);
        return assertThrows(ListenException.class, () -> server.listen(console, address, anywhere));
    }

    @Test
    void tellsAPortInUseFromAnAddressThatTheHostDoesNotHave() {
        ListenException taken = refusal(endpoint.address());
        assertEquals(ListenException.Reason.PORT_IN_USE, taken.reason());
        assertEquals(
                "cannot listen on 127.0.0.1:" + endpoint.address().getPort()
                        + ": the port is in use (EADDRINUSE); 'ss -ltnp' shows who listens there",
                taken.getMessage());
        ListenException missing = refusal(new InetSocketAddress("192.0.2.77", 3901));
        assertEquals(ListenException.Reason.NO_SUCH_ADDRESS, missing.reason());
        assertEquals(
                "cannot listen on 192.0.2.77: that is not an address of this host at present (EADDRNOTAVAIL)",
                missing.getMessage());
    }

    @Test
    void consolesWithoutAuthenticationAreForThisMachineAlone() {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
        assertThrows(IllegalArgumentException.class, () -> server.listen(console, everywhere, EndpointPolicy.open()));
    }

    @Test
    void aStoppedServerEndsConnectionsAsAFailingNetworkDoes() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        server.close();
        client.awaitEnd();
        assertEquals(Optional.empty(), client.errorInfo());
        assertEquals(Optional.empty(), client.ultimatum());
        assertThrows(IllegalStateException.class, () -> server.openConsole("x", () -> null));
    }

    @Test
    void statusTellsWhatIsThere() throws IOException {
        RdpClient client = connect();
        awaitPicture(client, 32);
        console.rename("web9");
        ConsoleStatus status = console.status();
        assertEquals("web9", status.name());
        assertEquals("painted", status.displayKind());
        assertEquals(301, status.width());
        assertEquals(203, status.height());
        assertEquals(ConsoleStatus.DisplayState.RUNNING, status.state());
        assertEquals(1, status.viewers());
        assertTrue(status.counters().tilesEncoded() >= 20, status.toString());
        ViewerStatus viewer = console.viewers().get(0);
        assertEquals("tester", viewer.user());
        assertEquals(32, viewer.bitsPerPixel());
        assertTrue(viewer.bytesSent() > 0, viewer.toString());
        assertFalse(viewer.clientName().isEmpty());
        client.close();
        await("the display to be closed", () -> console.status().state() == ConsoleStatus.DisplayState.IDLE);
    }

    private RdpClient connect() throws IOException {
        return connect(ClientOptions.DEFAULT);
    }

    private RdpClient connect(ClientOptions options) throws IOException {
        RdpClient client = RdpClient.connect(endpoint.address(), options);
        opened.add(client);
        return client.awaitActive();
    }

    /** Waits until the client shows what the guest shows, and checks that the server kept to the protocol. */
    private void awaitPicture(RdpClient client, int bits) {
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

    private static boolean matches(int[] screen, ArrayFramebuffer picture, int width, int height) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (screen[y * 301 + x] != picture.pixels()[y * picture.width() + x]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The pixel after the client widened what was left of it. */
    private static int reduced(int pixel, int bits) {
        return switch (bits) {
            case 15 -> PixelFormat.RGB555.toRgb(PixelDepth.RGB555.reduce(pixel));
            case 16 -> PixelFormat.RGB565.toRgb(PixelDepth.RGB565.reduce(pixel));
            default -> pixel & 0xffffff;
        };
    }

    private void awaitFlowsDry(RdpClient client) {
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

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for " + what);
            Thread.yield();
        }
    }

    private void noise(int seed) {
        synchronized (guest) {
            Random random = new Random(seed);
            int[] pixels = guest.framebuffer().pixels();
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.nextInt() & 0xffffff;
            }
            guest.damaged(guest.framebuffer().bounds());
        }
    }

    private static PointerShape.Image pointer(int side, int colour) {
        int[] pixels = new int[side * side];
        Arrays.fill(pixels, 0, side * side / 2, colour);
        return new PointerShape.Image(side, side, side / 2, 0, pixels, new boolean[0]);
    }

    private static boolean isShape(RdpClient client, int side) {
        PointerState pointer = client.pointer();
        return pointer.kind() == PointerState.Kind.SHAPE
                && pointer.shape().orElseThrow().pixels().width() == side
                && pointer.shape().orElseThrow().pixels().height() == side;
    }
}
