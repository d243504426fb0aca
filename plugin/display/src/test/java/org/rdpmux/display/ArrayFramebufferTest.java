// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayFramebufferTest {

    private static ArrayFramebuffer counted(int width, int height) {
        ArrayFramebuffer framebuffer = new ArrayFramebuffer(width, height);
        for (int i = 0; i < width * height; i++) {
            framebuffer.pixels()[i] = i;
        }
        return framebuffer;
    }

    @Test
    void beginsBlack() {
        ArrayFramebuffer framebuffer = new ArrayFramebuffer(3, 2);
        assertArrayEquals(new int[6], framebuffer.pixels());
        assertEquals(new Rect(0, 0, 3, 2), framebuffer.bounds());
    }

    @Test
    void copiesAreaToOffsetAndStride() {
        int[] target = new int[12];
        assertTrue(counted(5, 4).read(new Rect(1, 2, 3, 2), target, 1, 6));
        assertArrayEquals(new int[] {0, 11, 12, 13, 0, 0, 0, 16, 17, 18, 0, 0}, target);
    }

    @Test
    void dropsWhatStandsAboveTheColours() {
        ArrayFramebuffer framebuffer = new ArrayFramebuffer(2, 1);
        framebuffer.pixels()[0] = 0xff123456;
        framebuffer.pixels()[1] = 0x80ffffff;
        int[] target = new int[2];
        framebuffer.read(framebuffer.bounds(), target, 0, 2);
        assertArrayEquals(new int[] {0x123456, 0xffffff}, target);
    }

    @Test
    void readsNothingFromAnEmptyArea() {
        int[] target = {7};
        assertTrue(counted(2, 2).read(new Rect(2, 2, 0, 0), target, 0, 1));
        assertArrayEquals(new int[] {7}, target);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,2,2", "0,-1,2,2", "4,0,2,2", "0,3,2,2", "0,0,6,1", "0,0,1,5"})
    void refusesAreaOutside(int x, int y, int width, int height) {
        ArrayFramebuffer framebuffer = counted(5, 4);
        Rect area = new Rect(x, y, width, height);
        var e = assertThrows(IndexOutOfBoundsException.class, () -> framebuffer.read(area, new int[100], 0, 10));
        assertTrue(e.getMessage().contains("5x4"), e.getMessage());
    }

    @Test
    void refusesTargetThatIsTooSmall() {
        ArrayFramebuffer framebuffer = counted(5, 4);
        assertThrows(IndexOutOfBoundsException.class, () -> framebuffer.read(framebuffer.bounds(), new int[19], 0, 5));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "-1,-1"})
    void refusesScreenWithoutPixels(int width, int height) {
        assertThrows(IllegalArgumentException.class, () -> new ArrayFramebuffer(width, height, new int[1]));
    }

    @Test
    void refusesArrayThatIsTooShort() {
        assertThrows(IndexOutOfBoundsException.class, () -> new ArrayFramebuffer(3, 3, new int[8]));
    }

    @Test
    void refusesSizeBeyondArrays() {
        assertThrows(ArithmeticException.class, () -> new ArrayFramebuffer(1 << 16, 1 << 16, new int[0]));
    }
}
