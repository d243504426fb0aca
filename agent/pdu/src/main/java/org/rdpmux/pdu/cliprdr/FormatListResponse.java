// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;

/** FORMAT_LIST_RESPONSE ([MS-RDPECLIP] 2.2.3.2): the other end has taken a format list, or could not. */
public record FormatListResponse(boolean ok) implements ClipboardPdu {

    @Override
    public int size() {
        return HEADER_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, FORMAT_LIST_RESPONSE, ClipboardPdu.flag(ok), size());
    }
}
