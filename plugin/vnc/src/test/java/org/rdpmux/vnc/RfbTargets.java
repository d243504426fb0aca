// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.display.testing.Recorder;

/** What must hold whatever bytes a VNC server sends. The first byte of each input says in which pieces the others arrive. */
final class RfbTargets {

    static final int WIDTH = 70;
    static final int HEIGHT = 66;

    private static final RfbClient.Setup CLIPBOARD =
            new RfbClient.Setup(true, Optional.empty(), PixelBudget.unlimited(), 1000);

    private RfbTargets() {}

    /** A connection from its first byte on, with a password, or without one if the first byte is negative. */
    static void handshake(byte[] bytes) {
        played(new byte[0], bytes, bytes.length > 0 && bytes[0] < 0 ? null : "secret");
    }

    /** What comes after the handshake. */
    static void session(byte[] bytes) {
        played(ServerBytes.greeting(WIDTH, HEIGHT, "QEMU").array(), bytes, null);
    }

    /** What a server with the extended clipboard says of it, once it was asked for its text. */
    static void clipboard(byte[] bytes) {
        ServerBytes before =
                ServerBytes.greeting(WIDTH, HEIGHT, "test").cutText(-8).u32(0x1b000001, 0);
        played(before.array(), new byte[0], bytes, null);
    }

    /** What a server with sound says once somebody listens. */
    static void sound(byte[] bytes) {
        ServerBytes before =
                ServerBytes.greeting(WIDTH, HEIGHT, "test").update(1).rectangle(0, 0, 0, 0, Encodings.QEMU_AUDIO);
        played(before.array(), new byte[0], bytes, null);
    }

    /** The tiles of a ZRLE rectangle, before they are compressed. */
    static void tiles(byte[] bytes) {
        if (bytes.length > 0) {
            ServerBytes update = new ServerBytes().bytes(bytes[0]);
            update.update(1).rectangle(0, 0, WIDTH, HEIGHT, Encodings.ZRLE);
            try (ZrleEncoder encoder = new ZrleEncoder()) {
                update.bytes(encoder.compress(Arrays.copyOfRange(bytes, 1, bytes.length)));
            }
            session(update.array());
        }
    }

    /** The same comes of it however the bytes arrive; nothing but a sentence for people is thrown. */
    private static void played(byte[] start, byte[] bytes, String password) {
        played(new byte[0], start, bytes, password);
    }

    /** @param before what arrives first, and as a whole; then the clipboard is asked for, and somebody listens */
    private static void played(byte[] before, byte[] start, byte[] bytes, String password) {
        if (bytes.length == 0) {
            return;
        }
        byte[] stream = Arrays.copyOf(start, start.length + bytes.length - 1);
        System.arraycopy(bytes, 1, stream, start.length, bytes.length - 1);
        Outcome whole = new Outcome(before, stream, Math.max(1, stream.length), password);
        Outcome pieces = new Outcome(before, stream, 1 + (bytes[0] & 0x7f), password);
        assertEquals(whole.broken, pieces.broken);
        assertEquals(whole.pointers, pieces.pointers);
        assertEquals(whole.locks, pieces.locks);
        assertEquals(whole.clipboard, pieces.clipboard);
        assertEquals(whole.heard.toString(), pieces.heard.toString());
        assertEquals(whole.sent, pieces.sent);
        assertEquals(whole.framebuffer == null, pieces.framebuffer == null);
        if (whole.framebuffer != null) {
            assertEquals(whole.framebuffer.bounds(), pieces.framebuffer.bounds());
        }
        if (!whole.broken) { // of two faults in what arrives at once, the first is not always the one that is found
            assertEquals(whole.end, pieces.end);
            assertEquals(whole.changes, pieces.changes);
            assertArrayEquals(whole.pixels(), pieces.pixels());
        }
    }

    /** What a connection came to, and what its listener heard. */
    private static final class Outcome implements GuestDisplay.Listener {
        private final List<Object> changes = new ArrayList<>();
        private final List<PointerShape> pointers = new ArrayList<>();
        private final List<LockKeys> locks = new ArrayList<>();
        private final List<ClipboardEvent> clipboard = new ArrayList<>();
        private final List<SoundBlock> heard = new ArrayList<>();
        private final String sent;
        private final boolean broken;
        private Framebuffer framebuffer;
        private String end;

        Outcome(byte[] before, byte[] stream, int piece, String password) {
            ByteBuf in = Unpooled.buffer();
            ByteBuf out = Unpooled.buffer();
            boolean refused = false;
            char[] secret = password == null ? null : password.toCharArray();
            try (RfbClient client = new RfbClient(this, secret, CLIPBOARD, true)) {
                try {
                    if (before.length > 0) {
                        in.writeBytes(before);
                        feed(client, in, out);
                        client.clipboard(new ClipboardEvent.Request(), out);
                        client.listen(true, out);
                    }
                    for (int at = 0; at < stream.length; at += piece) {
                        in.writeBytes(stream, at, Math.min(piece, stream.length - at));
                        feed(client, in, out);
                    }
                } catch (RfbException e) {
                    refused = true;
                    end = e.getMessage();
                }
                if (!refused) {
                    try {
                        client.end(in);
                    } catch (RfbException e) {
                        end = e.getMessage();
                    }
                }
            }
            assertTrue(end.length() < 400, end);
            broken = refused;
            sent = ByteBufUtil.hexDump(out);
        }

        private static void feed(RfbClient client, ByteBuf in, ByteBuf out) {
            client.receive(in, out, 0);
            while (client.isPaused()) {
                client.receive(in, out, 0);
            }
            in.discardReadBytes();
        }

        private int[] pixels() {
            if (framebuffer == null) {
                return new int[0];
            }
            int[] pixels = new int[framebuffer.width() * framebuffer.height()];
            framebuffer.read(framebuffer.bounds(), pixels, 0, framebuffer.width());
            return pixels;
        }

        @Override
        public void resized(Framebuffer fresh) {
            assertTrue(fresh.width() * fresh.height() <= Surface.MAX_PIXELS);
            framebuffer = fresh;
            changes.clear();
        }

        @Override
        public void damaged(Rect area) {
            assertFalse(area.isEmpty());
            assertTrue(framebuffer.bounds().contains(area), () -> area + " is outside");
            changes.add(area);
        }

        @Override
        public void moved(Rect to, int dx, int dy) {
            assertTrue(dx != 0 || dy != 0);
            Rect from = new Rect(to.x() - dx, to.y() - dy, to.width(), to.height());
            assertTrue(framebuffer.bounds().contains(from), () -> from + " is outside");
            assertFalse(to.isEmpty());
            assertTrue(framebuffer.bounds().contains(to), () -> to + " is outside");
            changes.add(new Recorder.Move(to, dx, dy));
        }

        @Override
        public void pointer(PointerShape shape) {
            pointers.add(shape);
        }

        @Override
        public void locks(LockKeys told) {
            locks.add(told);
        }

        @Override
        public void clipboard(ClipboardEvent event) {
            if (event instanceof ClipboardEvent.Text text) {
                assertTrue(text.text().length() <= CLIPBOARD.maxClipboard());
            }
            clipboard.add(event);
        }

        @Override
        public void sound(SoundBlock block) {
            heard.add(block);
        }

        @Override
        public void failed(String reason) {
            throw new AssertionError("the client does not say so itself: " + reason);
        }
    }
}
