// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Turns one rectangle of pixels into the {@code bitmapData} of RDPGFX_WIRE_TO_SURFACE_PDU_1 ([MS-RDPEGFX] 2.2.2.1): exactly
 * as wide as the rectangle, rows from the top. An encoder keeps scratch memory but no state from call to call: equal pixels
 * give equal bytes, so that viewers can share them. It may be used by one thread at a time.
 */
public interface SurfaceEncoder {

    /**
     * Appends the bytes of a rectangle to {@code out}.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the rectangle's top left pixel
     * @param stride distance of two rows, in pixels, at least {@code width}
     * @param width 1 to {@link FrameEncoder#MAX_SIDE}
     * @param height 1 to {@link FrameEncoder#MAX_SIDE}; {@code width * height} is at most {@link FrameEncoder#MAX_PIXELS}
     * @param out grows by at most {@link #maxBytes}; neither kept nor released
     * @throws IllegalArgumentException if the size is out of range
     * @throws IndexOutOfBoundsException if the rectangle is not inside {@code pixels}
     */
    void encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf out);

    /** Most bytes that {@link #encode} appends. */
    int maxBytes(int width, int height);
}
