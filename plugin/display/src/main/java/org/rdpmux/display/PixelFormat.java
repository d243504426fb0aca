// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Map;

/**
 * How one pixel is stored: its size, and where red, green and blue stand in the little-endian value.
 *
 * @param bytes bytes per pixel, 2, 3 or 4
 * @param redBits width of the red channel, 1 to 8; likewise green and blue
 * @param redShift position of the lowest red bit; likewise green and blue
 */
public record PixelFormat(
        int bytes, int redBits, int redShift, int greenBits, int greenShift, int blueBits, int blueShift) {

    /** 32 bits, {@code 0xXXRRGGBB}: what screens are kept in everywhere behind the display contract. */
    public static final PixelFormat XRGB8888 = new PixelFormat(4, 8, 16, 8, 8, 8, 0);
    /** 32 bits, {@code 0xRRGGBBXX}. */
    public static final PixelFormat RGBX8888 = new PixelFormat(4, 8, 24, 8, 16, 8, 8);
    /** 24 bits, {@code 0xRRGGBB}. */
    public static final PixelFormat RGB888 = new PixelFormat(3, 8, 16, 8, 8, 8, 0);
    /** 24 bits, {@code 0xBBGGRR}. */
    public static final PixelFormat BGR888 = new PixelFormat(3, 8, 0, 8, 8, 8, 16);
    /** 16 bits, five red, six green, five blue. */
    public static final PixelFormat RGB565 = new PixelFormat(2, 5, 11, 6, 5, 5, 0);
    /** 15 bits in 16, five each. */
    public static final PixelFormat RGB555 = new PixelFormat(2, 5, 10, 5, 5, 5, 0);

    /** By the number that the pixman library has for it, which QEMU uses. */
    private static final Map<Integer, PixelFormat> PIXMAN = Map.of(
            0x20020888, XRGB8888, // x8r8g8b8
            0x20028888, XRGB8888, // a8r8g8b8
            0x20090888, RGBX8888, // r8g8b8x8
            0x20098888, RGBX8888, // r8g8b8a8
            0x18020888, RGB888, // r8g8b8
            0x18030888, BGR888, // b8g8r8
            0x10020565, RGB565, // r5g6b5
            0x10020555, RGB555); // x1r5g5b5

    public PixelFormat {
        if (bytes < 2 || bytes > 4) {
            throw new IllegalArgumentException("bytes per pixel " + bytes + " is not 2, 3 or 4");
        }
        checkChannel("red", redBits, redShift, bytes);
        checkChannel("green", greenBits, greenShift, bytes);
        checkChannel("blue", blueBits, blueShift, bytes);
    }

    /**
     * The format that the pixman library has a number for.
     *
     * @throws IllegalArgumentException if it is none of those above
     */
    public static PixelFormat ofPixman(int number) {
        PixelFormat format = PIXMAN.get(number);
        if (format == null) {
            throw new IllegalArgumentException("unknown pixel format 0x%08x".formatted(number));
        }
        return format;
    }

    private static void checkChannel(String name, int bits, int shift, int bytes) {
        if (bits < 1 || bits > 8 || shift < 0 || shift + bits > bytes * 8) {
            throw new IllegalArgumentException(name + " of " + bits + " bits at " + shift + " is not inside the pixel");
        }
    }

    /** Expands one stored pixel to {@code 0x00RRGGBB}; narrow channels are widened so that full stays full. */
    public int toRgb(int value) {
        return widen(value >>> redShift, redBits) << 16
                | widen(value >>> greenShift, greenBits) << 8
                | widen(value >>> blueShift, blueBits);
    }

    private static int widen(int value, int bits) {
        int v = value & ((1 << bits) - 1);
        int result = v << (8 - bits);
        for (int filled = bits; filled < 8; filled += bits) {
            result |= result >>> filled;
        }
        return result & 0xff;
    }
}
