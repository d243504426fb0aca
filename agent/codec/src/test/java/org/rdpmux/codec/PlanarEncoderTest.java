// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.PlanarEncoder.Planes;
import org.rdpmux.codec.TestImage.Kind;

/** The bytes of the planar encoding; where examples of the specification say what they are, these. */
class PlanarEncoderTest {

    private final PlanarEncoder encoder = new PlanarEncoder(Planes.COLOURS);

    /** A picture whose planes are equal: one value for all three colours. Rows from the top. */
    private static TestImage grey(int width, int... values) {
        int[] pixels = Arrays.stream(values).map(v -> v * 0x010101).toArray();
        return new TestImage("grey", width, values.length / width, 0, width, pixels);
    }

    private static void assertPlanes(String plane, RoundTrip result) {
        assertEquals(Encoding.COMPRESSED, result.encoding());
        String expected = "30" + plane.repeat(3);
        assertEquals(
                expected.replace(" ", ""), HexFormat.of().formatHex(result.bytes()), "no alpha, run-length encoded");
    }

    @Test
    void splitsTheSpecificationsScanLineIntoItsSegments() {
        // [MS-RDPEGDI] 3.1.9.2: AAAABBCCCCCD is A and three more, BBC and four more, D.
        int[] line = "AAAABBCCCCCD".chars().toArray();
        assertPlanes("13 41 34 424243 10 44", RoundTrip.check(encoder, grey(12, line)));
    }

    @Test
    void writesTheSpecificationsDifferences() {
        // [MS-RDPEGDI] 3.1.9.2: 10 20 30 40 50 60, five less each below, the same below that. Rows go from the bottom;
        // the two columns that make the width a multiple of four repeat the last.
        TestImage image = grey(6, 5, 15, 25, 35, 45, 55, 5, 15, 25, 35, 45, 55, 10, 20, 30, 40, 50, 60);
        assertPlanes("80 0a141e28323c3c3c" + "17 09" + "08", RoundTrip.check(encoder, image));
    }

    @Test
    void movesTheSignOfADifferenceToTheLowestBit() {
        TestImage image = grey(8, 0, 1, 127, 128, 129, 254, 255, 3, 0, 0, 0, 0, 0, 0, 0, 7);
        // The row below is the first: zeros need no raw byte. Above it +1 is 2, -1 is 1, and -128 and 128 are one.
        assertPlanes("07 10 07" + "80 0002fefffd030107", RoundTrip.check(encoder, image));
    }

    @Test
    void beginsRowsAfterAnImaginedZero() {
        assertPlanes("04", RoundTrip.check(encoder, grey(4, 0, 0, 0, 0)));
        assertPlanes("13 01", RoundTrip.check(encoder, grey(4, 1, 1, 1, 1)));
    }

    @Test
    void leavesNoRunTooShortForASegment() {
        for (int width = 1; width <= 400; width++) {
            int[] values = new int[width];
            RoundTrip.check(encoder, grey(width, values));
            Arrays.fill(values, 9);
            RoundTrip.check(encoder, grey(width, values));
        }
    }

    @Test
    void writesLongRunsInOneByte() {
        assertPlanes("c1", RoundTrip.check(encoder, grey(28, new int[28])));
        assertPlanes("02", RoundTrip.check(encoder, grey(32, new int[32])));
        assertPlanes("c2", RoundTrip.check(encoder, grey(44, new int[44])));
        assertPlanes("d2 03", RoundTrip.check(encoder, grey(48, new int[48])));
    }

    @Test
    void givesEveryColourItsPlane() {
        int[] pixels = {0x102030, 0x112131, 0x122232, 0x132333, 0x102030, 0x112131, 0x122232, 0x132333};
        RoundTrip result = RoundTrip.check(encoder, new TestImage("colours", 4, 2, 0, 4, pixels));
        assertEquals(
                "30 40 10111213 04 40 20212223 04 40 30313233 04".replace(" ", ""),
                HexFormat.of().formatHex(result.bytes()));
    }

    @Test
    void writesAnOpaqueAlphaPlaneWhereAsked() {
        RoundTrip result = RoundTrip.check(new PlanarEncoder(Planes.ALPHA_AND_COLOURS), grey(20, new int[40]));
        String alpha = "1f ff 04" + "41";
        String colour = "41" + "41";
        assertEquals(
                ("10" + alpha + colour.repeat(3)).replace(" ", ""),
                HexFormat.of().formatHex(result.bytes()));
    }

    @Test
    void writesWhatHasNoColourAsLumaWithEmptyChroma() {
        PlanarEncoder lumaEncoder = new PlanarEncoder(Planes.COLOURS_OR_LUMA);
        RoundTrip result = RoundTrip.check(lumaEncoder, grey(4, 1, 2, 3, 4, 5, 5, 5, 5));
        // Color loss level 1: luma, orange chroma, green chroma.
        assertEquals(
                "31 13 05 40 07050301 0404 0404".replace(" ", ""),
                HexFormat.of().formatHex(result.bytes()));
    }

    @Test
    void oneColouredPixelIsEnoughToNeedColours() {
        PlanarEncoder lumaEncoder = new PlanarEncoder(Planes.COLOURS_OR_LUMA);
        for (int coloured : new int[] {0x101011, 0x101110, 0x111010}) {
            int[] pixels = new int[64];
            Arrays.fill(pixels, 0x101010);
            pixels[0] = coloured; // the last one that is looked at: its row is the top one
            RoundTrip result = RoundTrip.check(lumaEncoder, new TestImage("spot", 8, 8, 0, 8, pixels));
            assertEquals(0x30, result.bytes()[0]);
        }
    }

    @Test
    void greyTextTakesAThirdOfItsColours() {
        int[] pixels = Arrays.stream(TestImage.of(Kind.TEXT, 64, 64, 1).pixels())
                .map(pixel -> (pixel & 0xff) * 0x010101)
                .toArray();
        TestImage text = new TestImage("grey text", 64, 64, 0, 64, pixels);
        int colours = RoundTrip.check(encoder, text).length();
        int luma =
                RoundTrip.check(new PlanarEncoder(Planes.COLOURS_OR_LUMA), text).length();
        int emptyPlane = 2 * 64;
        assertEquals(1 + (colours - 1) / 3 + 2 * emptyPlane, luma);
    }

    @Test
    void writesPlainPlanesWhenRunsDoNotPay() {
        TestImage noise = TestImage.of(Kind.NOISE, 8, 8, 1);
        RoundTrip result = RoundTrip.check(encoder, noise);
        assertEquals(Encoding.COMPRESSED, result.encoding());
        assertEquals(0x20, result.bytes()[0], "no alpha, plain planes");
        assertEquals(1 + 3 * 64 + 1, result.length(), "header, planes, padding");
        int bottomLeft = noise.pixels()[7 * 8];
        assertEquals((byte) (bottomLeft >> 16), result.bytes()[1]);
        assertEquals((byte) (bottomLeft >> 8), result.bytes()[1 + 64]);
        assertEquals((byte) bottomLeft, result.bytes()[1 + 128]);
    }

    @Test
    void writesPlainPixelsWhenFourPlanesDoNotPay() {
        // Alpha costs little: only the smallest of noisy pictures are larger than their pixels.
        TestImage noise = TestImage.of(Kind.NOISE, 4, 1, 1);
        PlanarEncoder withAlpha = new PlanarEncoder(Planes.ALPHA_AND_COLOURS);
        RoundTrip result = RoundTrip.check(withAlpha, noise);
        assertEquals(Encoding.RAW, result.encoding());
        RoundTrip raw = RoundTrip.check(new RawEncoder(PixelDepth.XRGB8888), noise);
        assertArrayEquals(raw.bytes(), result.bytes());
    }

    @Test
    void costsAFlatTileNextToNothing() {
        assertTrue(RoundTrip.check(encoder, TestImage.of(Kind.FLAT, 64, 64, 1)).length() < 400);
    }
}
