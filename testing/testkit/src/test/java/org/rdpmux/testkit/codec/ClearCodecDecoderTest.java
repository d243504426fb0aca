// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClearCodecDecoderTest {

    /** [MS-RDPEGFX] 4.1.1.1, the second example: 78x17 pixels, one RLEX of fourteen colours. */
    private static final String EXAMPLE = "000d 00000000 00000000 82000000"
            + "0000 0000 4e00 1100 75000000 02"
            + "0e ffffff 000000 dbffff 003a90 ffb666 66b6ff b66600 90dbff 00003a db903a 3a90db 660000 ffffb6 646464"
            + "1104 114c 114c 114c 114c 114c 0047 1300 0101 0400 0100 0047 1600 1102 0047 2900 1101 0049 0a00 0100"
            + "0400 0100 004a 0a00 0900 0100 0047 0500 0101 1c00 0100 114c 114c 114c 0047 0d4d 004d";

    private static int[] decode(String text, int width, int height) {
        return new ClearCodecDecoder().decode(bytes(text), width, height);
    }

    private static byte[] bytes(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void decodesTheSpecificationsExampleOfRlex() {
        int[] pixels = decode(EXAMPLE, 78, 17);
        assertEquals(0xffffff, pixels[0]);
        assertEquals(0x000000, pixels[5], "the suite of white and black after four white pixels, which ends in black");
        assertEquals(0x000000, pixels[5 + 78], "a suite after 76 pixels");
        assertEquals(0x646464, pixels[77 + 15 * 78], "the last colour, after a run of the whole row");
        assertEquals(0xffffff, pixels[78 * 17 - 1]);
    }

    @Test
    void decodesAResidual() {
        int[] white = {0xffffff, 0xffffff, 0x302010, 0x302010};
        assertArrayEquals(white, decode("0000 08000000 00000000 00000000 ffffff02 10203002", 2, 2));
    }

    @Test
    void wantsSequenceNumbersInSequence() {
        ClearCodecDecoder decoder = new ClearCodecDecoder();
        decoder.decode(bytes("00ff 04000000 00000000 00000000 ffffff01"), 1, 1);
        decoder.decode(bytes("0000 04000000 00000000 00000000 ffffff01"), 1, 1);
        byte[] late = bytes("0000 04000000 00000000 00000000 ffffff01");
        assertThrows(BitmapFormatException.class, () -> decoder.decode(late, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100 0000 04000000 00000000 00000000 ffffff01", // a glyph
                "0000 00000000 0b000000 00000000 0000000000000000000000", // bands
                "0000 04000000 00000000 00000000 ffffff02", // too many pixels
                "0000 04000000 00000000 00000000 ffffff00", // too few
                "0000 04000000 00000000 00000000 ffffff01 00", // a byte too many
                "0000 00000000 00000000 10000000 0100 0000 0100 0100 03000000 00 ffffff", // outside
                "0000 00000000 00000000 10000000 0000 0000 0100 0100 03000000 04 ffffff", // no such subcodec
                "0000 00000000 00000000 13000000 0000 0000 0100 0100 06000000 02 01 ffffff 0000", // a palette of one
            })
    void refusesWhatIsNotABitmapOfThisSize(String text) {
        assertThrows(BitmapFormatException.class, () -> decode(text, 1, 1));
    }
}
