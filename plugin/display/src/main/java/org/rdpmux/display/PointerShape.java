// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Objects;

/** What the mouse pointer looks like. Implementations are values and may be compared to find repeated shapes. */
public sealed interface PointerShape {

    /** The guest hides the pointer. */
    record Hidden() implements PointerShape {}

    /** The client's own arrow: shown while the guest has not defined a shape. */
    record Default() implements PointerShape {}

    /**
     * A shape of the guest's.
     *
     * @param width 1 to {@value #MAX_SIZE}
     * @param height 1 to {@value #MAX_SIZE}
     * @param hotX the pointing pixel, inside the shape
     * @param hotY the pointing pixel, inside the shape
     * @param pixels row by row, {@code 0xAARRGGBB}, colours not multiplied by alpha; never modified after construction
     * @param inverted row by row, true where the screen shows through inverted (the I-beam of old systems); such pixels
     *     have alpha 0. An empty array stands for none.
     */
    record Image(int width, int height, int hotX, int hotY, int[] pixels, boolean[] inverted) implements PointerShape {

        /** Larger shapes than any real guest's are refused: a bound for caches and for wire formats. */
        public static final int MAX_SIZE = 384;

        private static final boolean[] NOT_INVERTED = {};

        public Image {
            Objects.requireNonNull(pixels);
            Objects.requireNonNull(inverted);
            if (width < 1 || width > MAX_SIZE || height < 1 || height > MAX_SIZE) {
                throw new IllegalArgumentException("pointer of " + width + "x" + height);
            }
            if (hotX < 0 || hotX >= width || hotY < 0 || hotY >= height) {
                throw new IllegalArgumentException(
                        "hot spot " + hotX + "," + hotY + " outside " + width + "x" + height);
            }
            if (pixels.length != width * height) {
                throw new IllegalArgumentException(pixels.length + " pixels for " + width + "x" + height);
            }
            if (inverted.length != 0 && inverted.length != pixels.length) {
                throw new IllegalArgumentException("mask of " + inverted.length + " for " + pixels.length + " pixels");
            }
        }

        /**
         * The shape that a guest gave its graphics card: its colours may be multiplied by alpha, which most guests' are and
         * some cards ask for, and its hot spot may be on the edge after the last pixel. A colour larger than its alpha tells
         * that none is multiplied.
         *
         * @param argb the array becomes the shape's
         */
        public static Image ofGuest(int width, int height, int hotX, int hotY, int[] argb) {
            int x = Math.max(0, Math.min(hotX, width - 1));
            int y = Math.max(0, Math.min(hotY, height - 1));
            divideByAlpha(argb);
            return new Image(width, height, x, y, argb, NOT_INVERTED);
        }

        private static void divideByAlpha(int[] pixels) {
            for (int pixel : pixels) {
                int alpha = pixel >>> 24;
                if ((pixel >>> 16 & 0xff) > alpha || (pixel >>> 8 & 0xff) > alpha || (pixel & 0xff) > alpha) {
                    return;
                }
            }
            for (int i = 0; i < pixels.length; i++) {
                int alpha = pixels[i] >>> 24;
                if (alpha != 0 && alpha != 0xff) {
                    int red = (pixels[i] >>> 16 & 0xff) * 255 / alpha;
                    int green = (pixels[i] >>> 8 & 0xff) * 255 / alpha;
                    int blue = (pixels[i] & 0xff) * 255 / alpha;
                    pixels[i] = alpha << 24 | red << 16 | green << 8 | blue;
                }
            }
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Image i
                    && width == i.width
                    && height == i.height
                    && hotX == i.hotX
                    && hotY == i.hotY
                    && java.util.Arrays.equals(pixels, i.pixels)
                    && java.util.Arrays.equals(inverted, i.inverted);
        }

        @Override
        public int hashCode() {
            return Objects.hash(width, height, hotX, hotY, java.util.Arrays.hashCode(pixels));
        }
    }
}
