// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * AttachUserConfirm ([T125] 7, part 11; [MS-RDPBCGR] 2.2.1.7).
 *
 * @param result 0 if the user was attached
 * @param initiator the user's channel; 0 if there is none
 */
public record AttachUserConfirm(int result, int initiator) implements DomainPdu {

    static final int CHOICE = 11;

    private static final String NAME = "AttachUserConfirm";
    private static final int HAS_INITIATOR = 2;

    public AttachUserConfirm {
        if (initiator != 0) {
            UserChannel.check(initiator);
        }
        if (result < 0 || result > 15) {
            throw new IllegalArgumentException("result " + result);
        }
    }

    static AttachUserConfirm decode(int options, ByteBuf in) {
        PduException.need(in, 1, NAME, "result");
        int result = (options & 1) << 3 | in.readUnsignedByte() >> 5; // 4 bits, three of them in a byte of their own
        if ((options & HAS_INITIATOR) == 0) {
            return new AttachUserConfirm(result, 0);
        }
        PduException.need(in, 2, NAME, "initiator");
        return new AttachUserConfirm(result, UserChannel.read(in, NAME, "initiator")); // 0 or 2 bytes
    }

    @Override
    public int size() {
        return initiator == 0 ? 2 : 4;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2 | (initiator == 0 ? 0 : HAS_INITIATOR) | result >> 3)
                .writeByte((result & 7) << 5);
        if (initiator != 0) {
            out.writeShort(initiator - FIRST_USER_CHANNEL);
        }
    }
}
