// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
import org.rdpmux.proxmox.QmpDisplay;

/** The D-Bus display of a real QEMU, compared with what QEMU's monitor and the guest say. */
@Timeout(120)
class QemuTest {

    /** A monitor of the display's own: each serves one client. */
    private static final String MONITOR = "-qmp unix:DIR/opener,server=on,wait=off";

    @TempDir
    Path directory;

    private final Recorder seen = new Recorder();

    @BeforeEach
    void needsQemu() {
        assumeTrue(Qemu.isInstalled(), Qemu.PROGRAM + " is not installed");
    }

    private Qemu start(String options) throws IOException {
        return new Qemu(directory, ("-display dbus,p2p=on " + MONITOR + options).split(" "));
    }

    private GuestDisplay open() {
        GuestDisplay display = new QemuDisplayFactory(PixelBudget.unlimited(), Duration.ofSeconds(30)).open(source());
        display.start(seen);
        return display;
    }

    private DisplaySource source() {
        return new DisplaySource(
                "qemu-dbus",
                new DisplayAddress.Opened(
                        "of the test", () -> QmpDisplay.open(directory.resolve("opener"), QmpDisplay.Protocol.DBUS)));
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
        assertEquals(dump.width(), seen.framebuffer().width(), () -> seen.failures.toString());
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
        try (Qemu qemu = start("");
                GuestDisplay display = open()) {
            qemu.serial(1);
            assertShowsWhatQemuShows(qemu);
            type(display, 0x32);
            assertTrue(seen.await(r -> r.framebuffer().width() == 1368, 30), "no mode change: " + seen.failures);
            assertEquals(769, seen.framebuffer().height());
            assertShowsWhatQemuShows(qemu);
            assertEquals("D-Bus", display.kind());
        }
    }

    /**
     * QEMU does not look at the graphics card of a guest that nobody looks at. Where QEMU is slower than a moment, the size is
     * that of before, so that no particular one is asked for here.
     */
    @Test
    void learnsASizeWhileNobodyLooksOnAndShowsAllAfterwards() throws Exception {
        try (Qemu qemu = start("")) {
            qemu.serial(1);
            try (GuestDisplay display = open()) {
                display.setActive(false);
                assertTrue(seen.await(r -> r.framebuffer() != null, 30), "no size: " + seen.failures);
                type(display, 0x32);
                display.setActive(true);
                assertTrue(seen.await(r -> r.framebuffer().width() == 1368, 30), "no mode change: " + seen.failures);
                assertShowsWhatQemuShows(qemu);
            }
        }
    }

    @Test
    void keysArriveInOrderAndLightsAreTold() throws Exception {
        try (Qemu qemu = start("");
                GuestDisplay display = open()) {
            qemu.serial(1);
            assertTrue(seen.await(r -> r.framebuffer() != null, 30), "no picture: " + seen.failures);
            display.send(new InputEvent.Key(Scancode.LEFT_SHIFT, true));
            type(display, 0x1e);
            display.send(new InputEvent.Key(Scancode.LEFT_SHIFT, false));
            byte[] capital = qemu.serial(4);
            assertArrayEquals(new byte[] {'R', 'K', 'A', 0x1e}, capital);
            display.send(new InputEvent.Key(Scancode.extended(0x48), true));
            display.send(new InputEvent.Key(Scancode.extended(0x48), false));
            assertArrayEquals(new byte[] {'R', 'K', 'A', 0x1e, 'K', (byte) 0xe0, 0x48}, qemu.serial(7));
            type(display, 0x3a);
            LockKeys caps = new LockKeys(false, false, true);
            assertTrue(seen.await(r -> r.locks.contains(caps), 30), "lights told: " + seen.locks);
        }
    }

    @Test
    void pointerAndButtonsAndWheelArrive() throws Exception {
        try (Qemu qemu = start("");
                GuestDisplay display = open()) {
            qemu.serial(1);
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

    @Test
    void saysWhenQemuIsKilled() throws Exception {
        try (Qemu qemu = start("");
                GuestDisplay display = open()) {
            assertTrue(seen.await(r -> r.framebuffer() != null, 30), "no picture: " + seen.failures);
            qemu.signal("KILL");
            assertTrue(seen.await(r -> !r.failures.isEmpty(), 30), "nothing was said");
            assertEquals("D-Bus", display.kind());
            assertTrue(seen.failures.get(0).contains(" was lost: "), seen.failures.get(0));
        }
    }
}
