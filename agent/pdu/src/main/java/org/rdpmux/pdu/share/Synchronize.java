// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_SYNCHRONIZE_PDU ([MS-RDPBCGR] 2.2.1.14.1, sent both ways).
 *
 * @param targetUser MCS channel id of the receiver
 */
public record Synchronize(int targetUser) implements DataBody {

    private static final String NAME = "TS_SYNCHRONIZE_PDU";
    private static final int SYNCMSGTYPE_SYNC = 1;

    static Synchronize decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "messageType");
        PduException.expect(in.readUnsignedShortLE(), SYNCMSGTYPE_SYNC, NAME, "messageType"); // 2 bytes
        return new Synchronize(in.readUnsignedShortLE()); // 2 bytes
    }

    @Override
    public int type() {
        return SYNCHRONIZE;
    }

    @Override
    public int size() {
        return 4;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(SYNCMSGTYPE_SYNC).writeShortLE(targetUser);
    }
}
