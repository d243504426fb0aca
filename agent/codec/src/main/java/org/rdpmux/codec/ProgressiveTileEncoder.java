// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Tiles of the RemoteFX Progressive codec, [MS-RDPEGFX] 2.2.4.2: each one a RFX_PROGRESSIVE_TILE_SIMPLE block, which a decoder
 * reads without any that came before, so that viewers can share it. Lossy, for photos and what moves like video; {@link
 * ProgressiveStream} makes a bitmap of the blocks. For one thread; keeps scratch memory but no state.
 */
public final class ProgressiveTileEncoder implements LossyTileEncoder {

    private static final int TILE_SIMPLE = 0xccc5;

    /** Block type and length, three quantiser indices, position, flags, four lengths. */
    private static final int HEADER = 2 + 4 + 3 + 2 * 2 + 1 + 4 * 2;

    private final RfxQuality quality;
    private final YCbCrTile tile = new YCbCrTile();
    private final RfxComponentEncoder component =
            new RfxComponentEncoder(new ReduceExtrapolateDwt(), RlgrEncoder.Mode.RLGR1);
    private final byte[] bytes = new byte[HEADER + 3 * RlgrEncoder.MAX_BYTES + BitWriter.MARGIN];

    public ProgressiveTileEncoder(RfxQuality quality) {
        this.quality = Objects.requireNonNull(quality);
    }

    @Override
    public int maxBytes() {
        return HEADER + 3 * RlgrEncoder.MAX_BYTES;
    }

    @Override
    public void encode(int[] pixels, int offset, int stride, int width, int height, int column, int row, ByteBuf out) {
        LossyTileEncoder.check(pixels, offset, stride, width, height, column, row);
        tile.load(pixels, offset, stride, width, height);
        int yEnd = component.encode(tile.y, quality.luma(), bytes, HEADER);
        int cbEnd = component.encode(tile.cb, quality.chroma(), bytes, yEnd);
        int crEnd = component.encode(tile.cr, quality.chroma(), bytes, cbEnd);
        out.writeShortLE(TILE_SIMPLE);
        out.writeIntLE(crEnd);
        out.writeByte(quality.lumaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeShortLE(column);
        out.writeShortLE(row);
        out.writeByte(0); // flags: the coefficients are not differences to those before
        out.writeShortLE(yEnd - HEADER);
        out.writeShortLE(cbEnd - yEnd);
        out.writeShortLE(crEnd - cbEnd);
        out.writeShortLE(0); // tailLen
        out.writeBytes(bytes, HEADER, crEnd - HEADER);
    }
}
