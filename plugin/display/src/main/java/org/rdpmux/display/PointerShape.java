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
