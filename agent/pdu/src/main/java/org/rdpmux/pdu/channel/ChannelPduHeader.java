// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.channel;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * CHANNEL_PDU_HEADER ([MS-RDPBCGR] 2.2.6.1.1), in front of each chunk of a static virtual channel's message.
 *
 * @param length bytes of the whole message, over all its chunks; bounded by nothing yet
 * @param flags the {@code FLAG_} bits
 */
public record ChannelPduHeader(long length, int flags) implements Pdu {

    public static final int FLAG_FIRST = 0x01;
    public static final int FLAG_LAST = 0x02;
    public static final int FLAG_SHOW_PROTOCOL = 0x10;
    public static final int FLAG_COMPRESSED = 0x00200000;

    /** length 4, flags 4. */
    public static final int SIZE = 8;

    private static final String NAME = "CHANNEL_PDU_HEADER";

    public static ChannelPduHeader decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "length");
        return new ChannelPduHeader(in.readUnsignedIntLE(), in.readIntLE()); // 4 bytes each
    }

    public boolean isFirst() {
        return (flags & FLAG_FIRST) != 0;
    }

    public boolean isLast() {
        return (flags & FLAG_LAST) != 0;
    }

    public boolean isCompressed() {
        return (flags & FLAG_COMPRESSED) != 0;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE((int) length).writeIntLE(flags);
    }
}
