// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

/** Decodes the {@code bitmapDataStream} of TS_BITMAP_DATA, [MS-RDPBCGR] 2.2.9.1.1.3.1.2.2. */
public final class BitmapDecoder {

    /** Bitmaps above this are refused: no client would accept one, and it bounds memory. */
    private static final int MAX_PIXELS = 1 << 24;

    private BitmapDecoder() {}

    /**
     * Decodes one bitmap.
     *
     * @param bits bits per pixel: 15, 16, 24 or 32
     * @param compressed whether the bitmap's flags have BITMAP_COMPRESSION
     * @return the pixels row by row from the top, {@code 0x00RRGGBB}, narrow channels widened by {@link #widen}
     * @throws BitmapFormatException if the bytes are not exactly one bitmap of this size
     * @throws IllegalArgumentException if there is no such depth or size
     */
    public static int[] decode(byte[] data, int bits, boolean compressed, int width, int height) {
        if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
            throw new IllegalArgumentException("bitmap of " + width + "x" + height);
        }
        int[] stored;
        if (!compressed) {
            stored = raw(data, bits, width, height);
        } else if (bits == 32) {
            stored = PlanarDecoder.decode(data, width, height);
        } else {
            stored = InterleavedRleDecoder.decode(data, bits, width, height);
        }
        int[] pixels = new int[stored.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = widen(stored[(height - 1 - y) * width + x], bits);
            }
        }
        return pixels;
    }

    /** Decodes what the planar codec made for a surface of the graphics pipeline: its rows stand from the top. */
    public static int[] decodePlanar(byte[] data, int width, int height) {
        int[] pixels = PlanarDecoder.decode(data, width, height);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xffffff;
        }
        return pixels;
    }

    /** {@code 0x00RRGGBB} of a stored pixel; a narrow channel's highest bits fill its lowest, so that full stays full. */
    public static int widen(int stored, int bits) {
        return switch (bits) {
            case 15 -> widen(stored >>> 10, 5, 16) | widen(stored >>> 5, 5, 8) | widen(stored, 5, 0);
            case 16 -> widen(stored >>> 11, 5, 16) | widen(stored >>> 5, 6, 8) | widen(stored, 5, 0);
            case 24, 32 -> stored & 0xffffff;
            default -> throw new IllegalArgumentException(bits + " bits per pixel");
        };
    }

    /**
     * {@code 0x00RRGGBB} as FreeRDP 2.11 and 3.10 show a stored pixel: as {@link #widen} has it, but for the green of 16
     * bits, to which they add an eighth where its highest bits would add a sixteenth.
     */
    public static int widenAsFreeRdp(int stored, int bits) {
        int pixel = widen(stored, bits);
        if (bits != 16) {
            return pixel;
        }
        int green = stored >>> 5 & 0x3f;
        return pixel & 0xff00ff | Math.min(255, 4 * green + green / 8) << 8;
    }

    private static int widen(int channel, int bits, int shift) {
        int value = channel & (1 << bits) - 1;
        return (value << 8 - bits | value >>> 2 * bits - 8) << shift;
    }

    /** Bytes of a stored pixel. */
    static int pixelBytes(int bits) {
        return switch (bits) {
            case 15, 16 -> 2;
            case 24 -> 3;
            case 32 -> 4;
            default -> throw new IllegalArgumentException(bits + " bits per pixel");
        };
    }

    /** Rows of plain pixels, each padded to a multiple of four bytes. */
    private static int[] raw(byte[] data, int bits, int width, int height) {
        int pixelBytes = pixelBytes(bits);
        BitmapBytes in = new BitmapBytes(data);
        int[] stored = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                stored[y * width + x] = in.little(pixelBytes, "pixel");
            }
            int padding = -(width * pixelBytes) & 3;
            if (padding > 0) {
                in.little(padding, "padding");
            }
        }
        if (!in.isEmpty()) {
            throw new BitmapFormatException(in.left() + " bytes after the last row");
        }
        return stored;
    }
}
