// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Tiles of the RemoteFX codec, TS_RFX_TILE of [MS-RDPRFX] 2.2.2.3.4.1, for clients that have it without the graphics pipeline;
 * {@link RemoteFxStream} makes messages of them.
 */
public final class RemoteFxTileEncoder implements LossyTileEncoder {

    private static final int CBT_TILE = 0xcac3;

    /** Block type and length, three quantiser indices, position, three lengths. */
    private static final int HEADER = 2 + 4 + 3 + 2 * 2 + 3 * 2;

    private final RfxQuality quality;
    private final YCbCrTile tile = new YCbCrTile();
    private final RfxComponentEncoder component;
    private final byte[] bytes = new byte[HEADER + 3 * RlgrEncoder.MAX_BYTES + BitWriter.MARGIN];

    /** @param rlgr3 whether for decoders of RLGR3, otherwise of RLGR1 */
    public RemoteFxTileEncoder(RfxQuality quality, boolean rlgr3) {
        this.quality = Objects.requireNonNull(quality);
        component = new RfxComponentEncoder(new PlainDwt(), rlgr3 ? RlgrEncoder.Mode.RLGR3 : RlgrEncoder.Mode.RLGR1);
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
        out.writeShortLE(CBT_TILE);
        out.writeIntLE(crEnd);
        out.writeByte(quality.lumaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeShortLE(column);
        out.writeShortLE(row);
        out.writeShortLE(yEnd - HEADER);
        out.writeShortLE(cbEnd - yEnd);
        out.writeShortLE(crEnd - cbEnd);
        out.writeBytes(bytes, HEADER, crEnd - HEADER);
    }
}
