// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * ChannelJoinRequest ([T125] 7, part 14; [MS-RDPBCGR] 2.2.1.8).
 *
 * @param initiator the client's user channel
 * @param channelId the channel it wants to hear
 */
public record ChannelJoinRequest(int initiator, int channelId) implements DomainPdu {

    static final int CHOICE = 14;

    private static final String NAME = "ChannelJoinRequest";

    public ChannelJoinRequest {
        UserChannel.check(initiator);
        if (channelId < 0 || channelId > 0xffff) {
            throw new IllegalArgumentException("channel " + channelId);
        }
    }

    static ChannelJoinRequest decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "initiator");
        return new ChannelJoinRequest(UserChannel.read(in, NAME, "initiator"), in.readUnsignedShort()); // 2 bytes each
    }

    @Override
    public int size() {
        return 5;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2).writeShort(initiator - FIRST_USER_CHANNEL).writeShort(channelId);
    }
}
