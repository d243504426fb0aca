// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;

/** What must hold whatever bytes QEMU sends. The first byte of each input says in which pieces the others arrive. */
final class DbusTargets {

    private DbusTargets() {}

    /** The connection that QEMU was given, from where the consoles are asked for. */
    static void console(byte[] bytes) {
        played(bytes, false);
    }

    /** The connection for pixels, of a screen of 2x2. */
    static void listener(byte[] bytes) {
        played(bytes, true);
    }

    /** The same comes of it however the bytes arrive; nothing but a sentence for people is thrown. */
    private static void played(byte[] bytes, boolean pixels) {
        if (bytes.length == 0) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
        Outcome whole = new Outcome(stream, Math.max(1, stream.length), pixels);
        Outcome pieces = new Outcome(stream, 1 + (bytes[0] & 0x7f), pixels);
        assertEquals(whole.end, pieces.end);
        assertEquals(whole.pointers, pieces.pointers);
        if (whole.end.isEmpty()) {
            assertEquals(whole.changes, pieces.changes);
            assertArrayEquals(whole.screen, pieces.screen);
        }
    }

    /** What a connection came to, and what its listener heard. */
    private static final class Outcome implements GuestDisplay.Listener {
        private final List<Object> changes = new ArrayList<>();
        private final List<PointerShape> pointers = new ArrayList<>();
        private int[] screen = {};
        private String end = "";
        private Framebuffer framebuffer;

        Outcome(byte[] stream, int piece, boolean pixels) {
            try (ScriptedQemu qemu = new ScriptedQemu(this, true)) {
                if (pixels) {
                    qemu.introduce(2, 2, true);
                    qemu.send(qemu.scanout(2, 2, 8, ScriptedQemu.XRGB, new byte[16]));
                    qemu.passMoment();
                }
                try {
                    if (pixels) {
                        qemu.feed(qemu.pixels, stream, piece);
                    } else {
                        qemu.feed(qemu.main, stream, piece);
                    }
                    qemu.session.report();
                } catch (DbusException e) {
                    end = e.getMessage();
                }
                if (framebuffer != null) {
                    Rect top = new Rect(0, 0, framebuffer.width(), Math.min(16, framebuffer.height()));
                    screen = new int[top.width() * top.height()];
                    framebuffer.read(top, screen, 0, top.width());
                }
            }
            assertTrue(end.length() < 1000, end);
        }

        @Override
        public void resized(Framebuffer fresh) {
            assertTrue(fresh.width() * fresh.height() <= QemuScreen.MAX_PIXELS);
            framebuffer = fresh;
            changes.add(fresh.bounds());
        }

        @Override
        public void damaged(Rect area) {
            assertTrue(!area.isEmpty() && framebuffer.bounds().contains(area), () -> area + " is outside");
            changes.add(area);
        }

        @Override
        public void pointer(PointerShape shape) {
            pointers.add(shape);
        }

        @Override
        public void failed(String reason) {
            throw new AssertionError("the session does not say so itself: " + reason);
        }
    }
}
