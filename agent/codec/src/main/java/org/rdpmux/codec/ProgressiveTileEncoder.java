// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Tiles of the RemoteFX Progressive codec, [MS-RDPEGFX] 2.2.4.2: each one a RFX_PROGRESSIVE_TILE_SIMPLE block, which a decoder
 * reads without any that came before, so that viewers can share it. Lossy, for photos and what moves like video; {@link
 * ProgressiveStream} makes a bitmap of the blocks.
 */
public final class ProgressiveTileEncoder extends LossyTileEncoder {

    private static final int TILE_SIMPLE = 0xccc5;

    /** Block type and length, three quantiser indices, position, flags, four lengths. */
    private static final int HEADER = 2 + 4 + 3 + 2 * 2 + 1 + 4 * 2;

    public ProgressiveTileEncoder(RfxQuality quality) {
        super(
                TILE_SIMPLE,
                HEADER,
                quality,
                new RfxComponentEncoder(new ReduceExtrapolateDwt(), RlgrEncoder.Mode.RLGR1));
    }

    @Override
    void writeLengths(int y, int cb, int cr, ByteBuf out) {
        out.writeByte(0); // flags: the coefficients are not differences to those before
        out.writeShortLE(y);
        out.writeShortLE(cb);
        out.writeShortLE(cr);
        out.writeShortLE(0); // tailLen
    }
}
