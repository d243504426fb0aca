// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** TS_FONT_MAP_PDU ([MS-RDPBCGR] 2.2.1.22.1): ends finalization; its fields mean nothing. */
public record FontMap() implements DataBody {

    private static final int FONTMAP_FIRST_AND_LAST = 3;
    private static final int ENTRY_SIZE = 4;

    static FontMap decode(ByteBuf in) {
        PduException.need(in, 8, "TS_FONT_MAP_PDU", "numberEntries");
        in.skipBytes(8); // numberEntries 2, totalNumEntries 2, mapFlags 2, entrySize 2: ignored by clients
        return new FontMap();
    }

    @Override
    public int type() {
        return FONT_MAP;
    }

    @Override
    public int size() {
        return 8;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(0).writeShortLE(0).writeShortLE(FONTMAP_FIRST_AND_LAST).writeShortLE(ENTRY_SIZE);
    }
}
