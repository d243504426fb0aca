// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.nio.ByteBuffer;

/**
 * A picture of luma and of two chroma planes with half as many rows and columns, in memory that native code can read. Colours
 * become full-range BT.709 as [MS-RDPEGFX] 3.3.8.3.1 defines it. A picture with an odd size has one more column or row, which
 * repeats the last one.
 *
 * <p>Several threads may draw at once where their areas do not touch.
 */
public final class I420Picture {

    /** Most pixels: what encoders and decoders of the highest common level take. */
    private static final int MAX_PIXELS = 4096 * 2304;

    private static final int NO_CHROMA = 128;

    private final int width;
    private final int height;
    private final ByteBuffer luma;
    private final ByteBuffer blue;
    private final ByteBuffer red;

    /**
     * A black picture.
     *
     * @param width of what is drawn, in pixels, 1 or more
     * @param height likewise
     * @throws VideoException if it would be too large
     */
    public I420Picture(int width, int height) {
        this.width = width + 1 & ~1;
        this.height = height + 1 & ~1;
        if (width < 1 || height < 1 || (long) this.width * this.height > MAX_PIXELS) {
            throw new VideoException("a video of " + width + "x" + height + " cannot be encoded");
        }
        int pixels = this.width * this.height;
        luma = ByteBuffer.allocateDirect(pixels);
        blue = ByteBuffer.allocateDirect(pixels / 4);
        red = ByteBuffer.allocateDirect(pixels / 4);
        clear();
    }

    /** Makes the picture black. */
    public void clear() {
        fill(luma, 0);
        fill(blue, NO_CHROMA);
        fill(red, NO_CHROMA);
    }

    private static void fill(ByteBuffer plane, int value) {
        for (int i = 0; i < plane.capacity(); i++) {
            plane.put(i, (byte) value);
        }
    }

    /** Columns, an even number; also the distance of two rows of luma, twice that of chroma. */
    public int width() {
        return width;
    }

    /** Rows, an even number. */
    public int height() {
        return height;
    }

    /** The planes, row by row without gaps: luma (Y), blue's difference (U), red's difference (V). */
    public ByteBuffer luma() {
        return luma;
    }

    public ByteBuffer blue() {
        return blue;
    }

    public ByteBuffer red() {
        return red;
    }

    /**
     * Draws a rectangle.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the rectangle's top left pixel
     * @param stride distance of two rows, in pixels
     * @param x where the rectangle begins in the picture, an even number
     * @param y likewise
     * @param w its columns; odd only at the picture's edge
     * @param h its rows; likewise
     * @throws IndexOutOfBoundsException if it is not inside the picture or the pixels
     */
    public void draw(int[] pixels, int offset, int stride, int x, int y, int w, int h) {
        if ((x | y) < 0 || ((x | y) & 1) != 0 || x + w > width || y + h > height) {
            throw new IndexOutOfBoundsException(w + "x" + h + " at " + x + "," + y + " of " + width + "x" + height);
        }
        for (int row = 0; row < h; row += 2) {
            int above = offset + row * stride;
            int below = row + 1 < h ? above + stride : above;
            drawRows(pixels, above, below, (y + row) * width + x, w);
        }
    }

    /** Draws two rows, which share their chroma. @param at index of the upper one's first pixel in the picture */
    private void drawRows(int[] pixels, int above, int below, int at, int w) {
        int chroma = (at / width / 2) * (width / 2) + at % width / 2;
        for (int i = 0; i < w; i += 2) {
            int next = i + 1 < w ? i + 1 : i;
            int a = pixels[above + i];
            int b = pixels[above + next];
            int c = pixels[below + i];
            int d = pixels[below + next];
            luma.put(at + i, luma(a));
            luma.put(at + i + 1, luma(b));
            luma.put(at + width + i, luma(c));
            luma.put(at + width + i + 1, luma(d));
            int r = (red(a) + red(b) + red(c) + red(d) + 2) >> 2;
            int g = (green(a) + green(b) + green(c) + green(d) + 2) >> 2;
            int u = (blueOf(a) + blueOf(b) + blueOf(c) + blueOf(d) + 2) >> 2;
            blue.put(chroma + i / 2, (byte) (((-29 * r - 99 * g + 128 * u) >> 8) + NO_CHROMA));
            red.put(chroma + i / 2, (byte) (((128 * r - 116 * g - 12 * u) >> 8) + NO_CHROMA));
        }
    }

    private static byte luma(int pixel) {
        return (byte) ((54 * red(pixel) + 183 * green(pixel) + 18 * blueOf(pixel)) >> 8);
    }

    private static int red(int pixel) {
        return pixel >> 16 & 0xff;
    }

    private static int green(int pixel) {
        return pixel >> 8 & 0xff;
    }

    private static int blueOf(int pixel) {
        return pixel & 0xff;
    }
}
