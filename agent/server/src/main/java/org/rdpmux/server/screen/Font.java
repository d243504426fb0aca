// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A font of one size for the printable characters of ASCII. Immutable. */
final class Font {

    static final int WIDTH = 10;
    static final int HEIGHT = 20;

    private static final int FIRST = ' ';
    private static final int LAST = '~';
    private static final int ROW_DIGITS = 4;

    /** By character: the rows from the top, the leftmost pixel in bit 15. */
    private static final int[][] GLYPHS = read();

    private Font() {}

    /** Whether a character has a pixel there. What is not in the font looks like a question mark. */
    static boolean has(char character, int x, int y) {
        int known = character >= FIRST && character <= LAST ? character : '?';
        return (GLYPHS[known - FIRST][y] >> (15 - x) & 1) != 0;
    }

    private static int[][] read() {
        int[][] glyphs = new int[LAST - FIRST + 1][HEIGHT];
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Font.class.getResourceAsStream("font.txt"), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    int[] glyph = glyphs[Integer.parseInt(line, 0, 2, 16) - FIRST];
                    for (int y = 0; y < HEIGHT; y++) {
                        int at = 3 + y * ROW_DIGITS;
                        glyph[y] = Integer.parseInt(line, at, at + ROW_DIGITS, 16);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return glyphs;
    }
}
