// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.ArrayFramebuffer;

class TileKeysTest {

    private static final int STRIDE = 200;

    private final int[] pixels = new Random(1).ints(STRIDE * 150, 0, 1 << 24).toArray();

    /** Whole tiles, and what is left of one at an edge. */
    @ParameterizedTest
    @CsvSource({"64, 64", "8, 22", "7, 3", "1, 1"})
    void anyPixelMakesAnotherKey(int width, int height) {
        Set<Long> keys = new HashSet<>();
        keys.add(TileKeys.of(pixels, 5, STRIDE, width, height));
        for (int i = 0; i < width * height; i++) {
            int at = 5 + i / width * STRIDE + i % width;
            pixels[at] ^= 1;
            assertTrue(keys.add(TileKeys.of(pixels, 5, STRIDE, width, height)), "pixel " + i);
            pixels[at] ^= 1;
        }
    }

    @Test
    void whatIsBesideATileSaysNothing() {
        long key = TileKeys.of(pixels, 64, STRIDE, 64, 64);
        pixels[63] ^= 1;
        pixels[128] ^= 1;
        pixels[64 * STRIDE + 64] ^= 1;
        assertEquals(key, TileKeys.of(pixels, 64, STRIDE, 64, 64));
    }

    @Test
    void sizesOfOneColourDiffer() {
        int[] black = new int[STRIDE * 64];
        assertNotEquals(TileKeys.of(black, 0, STRIDE, 64, 32), TileKeys.of(black, 0, STRIDE, 32, 64));
        assertNotEquals(TileKeys.of(black, 0, STRIDE, 64, 64), TileKeys.of(black, 0, STRIDE, 64, 63));
    }

    @Test
    void aScreenKnowsWhatComesBackWhereverItDoes() {
        ArrayFramebuffer guest = new ArrayFramebuffer(128, 64);
        Screen screen = FrameMemoryTest.screen(new TileGrid(128, 64), 1);
        long empty = tick(screen, guest, 0);
        guest.pixels()[70] = 0x123456;
        long second = tick(screen, guest, 1);
        assertNotEquals(empty, screen.key(1));
        assertEquals(empty, second);
        guest.pixels()[70] = 0;
        guest.pixels()[6] = 0x123456;
        long key = screen.key(1);
        assertEquals(key, tick(screen, guest, 2));
        assertEquals(empty, screen.key(1));
    }

    /** @return the first tile's key */
    private static long tick(Screen screen, ArrayFramebuffer guest, long second) {
        long now = second * 1_000_000_000;
        screen.damaged(guest.bounds(), now);
        screen.tick(guest, now, false);
        return screen.key(0);
    }
}
