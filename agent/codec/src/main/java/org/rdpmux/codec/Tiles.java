// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/** Rectangles of pixels in arrays. */
public final class Tiles {

    private Tiles() {}

    /**
     * Whether two rectangles have the same pixels.
     *
     * @param aOffset index of the first pixel in {@code a}; {@code aStride} is the distance of two rows there
     * @param bOffset likewise in {@code b}
     * @param width pixels of a row, 0 or more
     * @param height rows, 0 or more
     * @throws IndexOutOfBoundsException if a rectangle is not inside its array
     */
    public static boolean equal(
            int[] a, int aOffset, int aStride, int[] b, int bOffset, int bStride, int width, int height) {
        for (int row = 0; row < height; row++) {
            int from = aOffset + row * aStride;
            int to = bOffset + row * bStride;
            if (!Arrays.equals(a, from, from + width, b, to, to + width)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a rectangle has one colour. Looks no further than the first pixel that says no.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the first pixel; {@code stride} is the distance of two rows
     * @param width pixels of a row, 1 or more
     * @param height rows, 1 or more
     * @throws IndexOutOfBoundsException if the rectangle is not inside the array
     */
    public static boolean isSolid(int[] pixels, int offset, int stride, int width, int height) {
        int colour = pixels[offset];
        for (int y = 0; y < height; y++) {
            int row = offset + y * stride;
            for (int i = row; i < row + width; i++) {
                if (((pixels[i] ^ colour) & 0xffffff) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Makes a snapshot's rectangle equal to fresh pixels and tells whether that changed it. Rows above the first
     * difference are only read.
     *
     * @param fresh the new pixels
     * @param freshOffset index of the rectangle's first pixel in {@code fresh}
     * @param freshStride distance of two rows in {@code fresh}
     * @param snapshot the pixels to bring up to date
     * @param offset index of the rectangle's first pixel in {@code snapshot}
     * @param stride distance of two rows in {@code snapshot}
     * @param width pixels of a row, 0 or more
     * @param height rows, 0 or more
     * @throws IndexOutOfBoundsException if the rectangle is not inside both arrays; the snapshot may then be half updated
     */
    public static boolean update(
            int[] fresh,
            int freshOffset,
            int freshStride,
            int[] snapshot,
            int offset,
            int stride,
            int width,
            int height) {
        int row = 0;
        int from = freshOffset;
        int to = offset;
        while (row < height && Arrays.equals(fresh, from, from + width, snapshot, to, to + width)) {
            row++;
            from += freshStride;
            to += stride;
        }
        boolean changed = row < height;
        for (; row < height; row++) {
            System.arraycopy(fresh, from, snapshot, to, width);
            from += freshStride;
            to += stride;
        }
        return changed;
    }
}
