// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_EVICT_CACHE_ENTRY_PDU ([MS-RDPEGFX] 2.2.2.8): the client forgets pixels that it has kept.
 *
 * @param cacheSlot 1 to 65535, which is filled
 */
public record EvictCacheEntry(int cacheSlot) implements GfxPdu {

    /** Bytes of the whole PDU: header 8, cacheSlot 2. */
    public static final int SIZE = HEADER_SIZE + 2;

    private static final String NAME = "RDPGFX_EVICT_CACHE_ENTRY_PDU";

    static EvictCacheEntry decode(ByteBuf in) {
        PduException.need(in, SIZE - HEADER_SIZE, NAME, "cacheSlot");
        int cacheSlot = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(cacheSlot, 1, 0xffff, NAME, "cacheSlot");
        return new EvictCacheEntry(cacheSlot);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, EVICT_CACHE_ENTRY, size());
        out.writeShortLE(cacheSlot);
    }
}
