// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** RDPGFX_MAP_SURFACE_TO_OUTPUT_PDU ([MS-RDPEGFX] 2.2.2.15): the surface is what the desktop shows, from its origin on. */
public record MapSurfaceToOutput(int surfaceId) implements GfxPdu {

    private static final String NAME = "RDPGFX_MAP_SURFACE_TO_OUTPUT_PDU";
    private static final int BODY_SIZE = 12;

    static MapSurfaceToOutput decode(ByteBuf in) {
        PduException.need(in, BODY_SIZE, NAME, "surfaceId");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // reserved
        PduException.expect(in.readIntLE(), 0, NAME, "outputOriginX"); // 4 bytes
        PduException.expect(in.readIntLE(), 0, NAME, "outputOriginY"); // 4 bytes
        return new MapSurfaceToOutput(surfaceId);
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, MAP_SURFACE_TO_OUTPUT, size());
        out.writeShortLE(surfaceId).writeZero(10);
    }
}
