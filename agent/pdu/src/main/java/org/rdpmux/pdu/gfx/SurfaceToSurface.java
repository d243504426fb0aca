// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_SURFACE_TO_SURFACE_PDU ([MS-RDPEGFX] 2.2.2.5), within one surface and to one place. Source and destination may
 * overlap.
 *
 * @param surfaceId 0 to 65535
 * @param from inside the surface
 * @param x left edge of the destination, 0 to 65535, which is inside the surface, too
 * @param y likewise its top edge
 */
public record SurfaceToSurface(int surfaceId, GfxRect from, int x, int y) implements GfxPdu {

    private static final String NAME = "RDPGFX_SURFACE_TO_SURFACE_PDU";

    /** surfaceIdSrc 2, surfaceIdDest 2, rectSrc 8, destPtsCount 2, one destPts 4. */
    private static final int BODY_SIZE = 18;

    static SurfaceToSurface decode(ByteBuf in) {
        PduException.need(in, BODY_SIZE, NAME, "surfaceIdSrc");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        PduException.expect(in.readUnsignedShortLE(), surfaceId, NAME, "surfaceIdDest"); // 2 bytes
        GfxRect from = GfxRect.decode(in, NAME, "rectSrc"); // 8 bytes
        PduException.expect(in.readUnsignedShortLE(), 1, NAME, "destPtsCount"); // 2 bytes
        return new SurfaceToSurface(
                surfaceId, from, in.readUnsignedShortLE(), in.readUnsignedShortLE()); // 2 bytes each
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, SURFACE_TO_SURFACE, size());
        out.writeShortLE(surfaceId).writeShortLE(surfaceId);
        from.encode(out);
        out.writeShortLE(1).writeShortLE(x).writeShortLE(y);
    }
}
