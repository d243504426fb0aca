// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_RECTANGLE16 ([MS-RDPBCGR] 2.2.11.1): edges as sent, in the order left, top, right, bottom, right and bottom
 * inclusive. Nothing says that the left edge is left of the right one.
 */
public record InclusiveRect(int left, int top, int right, int bottom) implements Pdu {

    public static final int SIZE = 8;

    static InclusiveRect decode(ByteBuf in) {
        PduException.need(in, SIZE, "TS_RECTANGLE16", "left");
        return new InclusiveRect( // 2 bytes each
                in.readUnsignedShortLE(), in.readUnsignedShortLE(), in.readUnsignedShortLE(), in.readUnsignedShortLE());
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(left).writeShortLE(top).writeShortLE(right).writeShortLE(bottom);
    }
}
