// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rdp8DecompressorTest {

    private final Rdp8Decompressor decompressor = new Rdp8Decompressor();

    private String decompress(String hex) {
        byte[] segment = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new String(decompressor.decompress(segment), StandardCharsets.US_ASCII);
    }

    /** [MS-RDPEGFX] 4.1.2: the third segment has a match in the first. */
    @Test
    void decodesTheSpecificationsSegments() {
        assertEquals("The quick brown ", decompress("04 54686520717569636b2062726f776e20"));
        assertEquals("fox jumps ove", decompress("04 666f78206a756d7073206f7665"));
        assertEquals("r the lazy dog", decompress("24 39080e91f8d8613d1e440643799c02"));
    }

    @Test
    void copiesBytesThatOverlapThemselves() {
        // An a, then eight bytes from one back.
        assertEquals("aaaaaaaaa", decompress("24" + bits("0 01100001" + "10001 00001" + "110 000")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"24 39080e91f8d8613d1e440643799c02", "04", "26 0000", "24 ff ff 01", "24 00 09"})
    void refusesWhatIsNoSegment(String hex) {
        assertThrows(BitmapFormatException.class, () -> decompress(hex));
    }

    private static String bits(String bits) {
        StringBuilder text = new StringBuilder(bits.replace(" ", ""));
        int unused = -text.length() & 7;
        text.append("0".repeat(unused));
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < text.length(); i += 8) {
            hex.append(HexFormat.of().toHexDigits((byte) Integer.parseInt(text.substring(i, i + 8), 2)));
        }
        return hex + HexFormat.of().toHexDigits((byte) unused);
    }
}
