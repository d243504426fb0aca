// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;

/** A part of a message that is longer than a PDU may be. It shares the message's bytes with the other parts. */
record Part(byte[] message, int offset, int size) implements Pdu {

    /** Cuts a message into parts of at most {@code maxSize} bytes. */
    static List<Pdu> cut(Pdu message, int maxSize) {
        byte[] bytes = new byte[message.size()];
        message.encode(Unpooled.wrappedBuffer(bytes).clear());
        List<Pdu> parts = new ArrayList<>(bytes.length / maxSize + 1);
        for (int offset = 0; offset < bytes.length; offset += maxSize) {
            parts.add(new Part(bytes, offset, Math.min(maxSize, bytes.length - offset)));
        }
        return parts;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeBytes(message, offset, size);
    }
}
