// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Turns one rectangle of pixels into the bytes of one bitmap: the {@code bitmapDataStream} of TS_BITMAP_DATA
 * ([MS-RDPBCGR] 2.2.9.1.1.3.1.2.2), or the {@code bitmapData} of the graphics pipeline ({@link SurfaceTileEncoder}). An
 * encoder keeps scratch memory but no state from call to call: equal pixels give equal bytes. It may be used by one thread
 * at a time.
 */
public interface FrameEncoder {

    /** Longest side of a rectangle; a bound for scratch memory, far above any tile. */
    int MAX_SIDE = 8192;

    /** Most pixels of a rectangle; a bound for scratch memory, far above any tile. */
    int MAX_PIXELS = 1 << 20;

    /** What was written. */
    enum Encoding {
        /** Compressed: the bitmap's flags must say so (BITMAP_COMPRESSION). */
        COMPRESSED,
        /** Plain pixels, since compression would not have made them fewer bytes. */
        RAW,
        /** One colour, in four bytes: blue, green, red and zero. Of {@link SurfaceTileEncoder} only. */
        SOLID,
        /** ClearCodec; see {@link ClearCodecEncoder#SEQUENCE_NUMBER}. Of {@link SurfaceTileEncoder} only. */
        CLEAR,
        /** A block of {@link ProgressiveTileEncoder}'s. Not of a FrameEncoder. */
        PROGRESSIVE,
        /** A tile of {@link RemoteFxTileEncoder}'s. Not of a FrameEncoder. */
        REMOTEFX;

        /** Whether it is not exactly the pixels. */
        public boolean isLossy() {
            return this == PROGRESSIVE || this == REMOTEFX;
        }
    }

    /**
     * Appends the bytes of a rectangle to {@code out}.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the rectangle's top left pixel
     * @param stride distance of two rows, in pixels, at least {@code width}
     * @param width 1 to {@link #MAX_SIDE}; the bitmap is {@link #wireWidth} wide
     * @param height 1 to {@link #MAX_SIDE}; {@code wireWidth(width) * height} is at most {@link #MAX_PIXELS}
     * @param out grows by at most {@link #maxBytes}; neither kept nor released
     * @throws IllegalArgumentException if the size is out of range
     * @throws IndexOutOfBoundsException if the rectangle is not inside {@code pixels}
     */
    Encoding encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf out);

    /** How pixels are stored in the bitmap; its {@code bitsPerPixel} field is {@link PixelDepth#bits}. */
    PixelDepth depth();

    /** Most bytes that {@link #encode} appends: those of the plain bitmap. */
    default int maxBytes(int width, int height) {
        return wireWidth(width) * height * depth().bytes();
    }

    /**
     * The width of the encoded bitmap: bitmaps in bitmap updates must be a multiple of four pixels wide. The columns
     * beyond the rectangle repeat its last one; the update's destination rectangle hides them.
     */
    static int wireWidth(int width) {
        return (width + 3) & ~3;
    }
}
