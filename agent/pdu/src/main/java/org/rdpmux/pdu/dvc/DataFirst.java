// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;

/**
 * DYNVC_DATA_FIRST ([MS-RDPEDYC] 2.2.3.1): the first part of a message that does not fit one PDU, without the
 * data, which follows. {@link Data} PDUs bring the rest.
 *
 * @param length bytes of the whole message, 0 to 4294967295
 */
public record DataFirst(long channelId, long length) implements DynamicChannelPdu {

    private static final String NAME = "DYNVC_DATA_FIRST";

    public DataFirst {
        DynamicChannelPdu.checkChannelId(channelId);
        if (length < 0 || length > VariableUint.MAX) {
            throw new IllegalArgumentException("message of " + length + " bytes");
        }
    }

    static DataFirst decode(PduHeader header, ByteBuf in) {
        long channelId = header.channelId(in); // 1, 2 or 4 bytes
        return new DataFirst(channelId, VariableUint.read(in, header.sp(), NAME, "Length")); // 1, 2 or 4 bytes
    }

    /** Bytes of header; the data comes on top. */
    @Override
    public int size() {
        return PduHeader.size(channelId) + VariableUint.size(length);
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, DATA_FIRST, VariableUint.code(length), channelId);
        VariableUint.write(out, length);
    }
}
