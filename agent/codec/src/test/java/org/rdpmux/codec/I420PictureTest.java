// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class I420PictureTest {

    @Test
    void coloursBecomeFullRangeBt709() {
        // Y, U, V by the matrices of [MS-RDPEGFX] 3.3.8.3.1
        assertColour(0x000000, 0, 128, 128);
        assertColour(0xffffff, 254, 128, 128);
        assertColour(0xff0000, 53, 99, 255);
        assertColour(0x00ff00, 182, 29, 12);
        assertColour(0x0000ff, 17, 255, 116);
        assertColour(0xff808080, 127, 128, 128);
    }

    private static void assertColour(int pixel, int y, int u, int v) {
        I420Picture picture = new I420Picture(16, 16);
        int[] pixels = new int[256];
        Arrays.fill(pixels, pixel);
        picture.draw(pixels, 0, 16, 0, 0, 16, 16);
        assertEquals(y, picture.luma().get(17) & 0xff);
        assertEquals(u, picture.blue().get(9) & 0xff);
        assertEquals(v, picture.red().get(9) & 0xff);
    }

    @Test
    void fourPixelsShareTheMeanOfTheirColours() {
        I420Picture picture = new I420Picture(2, 2);
        picture.draw(new int[] {0xff0000, 0x0000ff, 0x0000ff, 0xff0000}, 0, 2, 0, 0, 2, 2);
        assertEquals(53, picture.luma().get(0) & 0xff);
        assertEquals(17, picture.luma().get(1) & 0xff);
        assertEquals(177, picture.blue().get(0) & 0xff);
        assertEquals(186, picture.red().get(0) & 0xff);
    }

    @Test
    void drawsNothingOutsideTheRectangle() {
        I420Picture picture = new I420Picture(8, 8);
        int[] pixels = new int[64];
        Arrays.fill(pixels, 0xffffff);
        picture.draw(pixels, 2 * 8 + 4, 8, 4, 2, 2, 4);
        for (int i = 0; i < 64; i++) {
            boolean inside = i % 8 >= 4 && i % 8 < 6 && i / 8 >= 2 && i / 8 < 6;
            assertEquals(inside ? 254 : 0, picture.luma().get(i) & 0xff, "pixel " + i);
        }
    }

    @Test
    void theLastColumnAndRowOfAnOddPictureAreThereTwice() {
        I420Picture picture = new I420Picture(3, 3);
        picture.draw(new int[] {0, 0, 0xffffff, 0, 0, 0xffffff, 0, 0, 0xffffff}, 0, 3, 0, 0, 3, 3);
        assertEquals(4, picture.width());
        assertEquals(254, picture.luma().get(3) & 0xff);
        assertEquals(254, picture.luma().get(3 * 4 + 3) & 0xff);
    }

    @Test
    void refusesWhatDoesNotFit() {
        I420Picture picture = new I420Picture(8, 8);
        int[] pixels = new int[100];
        assertThrows(IndexOutOfBoundsException.class, () -> picture.draw(pixels, 0, 10, 0, 0, 10, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> picture.draw(pixels, 0, 10, 1, 0, 2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> picture.draw(pixels, 0, 10, -2, 0, 2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> picture.draw(pixels, 99, 10, 0, 0, 2, 2));
        assertThrows(VideoException.class, () -> new I420Picture(8192, 8192));
    }
}
