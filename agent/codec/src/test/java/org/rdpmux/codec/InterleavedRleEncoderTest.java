// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.TestImage.Kind;

/**
 * The orders that pictures become: [MS-RDPBCGR] 2.2.9.1.1.3.1.2.4. Pictures are drawn with a letter for each colour, rows
 * from the top; the bitmap's first row is the lowest.
 */
class InterleavedRleEncoderTest {

    private static final int[] COLOURS = {0x000000, 0xffffff, 0x102030, 0x405060, 0x708090};
    private static final String LETTERS = ".WabX";

    private final InterleavedRleEncoder encoder = new InterleavedRleEncoder(PixelDepth.RGB888);

    private static TestImage picture(String... rows) {
        int width = rows[0].length();
        int[] pixels = String.join("", rows)
                .chars()
                .map(letter -> COLOURS[LETTERS.indexOf(letter)])
                .toArray();
        return new TestImage(String.join("/", rows), width, rows.length, 0, width, pixels);
    }

    private void assertOrders(String expected, String... rows) {
        RoundTrip result = RoundTrip.check(encoder, picture(rows));
        assertEquals(Encoding.COMPRESSED, result.encoding());
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(result.bytes()));
    }

    private static final String A = "302010";
    private static final String B = "605040";

    @Test
    void takesBlackForBackgroundInTheFirstRow() {
        assertOrders("08", "........");
    }

    @Test
    void endsBackgroundWithTheFirstRow() {
        assertOrders("62" + A + "c2" + B + "04 08", "aabb....", "aabb....");
    }

    @Test
    void startsWithAWhiteForeground() {
        assertOrders("c8 ffffff", "WWWWWWWW");
    }

    /** Decoders in use want three bytes behind a foreground run; the run before the last one has them then. */
    @Test
    void setsTheForegroundAnewWhereTooFewBytesFollow() {
        assertOrders("24 04 c4 ffffff 04", "WWWW....WWWW....");
        assertOrders("24 84" + A + B + A + "908070", "WWWWabaX");
    }

    @Test
    void repeatsAColourOverRows() {
        assertOrders("78" + A, "aaaaaaaa", "aaaaaaaa", "aaaaaaaa");
    }

    @Test
    void setsAForegroundAndUsesItAgain() {
        // The foreground is what flips a into b, or b into a, where a bit is set. Two pixels of other colours are
        // written by themselves, black in a byte; the foreground outlives them.
        assertOrders(
                "71" + A + "d0 0c 507050 59 1a" + "81 908070" + "fe" + "42 84 2c",
                "abbabbaaaaabbaX.",
                "abaabbabaababbX.",
                "aaaaaaaaaaaaaaaa");
    }

    @Test
    void bringsPixelsOfTheirOwn() {
        assertOrders("84" + A + B + A + "908070 08", "abaX", "abaX", "abaX");
    }

    @Test
    void repeatsPairs() {
        assertOrders("e6" + A + B, "abababababab");
    }

    @Test
    void insertsAForegroundPixelBetweenTwoBackgroundRuns() {
        // Background in both rows, with one white pixel: the second run's first pixel is the foreground's.
        String ground = ".".repeat(40);
        String dot = ".".repeat(20) + "W" + ".".repeat(19);
        RoundTrip result = RoundTrip.check(encoder, picture(dot, ground));
        assertEquals("0008" + "14" + "14", HexFormat.of().formatHex(result.bytes()));
    }

    @Test
    void writesEveryLengthInItsShortestForm() {
        for (int width : new int[] {28, 32, 284, 288, 292, 65_532, 65_536}) {
            int w = Math.min(width, 8192);
            int[] pixels = new int[w * (width + w - 1) / w];
            Arrays.fill(pixels, 0x102030);
            int rows = pixels.length / w;
            RoundTrip result = RoundTrip.check(encoder, new TestImage("flat", w, rows, 0, w, pixels));
            int length = w * rows;
            int header = length <= 31 ? 1 : length <= 287 ? 2 : 3;
            assertTrue(result.length() <= header + 3 + (length > 65_535 ? 6 : 0), length + ": " + result.length());
        }
    }

    @Test
    void drawsTextInABitForEachPixel() {
        RoundTrip result = RoundTrip.check(encoder, TestImage.of(Kind.TEXT, 64, 64, 1));
        assertTrue(result.length() < 64 * 64 / 8 * 3 / 2, result.length() + " bytes");
    }

    @Test
    void costsAFlatTileNextToNothing() {
        assertTrue(RoundTrip.check(encoder, TestImage.of(Kind.FLAT, 64, 64, 1)).length() <= 6);
    }

    @Test
    void givesPlainPixelsForNoise() {
        RoundTrip result = RoundTrip.check(encoder, TestImage.of(Kind.NOISE, 64, 64, 1));
        assertEquals(Encoding.RAW, result.encoding());
        assertEquals(64 * 64 * 3, result.length());
    }

    @Test
    void refusesADepthThatHasNoSuchEncoding() {
        assertThrows(IllegalArgumentException.class, () -> new InterleavedRleEncoder(PixelDepth.XRGB8888));
    }
}
