// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.bitmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.bitmap.BitmapData.Compression;

class BitmapDataTest {

    private static byte[] update(BitmapData... bitmaps) {
        ByteBuf out = Unpooled.buffer();
        BitmapUpdate.writeHeader(out, bitmaps.length);
        for (BitmapData bitmap : bitmaps) {
            bitmap.encode(out);
            out.writeZero(bitmap.dataLength());
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void comesBackAsItWas(Compression compression) {
        BitmapData first = new BitmapData(64, 0, 126, 63, 64, 64, 16, compression, 77);
        BitmapData second = new BitmapData(0, 0, 0, 0, 4, 1, 32, compression, 0);
        byte[] bytes = update(first, second);
        BitmapUpdate decoded = BitmapUpdate.decode(Unpooled.wrappedBuffer(bytes));
        assertEquals(first, decoded.rectangles().get(0).data());
        assertEquals(second, decoded.rectangles().get(1).data());
        assertEquals(77, decoded.rectangles().get(0).pixels().length);
        Hostile.refusesTruncation(bytes, BitmapUpdate::decode);
        Hostile.survivesDamage(bytes, BitmapUpdate::decode);
    }

    @Test
    void countsCompressionHeaderInBitmapLength() {
        BitmapData data = new BitmapData(0, 0, 3, 1, 4, 2, 24, Compression.WITH_HEADER, 5);
        assertArrayEquals(
                HexFormat.of()
                        .parseHex("0000" + "0000" + "0300" + "0100" + "0400" + "0200" + "1800" + "0100" + "0d00"
                                + "0000" + "0500" + "0c00" + "1800"),
                Hostile.encode(data));
    }

    @Test
    void saysThatThereIsNoCompressionHeader() {
        BitmapData data = new BitmapData(0, 0, 3, 1, 4, 2, 32, Compression.WITHOUT_HEADER, 5);
        assertArrayEquals(
                HexFormat.of().parseHex("0000" + "0000" + "0300" + "0100" + "0400" + "0200" + "2000" + "0104" + "0500"),
                Hostile.encode(data));
    }

    @Test
    void refusesRectanglesInsideOutAndTooMany() {
        byte[] bytes = update(new BitmapData(10, 10, 20, 20, 11, 11, 32, Compression.NONE, 0));
        bytes[8] = 9; // destRight
        PduException e = assertThrows(PduException.class, () -> BitmapUpdate.decode(Unpooled.wrappedBuffer(bytes)));
        assertEquals("destRight", e.field());
        bytes[8] = 20;
        bytes[2] = 2; // numberRectangles
        assertThrows(PduException.class, () -> BitmapUpdate.decode(Unpooled.wrappedBuffer(bytes)));
    }
}
