// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * ChannelJoinConfirm ([T125] 7, part 15; [MS-RDPBCGR] 2.2.1.9).
 *
 * @param result 0 if the channel was joined
 * @param initiator the client's user channel
 * @param requested the channel it asked for
 * @param channelId the channel it got; 0 if none
 */
public record ChannelJoinConfirm(int result, int initiator, int requested, int channelId) implements DomainPdu {

    /** rt-no-such-channel. */
    public static final int NO_SUCH_CHANNEL = 3;

    static final int CHOICE = 15;

    private static final String NAME = "ChannelJoinConfirm";
    private static final int HAS_CHANNEL = 2;

    public ChannelJoinConfirm {
        UserChannel.check(initiator);
        if (result < 0 || result > 15 || requested < 0 || requested > 0xffff || channelId < 0 || channelId > 0xffff) {
            throw new IllegalArgumentException("result " + result + " for channel " + requested);
        }
    }

    static ChannelJoinConfirm decode(int options, ByteBuf in) {
        PduException.need(in, 5, NAME, "result");
        int result = (options & 1) << 3 | in.readUnsignedByte() >> 5; // 4 bits, three of them in a byte of their own
        int initiator = UserChannel.read(in, NAME, "initiator"); // 2 bytes
        int requested = in.readUnsignedShort(); // 2 bytes
        if ((options & HAS_CHANNEL) == 0) {
            return new ChannelJoinConfirm(result, initiator, requested, 0);
        }
        PduException.need(in, 2, NAME, "channelId");
        return new ChannelJoinConfirm(result, initiator, requested, in.readUnsignedShort()); // 0 or 2 bytes
    }

    @Override
    public int size() {
        return channelId == 0 ? 6 : 8;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2 | (channelId == 0 ? 0 : HAS_CHANNEL) | result >> 3)
                .writeByte((result & 7) << 5);
        out.writeShort(initiator - FIRST_USER_CHANNEL).writeShort(requested);
        if (channelId != 0) {
            out.writeShort(channelId);
        }
    }
}
