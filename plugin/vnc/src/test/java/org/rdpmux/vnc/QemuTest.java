// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.display.testing.Pause;
import org.rdpmux.display.testing.Qemu;
import org.rdpmux.display.testing.Recorder;

/** The display of a real QEMU, compared with what QEMU's monitor and the guest say. */
@Timeout(120)
class QemuTest {

    @TempDir
    Path directory;

    private final Recorder seen = new Recorder();

    @BeforeEach
    void needsQemu() {
        assumeTrue(Qemu.isInstalled(), Qemu.PROGRAM + " is not installed");
    }

    private GuestDisplay open(Optional<String> password) {
        GuestDisplay display =
                new VncDisplayFactory(PixelBudget.unlimited(), Duration.ofSeconds(30)).open(source(password));
        display.start(seen);
        return display;
    }

    private DisplaySource source(Optional<String> password) {
        return new DisplaySource(
                "vnc", new DisplayAddress.Unix(directory.resolve("vnc")), () -> password.map(String::toCharArray));
    }

    private static void type(GuestDisplay display, int... scancodes) {
        for (int code : scancodes) {
            display.send(new InputEvent.Key(Scancode.of(code), true));
            display.send(new InputEvent.Key(Scancode.of(code), false));
        }
    }

    /**
     * Waits until both agree, as the one may be a refresh ahead of the other, and until there is something to see: the guest
     * draws only after the mode change that clears the screen.
     */
    private void assertShowsWhatQemuShows(Qemu qemu) throws IOException {
        Qemu.Screendump dump = qemu.screendump();
        for (int i = 0; i < 1000; i++) {
            if (!isEmpty(dump) && isOnScreen(dump)) {
                return;
            }
            Pause.briefly();
            dump = qemu.screendump();
        }
        assertFalse(isEmpty(dump), "the guest draws nothing");
        assertEquals(dump.width(), seen.framebuffer().width());
        assertEquals(dump.height(), seen.framebuffer().height());
        assertArrayEquals(dump.pixels(), seen.screen());
    }

    private static boolean isEmpty(Qemu.Screendump dump) {
        return Arrays.stream(dump.pixels()).allMatch(pixel -> pixel == dump.pixels()[0]);
    }

    private boolean isOnScreen(Qemu.Screendump dump) {
        return seen.framebuffer() != null
                && seen.framebuffer().width() == dump.width()
                && seen.framebuffer().height() == dump.height()
                && Arrays.equals(seen.screen(), dump.pixels());
    }

    @Test
    void showsScreenBeforeAndAfterModeChange() throws Exception {
        try (Qemu qemu = new Qemu(directory, "-vnc", "unix:DIR/vnc");
                GuestDisplay display = open(Optional.empty())) {
            qemu.serial(1);
            assertShowsWhatQemuShows(qemu);
            type(display, 0x32);
            assertTrue(seen.await(r -> r.framebuffer().width() == 1368, 30), "no mode change: " + seen.failures);
            assertEquals(769, seen.framebuffer().height());
            assertShowsWhatQemuShows(qemu);
            assertFalse(keepsSending(), "a still screen sends pixels");
        }
    }

    /** Whether there never are two seconds without damage; the first may still bring what was just drawn. */
    private boolean keepsSending() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            int shown = seen.damageCount();
            if (!seen.await(r -> r.damage.size() > shown, 2)) {
                return false;
            }
        }
        return true;
    }

    /** The same over what servers far away are asked for. */
    @Test
    void showsScreenCompressed() throws Exception {
        try (Qemu qemu = new Qemu(directory, "-vnc", "unix:DIR/vnc", "-usb", "-device", "usb-tablet")) {
            qemu.serial(1);
            ByteBuf in = Unpooled.directBuffer();
            ByteBuf out = Unpooled.buffer();
            try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("vnc")));
                    RfbClient client = new RfbClient(seen, null, Wire.REMOTE, true)) {
                followUntilItShows(qemu, dump -> true, socket, client, in, out);
                type(client, out, Scancode.of(0x32));
                out.readBytes(socket, out.readableBytes());
                followUntilItShows(qemu, dump -> dump.width() == 1368, socket, client, in, out);
            } finally {
                in.release();
                out.release();
            }
        }
    }

    /**
     * Reads what the server sends until both agree on a picture that fits and is not empty. What makes them differ is still to
     * come: a blinking cursor, or the rest of what the guest draws.
     */
    private void followUntilItShows(
            Qemu qemu, Predicate<Qemu.Screendump> fits, SocketChannel socket, RfbClient client, ByteBuf in, ByteBuf out)
            throws IOException {
        Qemu.Screendump dump = qemu.screendump();
        while (!fits.test(dump) || isEmpty(dump) || !isOnScreen(dump)) { // the test's time is limited
            assertTrue(in.writeBytes(socket, 100_000) >= 0, "the server closed the connection");
            client.receive(in, out, System.nanoTime());
            in.discardReadBytes();
            out.readBytes(socket, out.readableBytes());
            dump = qemu.screendump();
        }
    }

    private static void type(RfbClient client, ByteBuf out, Scancode key) {
        client.send(new InputEvent.Key(key, true), false, out);
        client.send(new InputEvent.Key(key, false), false, out);
    }

    @Test
    void keysArriveInOrder() throws Exception {
        try (Qemu qemu = new Qemu(directory, "-vnc", "unix:DIR/vnc");
                GuestDisplay display = open(Optional.empty())) {
            qemu.serial(1);
            assertTrue(seen.await(r -> !r.damage.isEmpty(), 30), "no picture: " + seen.failures);
            display.send(new InputEvent.Key(Scancode.LEFT_SHIFT, true));
            type(display, 0x1e);
            display.send(new InputEvent.Key(Scancode.LEFT_SHIFT, false));
            type(display, 0x1f, 0x02);
            display.send(new InputEvent.Key(Scancode.extended(0x48), true));
            display.send(new InputEvent.Key(Scancode.extended(0x48), false));
            display.send(new InputEvent.Unicode('?', true));
            display.send(new InputEvent.Unicode('?', false));
            assertEquals(15_000_000, display.keyboard().keyGapNanos());
            byte[] expected = {
                'R', 'K', 'A', 0x1e, 'K', 's', 0x1f, 'K', '1', 0x02, 'K', (byte) 0xe0, 0x48, 'K', '?', 0x35
            };
            assertArrayEquals(expected, qemu.serial(expected.length));
            type(display, 0x3a);
            LockKeys caps = new LockKeys(false, false, true);
            assertTrue(seen.await(r -> r.locks.contains(caps), 30), "LEDs told: " + seen.locks);
        }
    }

    @Test
    void pointerAndButtonsAndWheelArrive() throws Exception {
        try (Qemu qemu = new Qemu(directory, "-vnc", "unix:DIR/vnc")) {
            qemu.serial(1);
            // Whoever connects from here on is told before the picture that the guest takes positions.
            try (GuestDisplay display = open(Optional.empty())) {
                assertShowsWhatQemuShows(qemu);
                int right = seen.framebuffer().width() - 1;
                display.send(new InputEvent.PointerMove(right, 0));
                display.send(new InputEvent.Button(PointerButton.LEFT, true));
                display.send(new InputEvent.Wheel(InputEvent.Wheel.NOTCH, 0));
                byte[] told = qemu.serial(1 + 3 * 9);
                int last = 1 + 2 * 9;
                assertEquals('M', told[last]);
                assertEquals(0x20, told[last + 1] & 0x38, "left button");
                int x = told[last + 3] & 0xff | (told[last + 4] & 0xff) << 8;
                assertTrue(x > 0xff00, "x " + x);
                assertEquals(0, told[last + 5] | told[last + 6], "y");
                assertEquals(-1, told[last + 7], "wheel");
            }
        }
    }

    @Test
    void saysWhenAnotherClientTakesTheDisplayForItself() throws Exception {
        try (Qemu qemu = new Qemu(directory, "-vnc", "unix:DIR/vnc");
                GuestDisplay display = open(Optional.empty())) {
            qemu.serial(1);
            assertTrue(seen.await(r -> !r.damage.isEmpty(), 30), "no picture: " + seen.failures);
            try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("vnc")))) {
                ByteBuf in = Unpooled.buffer();
                ByteBuf out = Unpooled.buffer();
                try (RfbClient exclusive = new RfbClient(new Recorder(), null, Wire.REMOTE, true)) {
                    while (!exclusive.isReady()) {
                        in.writeBytes(other, 1000);
                        exclusive.receive(in, out, System.nanoTime());
                        if (out.writerIndex() > 13) {
                            out.setByte(13, 0); // shared-flag
                        }
                        out.readBytes(other, out.readableBytes());
                    }
                }
                assertTrue(seen.await(r -> !r.failures.isEmpty(), 30), "nothing was said");
                String taken =
                        "; VNC servers do so when they end, and when another client takes the display for itself";
                assertTrue(seen.failures.get(0).endsWith(taken), seen.failures.get(0));
                Recorder again = new Recorder();
                try (GuestDisplay second =
                        new VncDisplayFactory(PixelBudget.unlimited()).open(source(Optional.empty()))) {
                    second.start(again);
                    assertTrue(again.await(r -> !r.failures.isEmpty(), 30), "nothing was said");
                }
                String kept = "; VNC servers do so while another client has the display for itself";
                assertTrue(again.failures.get(0).endsWith(kept), again.failures.get(0));
                assertEquals("VNC", display.kind());
            }
        }
    }

    @Test
    void passwordOpensAndWrongOneDoesNot() throws Exception {
        try (Qemu qemu = new Qemu(directory, "-vnc", "unix:DIR/vnc,password=on")) {
            qemu.qmp("{\"execute\":\"set_password\",\"arguments\":{\"protocol\":\"vnc\",\"password\":\"opensesame\"}}");
            try (GuestDisplay display = open(Optional.of("opensesame"))) {
                assertEquals("VNC", display.kind());
                assertTrue(seen.await(r -> !r.damage.isEmpty(), 30), "no picture: " + seen.failures);
            }
            Recorder refused = new Recorder();
            DisplaySource source = new DisplaySource(
                    "vnc",
                    new DisplayAddress.Unix(directory.resolve("vnc")),
                    () -> Optional.of("opensesam".substring(1).toCharArray()));
            try (GuestDisplay display = new VncDisplayFactory(PixelBudget.unlimited()).open(source)) {
                display.start(refused);
                assertTrue(refused.await(r -> !r.failures.isEmpty(), 30));
            }
            assertTrue(refused.failures.get(0).contains("refused the password"), refused.failures.get(0));
        }
    }
}
