// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;

class TextFramebufferTest {

    @Test
    void drawsACharacterPixelByPixel() {
        String[] expected = {
            "..........", "..........", "..........", "....##....", "...####...", "..##..##..", "..##..##..",
                    ".##....##.",
            ".##....##.", ".##....##.", ".########.", ".##....##.", ".##....##.", ".##....##.", ".##....##.",
                    ".##....##."
        };
        TextFramebuffer text = new TextFramebuffer(new TileGrid(100, 20), List.of("A"));
        int[] pixels = new int[10 * 16];
        text.read(new Rect(20, 0, 10, 16), pixels, 0, 10);
        String[] rows = new String[16];
        for (int y = 0; y < 16; y++) {
            StringBuilder row = new StringBuilder();
            for (int x = 0; x < 10; x++) {
                row.append(pixels[y * 10 + x] == TextFramebuffer.TEXT ? '#' : '.');
            }
            rows[y] = row.toString();
        }
        assertArrayEquals(expected, rows);
    }

    @Test
    void breaksLinesBetweenWordsAndWordsOnlyWhereTheyAreTooLong() {
        TileGrid size = new TileGrid(20 * 2 + 10 * 10, 400);
        int[] broken = pixels(new TextFramebuffer(size, List.of("the quick brown fox", "supercalifragilistic")));
        int[] lines = pixels(new TextFramebuffer(size, List.of("the quick", "brown fox", "supercalif", "ragilistic")));
        assertArrayEquals(lines, broken);
    }

    @Test
    void isTwiceAsLargeOnALargeScreenAndFitsTheSmallest() {
        long small = count(new TextFramebuffer(new TileGrid(640, 480), List.of("web1")));
        long large = count(new TextFramebuffer(new TileGrid(1920, 1080), List.of("web1")));
        assertTrue(small > 100);
        assertEquals(4 * small, large);
        assertEquals(0, count(new TextFramebuffer(new TileGrid(1, 1), List.of("web1", "gone"))));
    }

    @Test
    void whatIsNotAsciiIsAQuestionMark() {
        TileGrid size = new TileGrid(200, 100);
        assertArrayEquals(
                pixels(new TextFramebuffer(size, List.of("b?r?"))),
                pixels(new TextFramebuffer(size, List.of("b\u00e4r\u0007"))));
    }

    @Test
    void refusesAnAreaOutside() {
        TextFramebuffer text = new TextFramebuffer(new TileGrid(10, 10), List.of());
        assertThrows(IndexOutOfBoundsException.class, () -> text.read(new Rect(5, 5, 6, 1), new int[6], 0, 6));
    }

    private static long count(TextFramebuffer text) {
        return Arrays.stream(pixels(text))
                .filter(pixel -> pixel == TextFramebuffer.TEXT)
                .count();
    }

    private static int[] pixels(TextFramebuffer text) {
        int[] pixels = new int[text.width() * text.height()];
        text.read(text.bounds(), pixels, 0, text.width());
        return pixels;
    }
}
