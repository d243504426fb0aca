// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.PointerShape;
import org.rdpmux.pdu.pointer.ColorPointer;
import org.rdpmux.pdu.pointer.LargePointer;
import org.rdpmux.pdu.pointer.NewPointer;
import org.rdpmux.pdu.pointer.PointerShapeUpdate;
import org.rdpmux.pdu.pointer.PointerUpdate;
import org.rdpmux.server.connection.ClientProfile;

class PointerEncoderTest {

    private static final ClientProfile.Pointer MODERN = new ClientProfile.Pointer(25, 25, true, true);
    private static final ClientProfile.Pointer SMALL = new ClientProfile.Pointer(20, 20, false, false);
    private static final int FRAGMENTS = 1 << 20;

    /** rdesktop goes by the AND mask and shows a black square if that is empty: it is made of the alpha. */
    @Test
    void theScreenShowsThroughWhereTheShapeIsTransparent() {
        PointerShape.Image shape = new PointerShape.Image(2, 2, 1, 0, new int[] {0xff112233, 0, 0, 0xff445566}, none());
        PointerUpdate update = encoder(SMALL, FRAGMENTS).encode(shape);
        assertEquals(
                "2000" + "0000" + "0100" + "0000" + "0200" + "0200" + "0400" + "1000"
                        + "00000000" + "665544ff" // from the bottom
                        + "332211ff" + "00000000"
                        + "8000" + "4000"
                        + "00",
                bytes(assertInstanceOf(NewPointer.class, update)));
    }

    /** Text cursors invert what is below: white where both masks are set. Clients that find alpha do not invert. */
    @Test
    void invertedPixelsComeWithoutAlpha() {
        PointerShape.Image shape =
                new PointerShape.Image(2, 1, 0, 0, new int[] {0, 0xff0000ff}, new boolean[] {true, false});
        NewPointer update =
                assertInstanceOf(NewPointer.class, encoder(SMALL, FRAGMENTS).encode(shape));
        assertEquals(24, update.xorBpp());
        assertArrayEquals(new byte[] {-1, -1, -1, -1, 0, 0}, update.pixels().xorMask());
        assertArrayEquals(new byte[] {(byte) 0x80, 0}, update.pixels().andMask());
    }

    /** A pointerCacheSize of 0, or none at all, as clients before RDP 5 have it: colour pointers only. */
    @Test
    void oldClientsGetColourPointers() {
        ClientProfile.Pointer old = new ClientProfile.Pointer(20, 0, false, false);
        PointerShape.Image shape = new PointerShape.Image(1, 1, 0, 0, new int[] {0xff112233}, none());
        PointerUpdate update = encoder(old, 0).encode(shape);
        assertEquals(
                "0000" + "00000000" + "0100" + "0100" + "0200" + "0400" + "33221100" + "0000" + "00",
                bytes(assertInstanceOf(ColorPointer.class, update)));
    }

    @Test
    void clientsWithoutACacheKeepTheirArrow() {
        ClientProfile.Pointer none = new ClientProfile.Pointer(0, 0, false, false);
        assertEquals(new PointerUpdate.Default(), encoder(none, 0).encode(square(16, 1)));
    }

    /** Shapes beyond 32 pixels only for clients that say so, by two flags of which neither implies the other. */
    @ParameterizedTest
    @CsvSource({
        "32, false, false, 1048576, NewPointer, 32",
        "33, false, false, 1048576, NewPointer, 32",
        "96, true, false, 1048576, NewPointer, 96",
        "97, true, false, 1048576, NewPointer, 96",
        "97, true, true, 1048576, LargePointer, 97",
        "33, false, true, 1048576, LargePointer, 33",
        "384, true, true, 1048576, LargePointer, 384",
        "96, true, false, 0, NewPointer, 32", // more than one PDU, and the client takes no fragments
        "384, true, true, 38400, NewPointer, 96",
    })
    void largeShapesAreForClientsThatTakeThem(
            int side, boolean large96, boolean large384, int maxUpdate, String expected, int expectedSide) {
        PointerEncoder encoder = encoder(new ClientProfile.Pointer(25, 25, large96, large384), maxUpdate);
        PointerShapeUpdate update = (PointerShapeUpdate) encoder.encode(square(side, 1));
        assertEquals(expected, update.getClass().getSimpleName());
        assertEquals(expectedSide, update.pixels().width());
        assertEquals(expectedSide, update.pixels().height());
    }

    @Test
    void slowPathClientsGetNoLargePointers() {
        ClientProfile.Graphics graphics = graphics(false, 0);
        PointerUpdate update = new PointerEncoder(MODERN, graphics).encode(square(384, 1));
        assertEquals(32, assertInstanceOf(NewPointer.class, update).pixels().width());
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "25"})
    void placesInTheCacheAreThoseTheClientHas(int size) {
        PointerEncoder encoder = encoder(new ClientProfile.Pointer(20, size, true, true), FRAGMENTS);
        Set<Integer> used = new HashSet<>();
        for (int i = 1; i <= 100; i++) {
            PointerShapeUpdate update = (PointerShapeUpdate) encoder.encode(square(8, i));
            used.add(update.pixels().cacheIndex());
            assertEquals(
                    new PointerUpdate.Cached(update.pixels().cacheIndex()), encoder.encode(square(8, i)), "sent once");
        }
        used.forEach(index -> assertEquals(true, index >= 0 && index < size, "place " + index));
    }

    @Test
    void theShapeUsedLongestAgoMakesRoom() {
        PointerEncoder encoder = encoder(new ClientProfile.Pointer(20, 2, true, true), FRAGMENTS);
        encoder.encode(square(8, 1));
        encoder.encode(square(8, 2));
        assertEquals(new PointerUpdate.Cached(0), encoder.encode(square(8, 1)));
        assertEquals(1, ((NewPointer) encoder.encode(square(8, 3))).pixels().cacheIndex());
        assertEquals(new PointerUpdate.Cached(0), encoder.encode(square(8, 1)));
        assertInstanceOf(NewPointer.class, encoder.encode(square(8, 2)));
    }

    @Test
    void aLargePointerSaysItsLengthsInFourBytes() {
        LargePointer update =
                assertInstanceOf(LargePointer.class, encoder(MODERN, FRAGMENTS).encode(square(128, 1)));
        assertEquals(
                "2000" + "0000" + "0000" + "0000" + "8000" + "8000" + "00080000" + "00000100",
                bytes(update).substring(0, 40));
    }

    private static boolean[] none() {
        return new boolean[0];
    }

    private static PointerShape.Image square(int side, int colour) {
        int[] pixels = new int[side * side];
        Arrays.fill(pixels, 0xff000000 | colour);
        return new PointerShape.Image(side, side, 0, 0, pixels, none());
    }

    private static PointerEncoder encoder(ClientProfile.Pointer pointer, int maxUpdate) {
        return new PointerEncoder(pointer, graphics(true, maxUpdate));
    }

    private static ClientProfile.Graphics graphics(boolean fastPath, int maxUpdate) {
        return new ClientProfile.Graphics(
                32,
                fastPath,
                true,
                true,
                true,
                false,
                false,
                maxUpdate,
                new ClientProfile.Frames(false, false, 0),
                Optional.empty());
    }

    private static String bytes(PointerUpdate update) {
        var out = Unpooled.buffer();
        update.encode(out);
        assertEquals(update.size(), out.readableBytes());
        return ByteBufUtil.hexDump(out);
    }
}
