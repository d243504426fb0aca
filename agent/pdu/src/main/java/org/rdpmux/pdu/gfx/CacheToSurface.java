// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_CACHE_TO_SURFACE_PDU ([MS-RDPEGFX] 2.2.2.7), to one place: the client draws pixels that it has kept.
 *
 * @param cacheSlot 1 to 65535, which is filled
 * @param surfaceId 0 to 65535
 * @param x left edge of the destination, 0 to 65535, which is inside the surface
 * @param y likewise its top edge
 */
public record CacheToSurface(int cacheSlot, int surfaceId, int x, int y) implements GfxPdu {

    /** Bytes of the whole PDU: header 8, cacheSlot 2, surfaceId 2, destPtsCount 2, one destPts 4. */
    public static final int SIZE = HEADER_SIZE + 10;

    private static final String NAME = "RDPGFX_CACHE_TO_SURFACE_PDU";

    static CacheToSurface decode(ByteBuf in) {
        PduException.need(in, SIZE - HEADER_SIZE, NAME, "cacheSlot");
        int cacheSlot = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(cacheSlot, 1, 0xffff, NAME, "cacheSlot");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        PduException.expect(in.readUnsignedShortLE(), 1, NAME, "destPtsCount"); // 2 bytes
        return new CacheToSurface(
                cacheSlot, surfaceId, in.readUnsignedShortLE(), in.readUnsignedShortLE()); // 2 bytes each
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, CACHE_TO_SURFACE, size());
        out.writeShortLE(cacheSlot).writeShortLE(surfaceId);
        out.writeShortLE(1).writeShortLE(x).writeShortLE(y);
    }
}
