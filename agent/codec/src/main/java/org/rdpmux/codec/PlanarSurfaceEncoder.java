// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import org.rdpmux.codec.PlanarEncoder.Planes;

/**
 * The planar codec of the graphics pipeline: the bytes of {@link PlanarEncoder} without alpha ([MS-RDPEGDI] 2.2.2.5.1), but as
 * wide as the rectangle and with rows from the top. Lossless, for anything; never more than three bytes for each pixel and two.
 */
public final class PlanarSurfaceEncoder implements SurfaceEncoder {

    private final PlanarEncoder encoder = new PlanarEncoder(Planes.COLOURS);

    @Override
    public void encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf out) {
        encoder.encodeForSurface(pixels, offset, stride, width, height, out);
    }

    @Override
    public int maxBytes(int width, int height) {
        return 2 + 3 * width * height;
    }
}
