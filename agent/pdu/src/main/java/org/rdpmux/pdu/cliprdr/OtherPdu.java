// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;

/**
 * A PDU of which no more than its size is read: CLIPRDR_TEMP_DIRECTORY ([MS-RDPECLIP] 2.2.2.3), the file contents PDUs (2.2.5.3
 * and 2.2.5.4), locks (2.2.4), and what later versions may bring.
 *
 * @param type its msgType, 0 to 65535
 * @param length bytes behind the header
 */
public record OtherPdu(int type, int length) implements ClipboardPdu {

    public OtherPdu {
        if (type < 0 || type > 0xffff || length < 0) {
            throw new IllegalArgumentException("message " + type + " of " + length + " bytes");
        }
    }

    static OtherPdu decode(int type, ByteBuf body) {
        int length = body.readableBytes();
        body.skipBytes(length);
        return new OtherPdu(type, length);
    }

    @Override
    public int size() {
        return HEADER_SIZE + length;
    }

    /** With zeros for what was not read. */
    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, type, 0, size());
        out.writeZero(length);
    }
}
