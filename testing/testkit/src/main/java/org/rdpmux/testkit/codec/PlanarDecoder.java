// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import java.util.Arrays;

/** Decodes RDP6_BITMAP_STREAM, [MS-RDPEGDI] 2.2.2.5.1 and 3.1.9, but for chroma of half the size. */
final class PlanarDecoder {

    private final BitmapBytes in;
    private final int width;
    private final int height;

    private PlanarDecoder(byte[] data, int width, int height) {
        in = new BitmapBytes(data);
        this.width = width;
        this.height = height;
    }

    /** The pixels in the order of the stream, {@code 0xAARRGGBB}; opaque without an alpha plane. */
    static int[] decode(byte[] data, int width, int height) {
        return new PlanarDecoder(data, width, height).decode();
    }

    private int[] decode() {
        int header = in.unsignedByte("FormatHeader");
        boolean runLength = (header & 0x10) != 0;
        boolean noAlpha = (header & 0x20) != 0;
        int colourLoss = header & 0x07;
        if ((header & 0xc8) != 0) {
            throw new BitmapFormatException("FormatHeader %#x: subsampling or reserved bits".formatted(header));
        }
        int[] pixels = new int[width * height];
        for (int shift = 24; shift >= 0; shift -= 8) {
            int[] plane;
            if (shift == 24 && noAlpha) {
                plane = new int[width * height];
                Arrays.fill(plane, 0xff);
            } else {
                plane = runLength ? runLengthPlane() : rawPlane();
            }
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] |= plane[i] << shift;
            }
        }
        if (!runLength) {
            in.unsignedByte("Pad");
        }
        if (!in.isEmpty()) {
            throw new BitmapFormatException(in.left() + " bytes after the last plane");
        }
        if (colourLoss > 0) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = colours(pixels[i], colourLoss);
            }
        }
        return pixels;
    }

    /** 3.1.9.1: luma, orange and green chroma to colours. One of the bits that a level takes is a halving of chroma. */
    private static int colours(int planes, int colourLoss) {
        int luma = planes >> 16 & 0xff;
        int orange = (byte) ((planes >> 8 & 0xff) << colourLoss - 1);
        int green = (byte) ((planes & 0xff) << colourLoss - 1);
        int rest = luma - green;
        return planes & 0xff000000 | clip(rest + orange) << 16 | clip(luma + green) << 8 | clip(rest - orange);
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(value, 255));
    }

    private int[] rawPlane() {
        int[] plane = new int[width * height];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = in.unsignedByte("plane");
        }
        return plane;
    }

    private int[] runLengthPlane() {
        int[] plane = new int[width * height];
        for (int y = 0; y < height; y++) {
            int[] values = scanLine();
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                plane[i] = y == 0 ? values[x] : plane[i - width] + difference(values[x]) & 0xff;
            }
        }
        return plane;
    }

    /** A difference's sign is its lowest bit. */
    private static int difference(int value) {
        return (value & 1) == 0 ? value >> 1 : -((value >> 1) + 1);
    }

    /** The segments of one scan line (RDP6_RLE_SEGMENT). */
    private int[] scanLine() {
        int[] values = new int[width];
        int x = 0;
        int last = 0;
        while (x < width) {
            int control = in.unsignedByte("controlByte");
            int run = control & 0x0f;
            int raw = control >> 4;
            if (run == 1 || run == 2) {
                run = run * 16 + raw;
                raw = 0;
            }
            if (raw + run == 0) {
                throw new BitmapFormatException("an empty segment at " + in.position());
            }
            if (x + raw + run > width) {
                throw new BitmapFormatException("a segment of " + (raw + run) + " values at " + x + " of " + width);
            }
            for (int i = 0; i < raw; i++) {
                last = in.unsignedByte("rawValues");
                values[x++] = last;
            }
            for (int i = 0; i < run; i++) {
                values[x++] = last;
            }
        }
        return values;
    }
}
