// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.rdpmux.codec.TestImage.Kind;

/** The bytes of ClearCodec bitmaps: [MS-RDPEGFX] 2.2.4.1. Pictures are drawn with a letter for each colour. */
class ClearCodecEncoderTest {

    private static final int[] COLOURS = {0x000000, 0xffffff, 0x102030, 0x405060};
    private static final String LETTERS = ".Wab";

    private final ClearCodecEncoder encoder = new ClearCodecEncoder();

    private String encode(String... rows) {
        int[] pixels = String.join("", rows)
                .chars()
                .map(letter -> COLOURS[LETTERS.indexOf(letter)])
                .toArray();
        int width = rows[0].length();
        return hex(SurfaceEncoderTest.encode(encoder, new TestImage("", width, rows.length, 0, width, pixels)));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String layers(String residual, String subcodec) {
        return ("0000" + length(residual) + "00000000" + length(subcodec) + residual + subcodec).replace(" ", "");
    }

    private static String length(String hex) {
        return HexFormat.of().toHexDigits((byte) (hex.replace(" ", "").length() / 2)) + "000000";
    }

    @Test
    void writesLongRunsAsAResidual() {
        assertEquals(layers("000000 04 ffffff 06", ""), encode("....W", "WWWWW"));
    }

    @Test
    void writesAPlainTileInTheBytesOfOneRun() {
        assertEquals(layers("332211 ff 0010", ""), hex(SurfaceEncoderTest.encode(encoder, flat(64, 64))));
        assertEquals(layers("332211 ff ffff 00000100", ""), hex(SurfaceEncoderTest.encode(encoder, flat(256, 256))));
    }

    private static TestImage flat(int width, int height) {
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, 0x112233);
        return new TestImage("flat", width, height, 0, width, pixels);
    }

    @Test
    void writesFewColoursAsRunsAndSuitesOfAPalette() {
        String[] rows = new String[12];
        Arrays.fill(rows, "...Wa");
        // Three colours take indices of two bits: each row is a run of two and a suite of 0 to 2.
        String row = "0a 02";
        String data = "03 000000 ffffff 302010" + row.repeat(12);
        assertEquals(layers("", "0000 0000 0500 0c00" + length(data) + "02" + data), encode(rows));
    }

    @Test
    void writesPlainPixelsWhereNothingElseIsShorter() {
        int[] pixels = new int[16];
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i * 0x010203;
            plain.append(String.format("%02x%02x%02x", i * 3, i * 2, i));
        }
        String subcodec = "0000 0000 1000 0100 30000000 00" + plain;
        assertEquals(
                layers("", subcodec), hex(SurfaceEncoderTest.encode(encoder, new TestImage("", 16, 1, 0, 16, pixels))));
    }

    @Test
    void halvesWhatHasTooManyColoursForOnePalette() {
        // The left half has 65 colours, the right one too, with black in both: together two too many.
        int[] pixels = new int[64 * 64];
        for (int i = 0; i < pixels.length; i++) {
            int colour = (i & 63) < 32 ? 1 + (i >>> 6) : 0x100000 + (i >>> 6);
            pixels[i] = (i & 1) == 0 ? 0 : colour;
        }
        byte[] bytes = SurfaceEncoderTest.encode(encoder, new TestImage("halves", 64, 64, 0, 64, pixels));
        assertEquals(2, bytes[14 + 12], "RLEX");
        assertEquals(32, bytes[14 + 4], "the width of the left half");
        assertTrue(bytes.length < 64 * 64 * 2.2, bytes.length + " bytes");
    }

    @Test
    void namesTheSmallestPaletteWithTwoEntries() {
        int[] pixels = new int[64 * 64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i & 63) < 32 ? 0x123456 : i * 0x3579;
        }
        byte[] bytes = SurfaceEncoderTest.encode(encoder, new TestImage("half flat", 64, 64, 0, 64, pixels));
        assertEquals(
                "0000000020004000" + "0b000000" + "02" + "02563412563412" + "00ffff07",
                hex(bytes).substring(28, 76));
    }

    @Test
    void neverTakesMoreThanPlainPixels() {
        TestImage noise = TestImage.of(Kind.NOISE, 64, 64, 1);
        assertEquals(encoder.maxBytes(64, 64), SurfaceEncoderTest.encode(encoder, noise).length);
    }
}
