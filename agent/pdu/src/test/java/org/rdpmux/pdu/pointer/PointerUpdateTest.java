// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.SlowPathPointer;

class PointerUpdateTest {

    private static PointerPixels pixels(int width, int height, int bitsPerPixel) {
        return new PointerPixels(
                3,
                1,
                2,
                width,
                height,
                new byte[PointerPixels.maskSize(width, height, bitsPerPixel)],
                new byte[PointerPixels.maskSize(width, height, 1)]);
    }

    static List<PointerUpdate> all() {
        return List.of(
                new PointerUpdate.Hidden(),
                new PointerUpdate.Default(),
                new PointerUpdate.Position(1023, 767),
                new PointerUpdate.Cached(7),
                new ColorPointer(pixels(5, 3, 24)),
                new NewPointer(32, pixels(5, 3, 32)),
                new LargePointer(32, pixels(100, 2, 32)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void comesBackInFastPath(PointerUpdate update) {
        PointerUpdate decoded = Hostile.check(update, in -> PointerUpdate.decode(update.updateCode(), in));
        assertEquals(update.getClass(), decoded.getClass());
    }

    @ParameterizedTest
    @MethodSource("all")
    void comesBackInSlowPath(PointerUpdate update) {
        if (update instanceof LargePointer) {
            assertThrows(IllegalArgumentException.class, () -> new SlowPathPointer(update));
            return;
        }
        SlowPathPointer decoded = (SlowPathPointer)
                Hostile.check(new SlowPathPointer(update), in -> DataBody.decode(DataBody.POINTER, in));
        assertEquals(update.getClass(), decoded.update().getClass());
    }

    @Test
    void writesColorPointerInTheOrderOfTheSpecification() {
        PointerPixels pixels = new PointerPixels(1, 2, 3, 1, 1, new byte[] {4, 5, 6, 0}, new byte[] {(byte) 0x80, 0});
        assertArrayEquals(
                HexFormat.of()
                        .parseHex("0100" + "0200" + "0300" + "0100" + "0100" + "0200" + "0400" + "04050600" + "8000"
                                + "00"),
                Hostile.encode(new ColorPointer(pixels)));
    }

    @Test
    void padsRowsToTwoBytes() {
        assertEquals(2, PointerPixels.rowSize(1, 1));
        assertEquals(2, PointerPixels.rowSize(16, 1));
        assertEquals(4, PointerPixels.rowSize(17, 1));
        assertEquals(96, PointerPixels.rowSize(32, 24));
        assertEquals(4, PointerPixels.rowSize(1, 24));
    }

    @Test
    void boundsMaskLengthsBeforeAllocating() {
        byte[] bytes = Hostile.encode(new LargePointer(32, pixels(4, 4, 32)));
        bytes[18] = (byte) 0xff; // lengthXorMask
        PduException e = assertThrows(PduException.class, () -> LargePointer.decode(Unpooled.wrappedBuffer(bytes)));
        assertEquals("lengthXorMask", e.field());
    }
}
