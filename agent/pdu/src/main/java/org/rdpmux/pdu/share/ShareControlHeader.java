// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_SHARECONTROLHEADER ([MS-RDPBCGR] 2.2.8.1.1.1.1).
 *
 * @param totalLength bytes of the PDU, this header included
 * @param type one of the {@code TYPE_} constants
 * @param source MCS channel id of the sender
 */
public record ShareControlHeader(int totalLength, int type, int source) implements Pdu {

    public static final int TYPE_DEMAND_ACTIVE = 1;
    public static final int TYPE_CONFIRM_ACTIVE = 3;
    public static final int TYPE_DEACTIVATE_ALL = 6;
    public static final int TYPE_DATA = 7;

    /** totalLength 2, pduType 2, pduSource 2. */
    public static final int SIZE = 6;

    private static final String NAME = "TS_SHARECONTROLHEADER";
    private static final int PROTOCOL_VERSION = 0x10;
    private static final int FLOW_MARKER = 0x8000;

    public ShareControlHeader {
        if (totalLength < 4 || totalLength > 0xffff || type < 0 || type > 15 || source < 0 || source > 0xffff) {
            throw new IllegalArgumentException("header of " + totalLength + " bytes, type " + type);
        }
    }

    /** True if a flow control PDU of [T128] begins here instead of a header: it and what follows are to be ignored. */
    public static boolean isFlowControl(ByteBuf in) {
        return in.readableBytes() >= 2 && in.getUnsignedShortLE(in.readerIndex()) == FLOW_MARKER;
    }

    /** Reads the header; {@link #bodyLength()} bytes are then known to be left in {@code in}. */
    public static ShareControlHeader decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "totalLength");
        int totalLength = in.readUnsignedShortLE(); // 2 bytes
        int type = in.readUnsignedShortLE(); // pduType: 2 bytes: type 4 bits, version 12 bits
        PduException.range(totalLength, 4, 0xffff, NAME, "totalLength");
        if (totalLength == 4) { // a short Deactivate All as old servers send it
            return new ShareControlHeader(totalLength, type & 15, 0);
        }
        PduException.range(totalLength, SIZE, 0xffff, NAME, "totalLength");
        PduException.need(in, totalLength - 4, NAME, "totalLength");
        return new ShareControlHeader(totalLength, type & 15, in.readUnsignedShortLE()); // pduSource: 2 bytes
    }

    public int bodyLength() {
        return Math.max(0, totalLength - SIZE);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(totalLength).writeShortLE(type | PROTOCOL_VERSION).writeShortLE(source);
    }
}
