// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_CACHE_IMPORT_REPLY_PDU ([MS-RDPEGFX] 2.2.2.17), from the server: of the bitmaps that the client has kept from another
 * session and offers, none is wanted.
 */
public record CacheImportReply() implements GfxPdu {

    private static final String NAME = "RDPGFX_CACHE_IMPORT_REPLY_PDU";

    static CacheImportReply decode(ByteBuf in) {
        PduException.need(in, 2, NAME, "importedEntriesCount");
        PduException.expect(in.readUnsignedShortLE(), 0, NAME, "importedEntriesCount"); // 2 bytes
        return new CacheImportReply();
    }

    @Override
    public int size() {
        return HEADER_SIZE + 2;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, CACHE_IMPORT_REPLY, size());
        out.writeShortLE(0);
    }
}
