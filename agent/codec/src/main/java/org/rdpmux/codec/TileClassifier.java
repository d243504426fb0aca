// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * Tells what a tile shows, and with it how it is best sent. Looks at the pixels only: equal pixels give equal answers. Keeps
 * scratch memory, so for one thread.
 */
public final class TileClassifier {

    /** What a tile shows. */
    public enum Content {
        /** One colour: a solid fill says it all. */
        SOLID,
        /** Text, lines, windows, gradients: small without a loss, and spoiled by one. */
        SHARP,
        /**
         * A photo or a video: two to three bytes a pixel without a loss, of which a twentieth looks the same. To be sent with
         * a loss while it changes, and without one once it rests.
         */
        SOFT
    }

    /**
     * Fewer pixels are never {@link Content#SOFT}: a progressive tile is always a whole one, some 450 bytes of what a video
     * shows, and what changes a few pixels of it mostly is no video.
     */
    static final int MIN_SOFT_PIXELS = 1024;

    /**
     * A tile is {@link Content#SOFT} where at least half of its pixels are a surprise: of text on any ground less than a third
     * are, of a photo or a video nine in ten, less only where it is dark.
     */
    private static final int SURPRISES_IN = 2;

    private final Palette palette = new Palette();

    /**
     * Looks at a rectangle.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the rectangle's top left pixel
     * @param stride distance of two rows, in pixels, at least {@code width}
     * @param width 1 or more
     * @param height 1 or more
     * @throws IndexOutOfBoundsException if the rectangle is not inside {@code pixels}; not always
     */
    public Content classify(int[] pixels, int offset, int stride, int width, int height) {
        if (Tiles.isSolid(pixels, offset, stride, width, height)) {
            return Content.SOLID;
        }
        if (width * height < MIN_SOFT_PIXELS || !isSurprising(pixels, offset, stride, width, height)) {
            return Content.SHARP;
        }
        return hasFewColours(pixels, offset, stride, width, height) ? Content.SHARP : Content.SOFT;
    }

    /**
     * Whether half of the pixels are a surprise: neither the pixel to the left nor the one above, nor what a gradient would go on
     * with, which is what lossless codecs write in few bits. Every other row will do.
     */
    private static boolean isSurprising(int[] pixels, int offset, int stride, int width, int height) {
        int surprises = 0;
        int looked = 0;
        for (int y = 1; y < height; y += 2) {
            int row = offset + y * stride;
            for (int i = row + 1; i < row + width; i++) {
                int pixel = pixels[i] & 0xffffff;
                int left = pixels[i - 1] & 0xffffff;
                int above = pixels[i - stride] & 0xffffff;
                int gradient = left + above - (pixels[i - stride - 1] & 0xffffff);
                surprises += pixel != left && pixel != above && pixel != gradient ? 1 : 0;
            }
            looked += width - 1;
        }
        return surprises * SURPRISES_IN >= looked;
    }

    /** Whether one palette of ClearCodec holds the rectangle. A photo is beyond that after a few rows. */
    private boolean hasFewColours(int[] pixels, int offset, int stride, int width, int height) {
        palette.clear();
        for (int y = 0; y < height; y++) {
            int row = offset + y * stride;
            for (int i = row; i < row + width; i++) {
                if (palette.add(pixels[i] & 0xffffff) < 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
