// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * A tile of 64x64 pixels as RemoteFX sees it: luma and chroma in fixed point with five fractional bits, luma less 128
 * ([MS-RDPRFX] 3.1.8.1.3). Samples are in the order of {@link RfxDwt#part}.
 */
final class YCbCrTile {

    static final int SIDE = 64;
    static final int PIXELS = SIDE * SIDE;

    /** The factors have fifteen fractional bits, ten more than the result. */
    private static final int SHIFT = 10;

    /** What luma has less than it should: 128, but for half a step, since decoders round down. */
    private static final int MIDDLE = (128 << 5) - (1 << 4);

    final int[] y = new int[PIXELS];
    final int[] cb = new int[PIXELS];
    final int[] cr = new int[PIXELS];

    private final int[] rgb = new int[PIXELS];

    /** Takes a rectangle over; what it lacks repeats its last column and row. */
    void load(int[] pixels, int offset, int stride, int width, int height) {
        for (int row = 0; row < SIDE; row++) {
            int from = offset + Math.min(row, height - 1) * stride;
            int evens = RfxDwt.part(SIDE, row, 0);
            int odds = RfxDwt.part(SIDE, row, 1);
            if (width == SIDE) {
                for (int i = 0; i < SIDE / 2; i++) {
                    rgb[evens + i] = pixels[from + 2 * i];
                    rgb[odds + i] = pixels[from + 2 * i + 1];
                }
            } else {
                for (int i = 0; i < SIDE / 2; i++) {
                    rgb[evens + i] = pixels[from + Math.min(2 * i, width - 1)];
                    rgb[odds + i] = pixels[from + Math.min(2 * i + 1, width - 1)];
                }
            }
        }
        convert(rgb, y, cb, cr);
    }

    /** One plain loop over whole arrays, of which the JIT makes vector instructions. */
    private static void convert(int[] rgb, int[] y, int[] cb, int[] cr) {
        for (int i = 0; i < PIXELS; i++) {
            int pixel = rgb[i];
            int r = pixel >> 16 & 0xff;
            int g = pixel >> 8 & 0xff;
            int b = pixel & 0xff;
            y[i] = (9798 * r + 19235 * g + 3735 * b >> SHIFT) - MIDDLE;
            cb[i] = -5535 * r - 10868 * g + 16403 * b >> SHIFT;
            cr[i] = 16377 * r - 13714 * g - 2663 * b >> SHIFT;
        }
    }
}
