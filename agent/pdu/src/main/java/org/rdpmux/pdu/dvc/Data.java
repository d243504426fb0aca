// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;

/** DYNVC_DATA ([MS-RDPEDYC] 2.2.3.2): a whole message, or more of one that {@link DataFirst} began; the data follows. */
public record Data(long channelId) implements DynamicChannelPdu {

    public Data {
        DynamicChannelPdu.checkChannelId(channelId);
    }

    /** Bytes of header; the data comes on top. */
    @Override
    public int size() {
        return PduHeader.size(channelId);
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, DATA, 0, channelId);
    }
}
