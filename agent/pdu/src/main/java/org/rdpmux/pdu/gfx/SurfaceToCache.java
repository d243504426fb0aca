// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_SURFACE_TO_CACHE_PDU ([MS-RDPEGFX] 2.2.2.6): the client keeps pixels of a surface.
 *
 * @param surfaceId 0 to 65535
 * @param cacheKey names the pixels, for clients that keep them from session to session
 * @param cacheSlot 1 to 65535, which has to be empty
 * @param from inside the surface
 */
public record SurfaceToCache(int surfaceId, long cacheKey, int cacheSlot, GfxRect from) implements GfxPdu {

    private static final String NAME = "RDPGFX_SURFACE_TO_CACHE_PDU";

    /** surfaceId 2, cacheKey 8, cacheSlot 2, rectSrc 8. */
    private static final int BODY_SIZE = 20;

    static SurfaceToCache decode(ByteBuf in) {
        PduException.need(in, BODY_SIZE, NAME, "surfaceId");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        long cacheKey = in.readLongLE(); // 8 bytes
        int cacheSlot = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(cacheSlot, 1, 0xffff, NAME, "cacheSlot");
        return new SurfaceToCache(surfaceId, cacheKey, cacheSlot, GfxRect.decode(in, NAME, "rectSrc")); // 8 bytes
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, SURFACE_TO_CACHE, size());
        out.writeShortLE(surfaceId).writeLongLE(cacheKey).writeShortLE(cacheSlot);
        from.encode(out);
    }
}
