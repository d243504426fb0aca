// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * How a pixel is stored in a bitmap: little-endian, red in the highest bits. Channels are cut to their highest bits;
 * rounding would be closer to the eye but moves full white out of range and makes a second reduction differ.
 */
public enum PixelDepth {
    /** Five bits each, the top bit is zero. */
    RGB555(15, 2),
    /** Five, six and five bits. */
    RGB565(16, 2),
    /** Eight bits each in three bytes: blue, green, red. */
    RGB888(24, 3),
    /** Eight bits each in four bytes: blue, green, red, and a byte without meaning. */
    XRGB8888(32, 4);

    private final int bits;
    private final int bytes;

    PixelDepth(int bits, int bytes) {
        this.bits = bits;
        this.bytes = bytes;
    }

    /** Bits per pixel as protocols name the depth: 15, 16, 24 or 32. */
    public int bits() {
        return bits;
    }

    /** Bytes of a stored pixel: 2, 3 or 4. */
    public int bytes() {
        return bytes;
    }

    /** The stored pixel with all bits of its colour set. */
    public int white() {
        return reduce(0xffffff);
    }

    /** The stored pixel for {@code 0xXXRRGGBB}. */
    public int reduce(int rgb) {
        return switch (this) {
            case RGB555 -> to555(rgb);
            case RGB565 -> to565(rgb);
            case RGB888, XRGB8888 -> rgb & 0xffffff;
        };
    }

    /** Reduces {@code length} pixels; source and target may be the same array at the same place. */
    void reduce(int[] source, int from, int[] target, int to, int length) {
        switch (this) {
            case RGB555 -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] = to555(source[from + i]);
                }
            }
            case RGB565 -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] = to565(source[from + i]);
                }
            }
            case RGB888, XRGB8888 -> {
                for (int i = 0; i < length; i++) {
                    target[to + i] = source[from + i] & 0xffffff;
                }
            }
            default -> throw new AssertionError(this);
        }
    }

    /** Writes stored pixels. */
    int store(int[] stored, int from, int length, byte[] target, int to) {
        int p = to;
        for (int i = from; i < from + length; i++) {
            int value = stored[i];
            target[p] = (byte) value;
            target[p + 1] = (byte) (value >>> 8);
            if (bytes > 2) {
                target[p + 2] = (byte) (value >>> 16);
            }
            if (bytes > 3) {
                target[p + 3] = 0;
            }
            p += bytes;
        }
        return p;
    }

    private static int to555(int rgb) {
        return rgb >>> 9 & 0x7c00 | rgb >>> 6 & 0x03e0 | rgb >>> 3 & 0x001f;
    }

    private static int to565(int rgb) {
        return rgb >>> 8 & 0xf800 | rgb >>> 5 & 0x07e0 | rgb >>> 3 & 0x001f;
    }
}
