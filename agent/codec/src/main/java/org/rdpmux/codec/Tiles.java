// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/** Rectangles of pixels in arrays. */
public final class Tiles {

    private Tiles() {}

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
