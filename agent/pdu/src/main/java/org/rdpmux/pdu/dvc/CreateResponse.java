// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * DYNVC_CREATE_RSP ([MS-RDPEDYC] 2.2.2.2), from the client.
 *
 * @param channelId of the request
 * @param creationStatus an HRESULT: negative if there is no such channel
 */
public record CreateResponse(long channelId, int creationStatus) implements DynamicChannelPdu {

    private static final String NAME = "DYNVC_CREATE_RSP";

    public CreateResponse {
        DynamicChannelPdu.checkChannelId(channelId);
    }

    static CreateResponse decode(PduHeader header, ByteBuf in) {
        long channelId = header.channelId(in); // 1, 2 or 4 bytes
        PduException.need(in, 4, NAME, "CreationStatus");
        return new CreateResponse(channelId, in.readIntLE()); // 4 bytes
    }

    public boolean isSuccess() {
        return creationStatus >= 0;
    }

    @Override
    public int size() {
        return PduHeader.size(channelId) + 4;
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, CREATE, 0, channelId);
        out.writeIntLE(creationStatus);
    }
}
