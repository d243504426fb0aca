// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.bitmap.BitmapData;
import org.rdpmux.pdu.bitmap.BitmapData.Compression;
import org.rdpmux.pdu.bitmap.BitmapUpdate;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragment;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragmentation;
import org.rdpmux.pdu.fastpath.FastPathUpdate;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.pointer.NewPointer;
import org.rdpmux.pdu.pointer.PointerPixels;
import org.rdpmux.pdu.pointer.PointerUpdate;
import org.rdpmux.pdu.surface.FrameMarker;

class OutputReaderTest {

    private final List<String> violations = new ArrayList<>();

    private OutputReader reader(ClientOptions.Graphics graphics) {
        OutputReader reader = new OutputReader(graphics, violations);
        reader.screen().resize(8, 4);
        return reader;
    }

    private static byte[] bytes(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        return Arrays.copyOf(out.array(), out.readableBytes());
    }

    /** An update with one uncompressed bitmap of one colour. */
    private static byte[] bitmap(int left, int top, int width, int height, int bits, int stored) {
        ByteBuf out = Unpooled.buffer();
        BitmapUpdate.writeHeader(out, 1);
        int row = (width * bits / 8 + 3) & ~3;
        new BitmapData(
                        left,
                        top,
                        left + width - 1,
                        top + height - 1,
                        width,
                        height,
                        bits,
                        Compression.NONE,
                        row * height)
                .encode(out);
        for (int i = 0; i < row * height; i++) {
            out.writeByte(stored >>> 8 * (i % (bits / 8)));
        }
        return Arrays.copyOf(out.array(), out.readableBytes());
    }

    private static FastPathUpdate single(int code, byte[] data) {
        return new FastPathUpdate(code, Fragmentation.SINGLE, 0, data);
    }

    @Test
    void drawsBitmapsWhereTheyBelong() {
        OutputReader reader = reader(ClientOptions.MODERN);
        reader.read(single(UpdateCode.BITMAP, bitmap(2, 1, 4, 2, 32, 0x123456)));
        int[] screen = reader.screen().copy();
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 8; x++) {
                boolean inside = x >= 2 && x < 6 && y >= 1 && y < 3;
                assertEquals(inside ? 0x123456 : RdpClient.UNDRAWN, screen[y * 8 + x], x + "," + y);
            }
        }
        assertEquals(List.of(), violations);
        assertEquals(1, reader.counters(0, 0, 0, 0).bitmaps());
    }

    @Test
    void putsFragmentsTogether() {
        OutputReader reader = reader(ClientOptions.MODERN);
        byte[] update = bitmap(0, 0, 8, 4, 32, 0xabcdef);
        for (Fragment fragment : FastPathHeaders.fragments(update.length, 50)) {
            assertEquals(RdpClient.UNDRAWN, reader.screen().copy()[31]);
            byte[] part = Arrays.copyOfRange(update, fragment.offset(), fragment.offset() + fragment.length());
            reader.read(new FastPathUpdate(UpdateCode.BITMAP, fragment.fragmentation(), 0, part));
        }
        assertEquals(0xabcdef, reader.screen().copy()[31]);
        assertEquals(List.of(), violations);
    }

    @Test
    void notesFragmentsBeyondWhatTheClientTakes() {
        OutputReader reader = reader(ClientOptions.MODERN.withMaxUpdateSize(0));
        reader.read(new FastPathUpdate(UpdateCode.BITMAP, Fragmentation.FIRST, 0, new byte[10]));
        assertEquals(1, violations.size());
    }

    @Test
    void notesWrongDepthAndWrongPlace() {
        OutputReader reader = reader(ClientOptions.MODERN.withBitsPerPixel(16));
        reader.read(single(UpdateCode.BITMAP, bitmap(0, 0, 4, 1, 32, 0)));
        reader.read(single(UpdateCode.BITMAP, bitmap(6, 0, 4, 1, 16, 0)));
        assertEquals(2, violations.size(), violations::toString);
        assertTrue(violations.get(0).contains("32 bits per pixel"));
        assertTrue(violations.get(1).contains("beyond the desktop"));
    }

    @Test
    void answersEndsOfFrames() {
        OutputReader reader = reader(ClientOptions.MODERN);
        byte[] begin = bytes(new FrameMarker(FrameMarker.BEGIN, 7));
        byte[] end = bytes(new FrameMarker(FrameMarker.END, 7));
        assertEquals(OptionalInt.empty(), reader.read(single(UpdateCode.SURFACE_COMMANDS, begin)));
        assertEquals(OptionalInt.of(7), reader.read(single(UpdateCode.SURFACE_COMMANDS, end)));
        assertEquals(List.of(), violations);
        reader(ClientOptions.MODERN.withAcknowledgeFrames(false)).read(single(UpdateCode.SURFACE_COMMANDS, end));
        assertEquals(1, violations.size());
    }

    @Test
    void followsPointers() {
        OutputReader reader = reader(ClientOptions.MODERN);
        NewPointer shape = new NewPointer(32, new PointerPixels(3, 0, 0, 2, 2, new byte[16], new byte[4]));
        reader.readPointer(shape);
        reader.readPointer(new PointerUpdate.Hidden());
        assertEquals(PointerState.Kind.HIDDEN, reader.pointer().kind());
        reader.readPointer(new PointerUpdate.Cached(3));
        assertEquals(shape, reader.pointer().shape().orElseThrow());
        reader.readPointer(new PointerUpdate.Position(5, 6));
        assertEquals(
                new PointerUpdate.Position(5, 6), reader.pointer().position().orElseThrow());
        assertEquals(List.of(), violations);
        reader.readPointer(new PointerUpdate.Cached(4));
        assertEquals(List.of("cached pointer 4 was never sent"), violations);
    }

    @Test
    void notesPointersTheClientCannotShow() {
        OutputReader reader = reader(ClientOptions.MODERN.withPointers(0, 0));
        reader.readPointer(new NewPointer(32, new PointerPixels(20, 0, 0, 40, 1, new byte[3], new byte[6])));
        assertEquals(4, violations.size(), violations::toString); // index, kind, size, mask
    }
}
