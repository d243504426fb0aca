// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;

/** DYNVC_DATA_COMPRESSED ([MS-RDPEDYC] 2.2.3.4): {@link Data} that is compressed, in version 3 only. */
public record DataCompressed(long channelId) implements DynamicChannelPdu {

    public DataCompressed {
        DynamicChannelPdu.checkChannelId(channelId);
    }

    /** Bytes of header; the data comes on top. */
    @Override
    public int size() {
        return PduHeader.size(channelId);
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, DATA_COMPRESSED, 0, channelId);
    }
}
