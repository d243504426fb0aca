// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;

/**
 * DYNVC_DATA_FIRST_COMPRESSED ([MS-RDPEDYC] 2.2.3.3): a {@link DataFirst} whose data is compressed, in
 * version 3 only.
 *
 * @param length bytes of the whole message, not compressed, 0 to 4294967295
 */
public record DataFirstCompressed(long channelId, long length) implements DynamicChannelPdu {

    private static final String NAME = "DYNVC_DATA_FIRST_COMPRESSED";

    public DataFirstCompressed {
        DynamicChannelPdu.checkChannelId(channelId);
        if (length < 0 || length > VariableUint.MAX) {
            throw new IllegalArgumentException("message of " + length + " bytes");
        }
    }

    static DataFirstCompressed decode(PduHeader header, ByteBuf in) {
        long channelId = header.channelId(in); // 1, 2 or 4 bytes
        return new DataFirstCompressed(
                channelId, VariableUint.read(in, header.sp(), NAME, "Length")); // 1, 2 or 4 bytes
    }

    /** Bytes of header; the data comes on top. */
    @Override
    public int size() {
        return PduHeader.size(channelId) + VariableUint.size(length);
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, DATA_FIRST_COMPRESSED, VariableUint.code(length), channelId);
        VariableUint.write(out, length);
    }
}
