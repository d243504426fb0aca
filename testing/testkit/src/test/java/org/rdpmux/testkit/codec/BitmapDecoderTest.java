// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitmapDecoderTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static int[] grey(int... values) {
        return Arrays.stream(values).map(v -> v * 0x010101).toArray();
    }

    @Test
    void decodesTheSpecificationsSegments() {
        // [MS-RDPEGDI] 3.1.9.2
        String plane = "13 41 34 424243 10 44";
        int[] decoded = BitmapDecoder.decode(hex("30" + plane.repeat(3)), 32, true, 12, 1);
        assertArrayEquals(grey("AAAABBCCCCCD".chars().toArray()), decoded);
    }

    @Test
    void decodesTheSpecificationsDifferences() {
        // [MS-RDPEGDI] 3.1.9.2: raw 10 20 30 40 50 60; raw -5 and a run of five; a run of six.
        String plane = "60 0a141e28323c" + "15 09" + "06";
        int[] decoded = BitmapDecoder.decode(hex("30" + plane.repeat(3)), 32, true, 6, 3);
        assertArrayEquals(
                grey(5, 15, 25, 35, 45, 55, 5, 15, 25, 35, 45, 55, 10, 20, 30, 40, 50, 60),
                decoded,
                "the first scan line is the lowest row");
    }

    @Test
    void decodesPlainPlanesWithTheirPadding() {
        int[] decoded = BitmapDecoder.decode(hex("20 1112 2122 3132 00"), 32, true, 2, 1);
        assertArrayEquals(new int[] {0x112131, 0x122232}, decoded);
    }

    @Test
    void skipsTheAlphaPlane() {
        String plane = "04";
        assertArrayEquals(new int[4], BitmapDecoder.decode(hex("10 13ff" + plane.repeat(3)), 32, true, 4, 1));
    }

    @Test
    void turnsLumaAndChromaIntoColours() {
        // Luma 100 throughout; orange chroma 0, 10, 0, -10; green chroma 0, 0, 20, -128: each halved once.
        int[] decoded = BitmapDecoder.decode(hex("21 64646464 000a00f6 00001480 00"), 32, true, 4, 1);
        assertArrayEquals(new int[] {0x646464, 0x6e645a, 0x507850, 0xda00ee}, decoded);
        decoded = BitmapDecoder.decode(hex("22 64646464 00050000 00000a00 00"), 32, true, 4, 1);
        assertArrayEquals(new int[] {0x646464, 0x6e645a, 0x507850, 0x646464}, decoded, "one bit more is lost");
    }

    @ParameterizedTest
    @CsvSource({
        // Four pixels a row, 24 bits; the orders' names as in [MS-RDPBCGR] 2.2.9.1.1.3.1.2.4.
        "04, 000000 000000 000000 000000, REGULAR_BG_RUN: black in the first row",
        "24, ffffff ffffff ffffff ffffff, REGULAR_FG_RUN: white at first",
        "64 010203, 030201 030201 030201 030201, REGULAR_COLOR_RUN",
        "84 010203 040506 070809 0a0b0c, 030201 060504 090807 0c0b0a, REGULAR_COLOR_IMAGE",
        "c4 010203, 030201 030201 030201 030201, LITE_SET_FG_FG_RUN",
        "e2 010203 040506, 030201 060504 030201 060504, LITE_DITHERED_RUN counts pairs",
        "40 03 05, ffffff 000000 ffffff 000000, REGULAR_FGBG_IMAGE of a length of its own",
        "d0 03 010203 0a, 000000 030201 000000 030201, LITE_SET_FG_FGBG_IMAGE",
        "fd fe fd fe, ffffff 000000 ffffff 000000, WHITE and BLACK",
        "f0 0400, 000000 000000 000000 000000, MEGA_MEGA_BG_RUN",
        "f1 0400, ffffff ffffff ffffff ffffff, MEGA_MEGA_FG_RUN",
        "f2 0400 05, ffffff 000000 ffffff 000000, MEGA_MEGA_FGBG_IMAGE",
        "f3 0400 010203, 030201 030201 030201 030201, MEGA_MEGA_COLOR_RUN",
        "f4 0400 010203 040506 070809 0a0b0c, 030201 060504 090807 0c0b0a, MEGA_MEGA_COLOR_IMAGE",
        "f6 0400 010203, 030201 030201 030201 030201, MEGA_MEGA_SET_FG_RUN",
        "f7 0400 010203 0a, 000000 030201 000000 030201, MEGA_MEGA_SET_FGBG_IMAGE",
        "f8 0200 010203 040506, 030201 060504 030201 060504, MEGA_MEGA_DITHERED_RUN",
        "01 03, 000000 ffffff 000000 000000, a background run after another begins with the foreground",
        "22 02, ffffff ffffff 000000 000000, but not after any other order",
    })
    void decodesEachOrder(String orders, String pixels, String name) {
        int[] expected = Arrays.stream(pixels.split(" "))
                .mapToInt(pixel -> Integer.parseInt(pixel, 16))
                .toArray();
        assertArrayEquals(expected, BitmapDecoder.decode(hex(orders), 24, true, 4, 1), name);
    }

    @Test
    void decodesOrdersOfEightPixels() {
        int white = 0xffffff;
        int[] first = {white, white, 0, 0, 0, 0, 0, 0};
        int[] second = {white, 0, white, 0, 0, 0, 0, 0};
        assertArrayEquals(first, BitmapDecoder.decode(hex("f9"), 24, true, 8, 1), "SPECIAL_FGBG_1");
        assertArrayEquals(second, BitmapDecoder.decode(hex("fa"), 24, true, 8, 1), "SPECIAL_FGBG_2");
    }

    @Test
    void refersToTheRowBefore() {
        int[] decoded = BitmapDecoder.decode(hex("64 010203" + "02" + "c2 0000ff"), 24, true, 4, 2);
        assertArrayEquals(
                new int[] {0x030201, 0x030201, 0xfc0201, 0xfc0201, 0x030201, 0x030201, 0x030201, 0x030201}, decoded);
    }

    @Test
    void insertsNoForegroundAtTheSecondRow() {
        assertArrayEquals(new int[8], BitmapDecoder.decode(hex("04 04"), 24, true, 4, 2));
    }

    @ParameterizedTest
    @CsvSource({"15, 007c e003 1f00 ff7f", "16, 00f8 e007 1f00 ffff"})
    void widensNarrowPixels(int bits, String stored) {
        int[] decoded = BitmapDecoder.decode(hex("84" + stored), bits, true, 4, 1);
        assertArrayEquals(new int[] {0xff0000, 0x00ff00, 0x0000ff, 0xffffff}, decoded);
    }

    @ParameterizedTest
    @CsvSource({"16, 1dc2, 18bd10", "16, ffff, ffffff", "16, 0100, 002100", "16, 07c0, 00ff00", "15, 3def, 7b7b7b"})
    void widensAsFreeRdpDoes(int bits, String stored, String shown) {
        // Seen of its interleaved_decompress.
        assertEquals(
                Integer.parseInt(shown, 16), BitmapDecoder.widenAsFreeRdp(Integer.parseInt(stored, 16), bits), stored);
    }

    @Test
    void skipsThePaddingOfPlainRows() {
        int[] decoded = BitmapDecoder.decode(hex("010203 00 040506 00"), 24, false, 1, 2);
        assertArrayEquals(new int[] {0x060504, 0x030201}, decoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "3000",
                "30 05 05 05",
                "30 04 04",
                "30 04 04 04 00",
                "39 04 04 04",
                "38 04 04 04",
                "70 04 04 04",
                "20 01020304 01020304 01020304",
                "20 01020304 01020304 01020304 0000",
                "30 50 0102030405",
                "10 04 04 04",
            })
    void refusesPlanarBitmapsThatAreNot(String bytes) {
        assertThrows(BitmapFormatException.class, () -> BitmapDecoder.decode(hex(bytes), 32, true, 4, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "03",
                "05",
                "04 01",
                "60",
                "00",
                "f0 00",
                "f0 0000",
                "f3 ffff 010203",
                "f5 0400",
                "fb",
                "fc",
                "ff",
                "84 010203",
                "e2 010203",
                "c4 0102",
                "e0 ff 010203 040506",
            })
    void refusesOrdersThatAreNot(String bytes) {
        assertThrows(BitmapFormatException.class, () -> BitmapDecoder.decode(hex(bytes), 24, true, 4, 1));
    }

    @Test
    void refusesOrdersThatClientsReadDifferently() {
        assertThrows(BitmapFormatException.class, () -> BitmapDecoder.decode(hex("08"), 24, true, 4, 2));
    }

    @Test
    void refusesPlainBitmapsOfAnotherLength() {
        assertThrows(BitmapFormatException.class, () -> BitmapDecoder.decode(new byte[15], 32, false, 4, 1));
        assertThrows(BitmapFormatException.class, () -> BitmapDecoder.decode(new byte[17], 32, false, 4, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 24, 32})
    void survivesNoise(int bits) {
        Random random = new Random(bits);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(60)];
            random.nextBytes(noise);
            if (bits == 32) {
                noise[0] = (byte) (random.nextInt(4) << 4);
            }
            try {
                assertEquals(32, BitmapDecoder.decode(noise, bits, true, 8, 4).length);
            } catch (BitmapFormatException expected) {
                refused++;
            }
        }
        assertTrue(refused > 10_000);
    }

    @Test
    void refusesSizesAndDepthsThatDoNotExist() {
        byte[] some = new byte[4];
        assertThrows(IllegalArgumentException.class, () -> BitmapDecoder.decode(some, 32, true, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> BitmapDecoder.decode(some, 32, true, 65_536, 65_536));
        assertThrows(IllegalArgumentException.class, () -> BitmapDecoder.decode(some, 8, true, 4, 1));
        assertThrows(IllegalArgumentException.class, () -> BitmapDecoder.decode(some, 8, false, 4, 1));
    }
}
