// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.rdpmux.pdu.PduException;

/**
 * DYNVC_CREATE_REQ ([MS-RDPEDYC] 2.2.2.1), from the server.
 *
 * @param channelId 0 to 4294967295, of the server's choice
 * @param priority class of the channel, 0 to 3; without meaning in version 1
 * @param name of the listener at the client's end, ANSI characters
 */
public record CreateRequest(long channelId, int priority, String name) implements DynamicChannelPdu {

    private static final String NAME = "DYNVC_CREATE_REQ";

    public CreateRequest {
        DynamicChannelPdu.checkChannelId(channelId);
        if (priority < 0 || priority >= Capabilities.PRIORITY_CLASSES) {
            throw new IllegalArgumentException("priority " + priority);
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("channel name with NUL");
        }
    }

    static CreateRequest decode(PduHeader header, ByteBuf in) {
        long channelId = header.channelId(in); // 1, 2 or 4 bytes
        int length = in.bytesBefore((byte) 0);
        if (length < 0) {
            throw new PduException(NAME, "ChannelName", "has no end");
        }
        String name = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString(); // variable
        in.skipBytes(1); // its NUL
        return new CreateRequest(channelId, header.sp(), name);
    }

    @Override
    public int size() {
        return PduHeader.size(channelId) + name.length() + 1;
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, CREATE, priority, channelId);
        out.writeCharSequence(name, StandardCharsets.ISO_8859_1);
        out.writeByte(0);
    }
}
