// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** TS_FONT_LIST_PDU ([MS-RDPBCGR] 2.2.1.18.1): ends the client's side of finalization; its fields mean nothing. */
public record FontList() implements DataBody {

    private static final int FONTLIST_FIRST_AND_LAST = 3;
    private static final int ENTRY_SIZE = 0x32;

    static FontList decode(ByteBuf in) {
        PduException.need(in, 8, "TS_FONT_LIST_PDU", "numberFonts");
        in.skipBytes(8); // numberFonts 2, totalNumFonts 2, listFlags 2, entrySize 2: ignored by servers
        return new FontList();
    }

    @Override
    public int type() {
        return FONT_LIST;
    }

    @Override
    public int size() {
        return 8;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(0)
                .writeShortLE(0)
                .writeShortLE(FONTLIST_FIRST_AND_LAST)
                .writeShortLE(ENTRY_SIZE);
    }
}
