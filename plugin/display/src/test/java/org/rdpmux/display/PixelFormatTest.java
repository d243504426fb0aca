// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelFormatTest {

    private static final List<PixelFormat> ALL = List.of(
            PixelFormat.XRGB8888,
            PixelFormat.RGBX8888,
            PixelFormat.RGB888,
            PixelFormat.BGR888,
            PixelFormat.RGB565,
            PixelFormat.RGB555);

    @Test
    void takesChannelsFromTheirPlaces() {
        assertEquals(0x123456, PixelFormat.XRGB8888.toRgb(0xff123456));
        assertEquals(0x123456, PixelFormat.RGBX8888.toRgb(0x123456ff));
        assertEquals(0x123456, PixelFormat.RGB888.toRgb(0x123456));
        assertEquals(0x123456, PixelFormat.BGR888.toRgb(0x563412));
    }

    @Test
    void widensByRepeatingTheHighBits() {
        assertEquals(0x840000, PixelFormat.RGB565.toRgb(0x10 << 11));
        assertEquals(0x008200, PixelFormat.RGB565.toRgb(0x20 << 5));
        assertEquals(0x000008, PixelFormat.RGB565.toRgb(1));
        assertEquals(0x00ff00, PixelFormat.RGB555.toRgb(0x1f << 5));
    }

    @Test
    void fullStaysFullAndNoneStaysNone() {
        for (PixelFormat format : ALL) {
            assertEquals(0xffffff, format.toRgb(-1), format.toString());
            assertEquals(0, format.toRgb(0), format.toString());
        }
    }

    @Test
    void widensEvenOneBit() {
        PixelFormat oneBitEach = new PixelFormat(2, 1, 2, 1, 1, 1, 0);
        assertEquals(0xff00ff, oneBitEach.toRgb(0b101));
    }

    @Test
    void widenedChannelsKeepTheirOrder() {
        int last = -1;
        for (int blue = 0; blue < 32; blue++) {
            int rgb = PixelFormat.RGB565.toRgb(blue);
            assertEquals(blue, rgb >> 3, "the high bits are the channel's own");
            assertEquals(true, rgb > last);
            last = rgb;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,5,10,5,5,5,0",
        "5,8,16,8,8,8,0",
        "2,0,10,5,5,5,0",
        "4,9,16,8,8,8,0",
        "2,5,12,5,5,5,0",
        "4,8,16,8,-1,8,0",
        "3,8,16,8,8,8,17"
    })
    void refusesChannelsOutsideThePixel(int bytes, int rb, int rs, int gb, int gs, int bb, int bs) {
        assertThrows(IllegalArgumentException.class, () -> new PixelFormat(bytes, rb, rs, gb, gs, bb, bs));
    }
}
