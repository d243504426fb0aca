// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.PointerShape;

class PointerBitmapTest {

    private static final boolean[] NONE = {};

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void writesRowsFromTheBottomWithAlpha() {
        int[] pixels = {0xff102030, 0x80405060, 0x7f708090, 0x00ffffff, 0x01000000, 0xff000000};
        PointerBitmap p = PointerBitmap.alpha(new PointerShape.Image(3, 2, 2, 1, pixels, NONE), PointerBitmap.SMALL);
        assertEquals(32, p.bitsPerPixel());
        assertArrayEquals(
                hex("00000000 00000001 000000ff" + "302010ff 60504080 9080707f"),
                p.xorMask(),
                "blue, green, red, alpha");
        assertArrayEquals(hex("c000 2000"), p.andMask(), "set where alpha is below half");
        assertEquals(2, p.hotX());
        assertEquals(1, p.hotY());
    }

    @Test
    void padsRowsOf24BitsToTwoBytes() {
        int[] pixels = {0xff102030, 0x80405060, 0x7f708090, 0x00ffffff, 0x01000000, 0xffaabbcc};
        PointerBitmap p = PointerBitmap.colour(new PointerShape.Image(3, 2, 0, 0, pixels, NONE), PointerBitmap.SMALL);
        assertEquals(24, p.bitsPerPixel());
        assertArrayEquals(hex("000000 000000 ccbbaa 00" + "302010 605040 000000 00"), p.xorMask());
        assertArrayEquals(hex("c000 2000"), p.andMask());
    }

    @Test
    void keepsInvertedPixelsBothWays() {
        int[] pixels = {0xff000000, 0, 0};
        boolean[] inverted = {false, true, false};
        PointerShape.Image shape = new PointerShape.Image(3, 1, 0, 0, pixels, inverted);
        for (PointerBitmap p : new PointerBitmap[] {PointerBitmap.colour(shape, 32), PointerBitmap.alpha(shape, 32)}) {
            assertEquals(24, p.bitsPerPixel());
            assertArrayEquals(hex("000000 ffffff 000000 00"), p.xorMask());
            assertArrayEquals(hex("6000"), p.andMask());
        }
    }

    @Test
    void takesAlphaIfNoPixelIsInverted() {
        PointerShape.Image shape = new PointerShape.Image(1, 1, 0, 0, new int[] {0x40ffffff}, new boolean[1]);
        assertEquals(32, PointerBitmap.alpha(shape, 32).bitsPerPixel());
    }

    @Test
    void isAllAndMaskWhenNothingIsVisible() {
        PointerShape.Image shape = new PointerShape.Image(17, 1, 0, 0, new int[17], NONE);
        PointerBitmap p = PointerBitmap.alpha(shape, 32);
        assertArrayEquals(new byte[68], p.xorMask());
        assertArrayEquals(hex("ffff8000"), p.andMask());
    }

    @Test
    void cutsLargeShapesAroundTheHotSpot() {
        assertCut(64, 0, 0, 0, "an arrow keeps its point");
        assertCut(64, 63, 0, 32, "a shape that points with its last pixel keeps its end");
        assertCut(64, 40, 0, 9, "no more is lost before the hot spot than must be");
        assertCut(64, 40, 20, 20, "transparent columns go first");
        assertCut(64, 10, 20, 10, "but never the hot spot");
        assertCut(64, 50, 50, 32, "and no room is wasted");
        assertCut(33, 16, 1, 1, "one column too many");
        assertCut(32, 16, 9, 0, "what fits stays whole");
    }

    /** Checks both axes: a shape of {@code size} whose first visible pixel is at {@code visible}. */
    private static void assertCut(int size, int hot, int visible, int expectedFirst, String why) {
        int[] pixels = new int[size * size];
        for (int y = visible; y < size; y++) {
            for (int x = visible; x < size; x++) {
                pixels[y * size + x] = 0xff000000 | y << 8 | x;
            }
        }
        PointerBitmap p = PointerBitmap.alpha(new PointerShape.Image(size, size, hot, hot, pixels, NONE), 32);
        assertEquals(32, p.width());
        assertEquals(32, p.height());
        assertEquals(hot - expectedFirst, p.hotX(), why);
        assertEquals(hot - expectedFirst, p.hotY(), why);
        int last = expectedFirst + 31;
        byte[] topRow = Arrays.copyOfRange(p.xorMask(), 31 * 128, 32 * 128);
        assertEquals(expectedFirst >= visible ? expectedFirst : 0, topRow[0], why);
        assertEquals(last, p.xorMask()[31 * 4], why);
        assertEquals(last, p.xorMask()[31 * 4 + 1], why);
    }

    @Test
    void holdsTheLargestShapeWhole() {
        int[] pixels = new Random(1).ints(384 * 384).toArray();
        PointerBitmap p =
                PointerBitmap.alpha(new PointerShape.Image(384, 384, 383, 383, pixels, NONE), PointerBitmap.LARGE);
        assertEquals(384 * 384 * 4, p.xorMask().length);
        assertEquals(384 * 384 / 8, p.andMask().length);
        assertEquals(383, p.hotX());
    }

    @Test
    void comparesMasksByContent() {
        int[] pixels = new Random(1).ints(64).toArray();
        PointerShape.Image shape = new PointerShape.Image(8, 8, 0, 0, pixels, NONE);
        assertEquals(PointerBitmap.alpha(shape, 32), PointerBitmap.alpha(shape, 96));
        assertEquals(
                PointerBitmap.alpha(shape, 32).hashCode(),
                PointerBitmap.alpha(shape, 96).hashCode());
    }

    @Test
    void refusesLimitsAndMasksThatDoNotFit() {
        PointerShape.Image shape = new PointerShape.Image(1, 1, 0, 0, new int[1], NONE);
        assertThrows(IllegalArgumentException.class, () -> PointerBitmap.alpha(shape, 0));
        assertThrows(IllegalArgumentException.class, () -> PointerBitmap.alpha(shape, 385));
        byte[] and = new byte[2];
        assertThrows(IllegalArgumentException.class, () -> new PointerBitmap(1, 1, 0, 0, 32, new byte[5], and));
        assertThrows(IllegalArgumentException.class, () -> new PointerBitmap(1, 1, 1, 0, 32, new byte[4], and));
        assertThrows(IllegalArgumentException.class, () -> new PointerBitmap(1, 1, 0, 0, 16, new byte[2], and));
    }
}
