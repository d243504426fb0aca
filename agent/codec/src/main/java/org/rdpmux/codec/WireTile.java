// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/**
 * A rectangle's pixels as a bitmap has them: one row after the other without gaps; in bitmap updates from the bottom, each a
 * multiple of four pixels long. The first row's predecessor is a row of zeros, so that {@code pixel[i]} stands under
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
        check(source, offset, stride, sourceWidth, sourceHeight, FrameEncoder.wireWidth(sourceWidth));
        size(FrameEncoder.wireWidth(sourceWidth), sourceHeight);
        int to = start();
        for (int row = height - 1; row >= 0; row--) {
            System.arraycopy(source, offset + row * stride, pixels, to, sourceWidth);
            for (int x = sourceWidth; x < width; x++) {
                pixels[to + x] = pixels[to + sourceWidth - 1];
            }
            to += width;
        }
    }

    /** Takes a rectangle over as it is: rows from the top, as long as they are. See {@link SurfaceEncoder#encode}. */
    void loadFromTop(int[] source, int offset, int stride, int sourceWidth, int sourceHeight) {
        check(source, offset, stride, sourceWidth, sourceHeight, sourceWidth);
        size(sourceWidth, sourceHeight);
        for (int row = 0; row < height; row++) {
            System.arraycopy(source, offset + row * stride, pixels, start() + row * width, width);
        }
    }

    private void size(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        if (pixels.length < end() + MARGIN) {
            pixels = new int[end() + MARGIN];
        }
        Arrays.fill(pixels, 0, width, 0);
    }

    /** Refuses a rectangle that no encoder takes; {@code wireWidth} is the width of the encoded bitmap. */
    static void check(int[] source, int offset, int stride, int width, int height, int wireWidth) {
        if (width < 1 || width > FrameEncoder.MAX_SIDE || height < 1 || height > FrameEncoder.MAX_SIDE) {
            throw new IllegalArgumentException("bitmap of " + width + "x" + height);
        }
        if (wireWidth * height > FrameEncoder.MAX_PIXELS) {
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
