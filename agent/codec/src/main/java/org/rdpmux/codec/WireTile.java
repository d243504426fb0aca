// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/**
 * A rectangle's pixels as a bitmap has them: one row after the other without gaps, from the bottom, each a multiple of
 * four pixels long. The first row's predecessor is a row of zeros, so that {@code pixel[i]} stands under
 * {@code pixel[i - width]} everywhere.
 */
final class WireTile {

    /** Readable pixels behind the last one, of any value, so that looking ahead needs no check. */
    static final int MARGIN = 2;

    /** Begins with a row of zeros: {@link #start} is the first pixel's index. */
    int[] pixels = new int[0];

    int width;
    int height;

    /** Index of the first pixel, which is the bottom left one. */
    int start() {
        return width;
    }

    /** Index after the last pixel. */
    int end() {
        return width + width * height;
    }

    int count() {
        return width * height;
    }

    /** Takes a rectangle over; see {@link FrameEncoder#encode}. */
    void load(int[] source, int offset, int stride, int sourceWidth, int sourceHeight) {
        check(source, offset, stride, sourceWidth, sourceHeight);
        width = FrameEncoder.wireWidth(sourceWidth);
        height = sourceHeight;
        if (pixels.length < end() + MARGIN) {
            pixels = new int[end() + MARGIN];
        }
        Arrays.fill(pixels, 0, width, 0);
        int to = start();
        for (int row = height - 1; row >= 0; row--) {
            System.arraycopy(source, offset + row * stride, pixels, to, sourceWidth);
            for (int x = sourceWidth; x < width; x++) {
                pixels[to + x] = pixels[to + sourceWidth - 1];
            }
            to += width;
        }
    }

    private static void check(int[] source, int offset, int stride, int width, int height) {
        if (width < 1 || width > FrameEncoder.MAX_SIDE || height < 1 || height > FrameEncoder.MAX_SIDE) {
            throw new IllegalArgumentException("bitmap of " + width + "x" + height);
        }
        if (FrameEncoder.wireWidth(width) * height > FrameEncoder.MAX_PIXELS) {
            throw new IllegalArgumentException("bitmap of " + width + "x" + height + " is too large");
        }
        if (stride < width) {
            throw new IllegalArgumentException("stride " + stride + " is below the width " + width);
        }
        long last = (long) offset + (long) stride * (height - 1) + width;
        if (offset < 0 || last > source.length) {
            throw new IndexOutOfBoundsException(
                    width + "x" + height + " at " + offset + " is not inside " + source.length + " pixels");
        }
    }
}
