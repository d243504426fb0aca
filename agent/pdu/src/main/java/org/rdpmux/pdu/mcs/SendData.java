// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Per;

/**
 * SendDataRequest (client) and SendDataIndication (server) of [T125] 7, parts 25 and 26, without their payload, which
 * follows.
 *
 * @param indication true if it comes from the server
 * @param initiator user channel of the sender
 * @param channelId where it goes
 * @param length bytes of payload
 */
public record SendData(boolean indication, int initiator, int channelId, int length) implements DomainPdu {

    /** Lengths beyond need fragments, which RDP does not use. */
    public static final int MAX_LENGTH = Per.MAX_LENGTH;

    static final int REQUEST_CHOICE = 25;
    static final int INDICATION_CHOICE = 26;

    private static final String NAME = "SendData";
    /** dataPriority high, segmentation begin and end. */
    private static final int HIGH_PRIORITY_WHOLE = 0x70;

    public SendData {
        UserChannel.check(initiator);
        if (channelId < 0 || channelId > 0xffff || length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(length + " bytes for channel " + channelId);
        }
    }

    public static SendData request(int initiator, int channelId, int length) {
        return new SendData(false, initiator, channelId, length);
    }

    public static SendData indication(int initiator, int channelId, int length) {
        return new SendData(true, initiator, channelId, length);
    }

    static SendData decode(boolean indication, ByteBuf in) {
        PduException.need(in, 5, NAME, "initiator");
        int initiator = UserChannel.read(in, NAME, "initiator"); // 2 bytes
        int channelId = in.readUnsignedShort(); // 2 bytes
        in.skipBytes(1); // dataPriority 2 bits, segmentation 2 bits, padding: 1 byte
        int length = Per.readLength(in, NAME, "userData"); // 1 or 2 bytes
        PduException.need(in, length, NAME, "userData");
        return new SendData(indication, initiator, channelId, length);
    }

    /** Bytes of header; the payload comes on top. */
    @Override
    public int size() {
        return 6 + Per.lengthSize(length);
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte((indication ? INDICATION_CHOICE : REQUEST_CHOICE) << 2);
        out.writeShort(initiator - FIRST_USER_CHANNEL).writeShort(channelId);
        out.writeByte(HIGH_PRIORITY_WHOLE);
        Per.writeLength(out, length);
    }
}
