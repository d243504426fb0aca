// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.testkit.codec.BitmapDecoder;

class PixelDepthTest {

    @Test
    void cutsChannelsToTheirHighestBits() {
        assertEquals(0b10001_011010_00111, PixelDepth.RGB565.reduce(0xff_8f_6b_3f));
        assertEquals(0b10001_01101_00111, PixelDepth.RGB555.reduce(0xff_8f_6b_3f));
        assertEquals(0x8f6b3f, PixelDepth.RGB888.reduce(0xff_8f_6b_3f));
        assertEquals(0x8f6b3f, PixelDepth.XRGB8888.reduce(0xff_8f_6b_3f));
    }

    @Test
    void keepsWhiteWhite() {
        assertEquals(0x7fff, PixelDepth.RGB555.white());
        assertEquals(0xffff, PixelDepth.RGB565.white());
        assertEquals(0xffffff, PixelDepth.RGB888.white());
    }

    /**
     * What a client shows of a narrow channel. Five bits: every client seen repeats the highest bits below the lowest
     * (FreeRDP 2.11 and 3.10 among them), as the test kit does; reducing what it shows gives the same again. Six bits:
     * FreeRDP adds an eighth where repetition adds a sixteenth, min(255, 4g + g / 8), so its greens are up to four
     * lighter, and a comparison of its window at 16 bits per pixel has to say what it shows: widenAsFreeRdp.
     */
    @ParameterizedTest
    @EnumSource
    void isStableAfterWidening(PixelDepth depth) {
        new Random(1).ints(5000).forEach(rgb -> {
            int stored = depth.reduce(rgb);
            assertEquals(stored, depth.reduce(BitmapDecoder.widen(stored, depth.bits())));
        });
        assertEquals(0xffffff, BitmapDecoder.widen(depth.white(), depth.bits()));
        assertEquals(0, BitmapDecoder.widen(depth.reduce(0), depth.bits()));
    }

    @ParameterizedTest
    @EnumSource
    void reducesManyAsOne(PixelDepth depth) {
        int[] source = new Random(2).ints(100).toArray();
        int[] target = new int[100];
        depth.reduce(source, 10, target, 20, 70);
        for (int i = 0; i < 70; i++) {
            assertEquals(depth.reduce(source[10 + i]), target[20 + i]);
        }
        assertEquals(0, target[19]);
        assertEquals(0, target[90]);
        depth.reduce(source, 0, source, 0, 100);
        assertEquals(target[20], source[10]);
    }

    @ParameterizedTest
    @EnumSource
    void storesLittleEndian(PixelDepth depth) {
        byte[] bytes = new byte[depth.bytes() + 1];
        assertEquals(depth.bytes(), depth.store(new int[] {0, 0x7a6b5c}, 1, 1, bytes, 0));
        byte[] all = {0x5c, 0x6b, 0x7a, 0, 0};
        byte[] expected = new byte[bytes.length];
        System.arraycopy(all, 0, expected, 0, depth.bytes());
        assertArrayEquals(expected, bytes);
    }
}
