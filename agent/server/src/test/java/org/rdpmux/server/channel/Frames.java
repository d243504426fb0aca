// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;

/** A client's view of the frames that a server sends on static channels. */
final class Frames {

    static final int FIRST = ChannelPduHeader.FLAG_FIRST;
    static final int LAST = ChannelPduHeader.FLAG_LAST;

    /** One chunk as it arrives. */
    record Chunk(int channelId, ChannelPduHeader header, byte[] data) {}

    private Frames() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] bytes(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        assertEquals(pdu.size(), out.readableBytes());
        return take(out);
    }

    private static byte[] take(ByteBuf in) {
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        return bytes;
    }

    static Chunk chunk(Outgoing outgoing) {
        ByteBuf payload = DataFrame.decodePayload(Unpooled.wrappedBuffer(bytes(outgoing.frame())));
        SendData mcs = assertInstanceOf(SendData.class, DomainPdu.decode(payload));
        assertTrue(mcs.indication());
        assertEquals(1002, mcs.initiator());
        assertEquals(mcs.length(), payload.readableBytes());
        ChannelPduHeader header = ChannelPduHeader.decode(payload);
        return new Chunk(mcs.channelId(), header, take(payload));
    }

    static List<Chunk> chunks(List<Outgoing> frames) {
        return frames.stream().map(Frames::chunk).toList();
    }

    /** Puts chunks of one channel together, as strictly as any client does. */
    static List<byte[]> messages(List<Outgoing> frames) {
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream message = null;
        for (Chunk chunk : chunks(frames)) {
            assertTrue(chunk.data().length <= 1600, "a chunk of " + chunk.data().length);
            assertEquals(message == null, chunk.header().isFirst());
            if (message == null) {
                message = new ByteArrayOutputStream();
            }
            message.writeBytes(chunk.data());
            assertEquals(
                    message.size() == chunk.header().length(), chunk.header().isLast());
            if (chunk.header().isLast()) {
                messages.add(message.toByteArray());
                message = null;
            }
        }
        assertFalse(message != null, "the last message has no end");
        return messages;
    }

    /** The messages as hex digits, for comparing with a table. */
    static List<String> said(List<Outgoing> frames) {
        return messages(frames).stream().map(HexFormat.of()::formatHex).toList();
    }
}
