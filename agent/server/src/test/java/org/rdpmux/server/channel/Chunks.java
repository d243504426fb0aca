// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;

/** A client's view of the chunks that a server sends on a static channel. */
final class Chunks {

    static final int FIRST = ChannelPduHeader.FLAG_FIRST;
    static final int LAST = ChannelPduHeader.FLAG_LAST;

    private Chunks() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] bytes(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        assertEquals(pdu.size(), out.readableBytes());
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** Puts chunks of one channel together, as strictly as any client does. */
    static List<byte[]> messages(List<Outgoing> chunks) {
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream message = null;
        for (Outgoing chunk : chunks) {
            assertTrue(chunk.data().size() <= 1600, "a chunk of " + chunk.data().size());
            assertEquals(message == null, chunk.header().isFirst());
            if (message == null) {
                message = new ByteArrayOutputStream();
            }
            message.writeBytes(bytes(chunk.data()));
            assertEquals(
                    message.size() == chunk.header().length(), chunk.header().isLast());
            if (chunk.header().isLast()) {
                messages.add(message.toByteArray());
                message = null;
            }
        }
        assertNull(message, "the last message has no end");
        return messages;
    }

    /** The messages as hex digits, for comparing with a table. */
    static List<String> said(List<Outgoing> chunks) {
        return messages(chunks).stream().map(HexFormat.of()::formatHex).toList();
    }
}
