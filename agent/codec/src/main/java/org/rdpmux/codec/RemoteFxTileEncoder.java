// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Tiles of the RemoteFX codec, TS_RFX_TILE of [MS-RDPRFX] 2.2.2.3.4.1, for clients that have it without the graphics pipeline;
 * {@link RemoteFxStream} makes messages of them.
 */
public final class RemoteFxTileEncoder extends LossyTileEncoder {

    private static final int CBT_TILE = 0xcac3;

    /** Block type and length, three quantiser indices, position, three lengths. */
    private static final int HEADER = 2 + 4 + 3 + 2 * 2 + 3 * 2;

    /** @param rlgr3 whether for decoders of RLGR3, otherwise of RLGR1 */
    public RemoteFxTileEncoder(RfxQuality quality, boolean rlgr3) {
        super(
                CBT_TILE,
                HEADER,
                quality,
                new RfxComponentEncoder(new PlainDwt(), rlgr3 ? RlgrEncoder.Mode.RLGR3 : RlgrEncoder.Mode.RLGR1));
    }

    @Override
    void writeLengths(int y, int cb, int cr, ByteBuf out) {
        out.writeShortLE(y);
        out.writeShortLE(cb);
        out.writeShortLE(cr);
    }
}
