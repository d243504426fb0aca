// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;

/** DYNVC_CLOSE ([MS-RDPEDYC] 2.2.4): either end closes a channel. A client may answer a server's with its own, a server never. */
public record Close(long channelId) implements DynamicChannelPdu {

    public Close {
        DynamicChannelPdu.checkChannelId(channelId);
    }

    @Override
    public int size() {
        return PduHeader.size(channelId);
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, CLOSE, 0, channelId);
    }
}
