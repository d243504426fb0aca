// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** RDPGFX_DELETE_SURFACE_PDU ([MS-RDPEGFX] 2.2.2.10). @param surfaceId 0 to 65535 */
public record DeleteSurface(int surfaceId) implements GfxPdu {

    private static final int BODY_SIZE = 2;

    static DeleteSurface decode(ByteBuf in) {
        PduException.need(in, BODY_SIZE, "RDPGFX_DELETE_SURFACE_PDU", "surfaceId");
        return new DeleteSurface(in.readUnsignedShortLE()); // 2 bytes
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, DELETE_SURFACE, size());
        out.writeShortLE(surfaceId);
    }
}
