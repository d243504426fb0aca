// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * A channel that notes what happens to it, in the order it happens: "open", each message as hex digits, "close". It greets
 * with 01, refuses messages that begin with ff, and answers others that begin with 80 with themselves. It fails its test
 * when the promises of {@link Channel} are broken.
 */
final class RecordingChannel implements Channel {

    private static final int REFUSED = 0xff;
    private static final int ECHOED = 0x80;

    final List<String> events = new ArrayList<>();
    private final String name;
    private final Priority priority;
    private final int maxMessage;
    private boolean opened;
    private boolean closed;

    RecordingChannel(String name, Priority priority, int maxMessage) {
        this.name = name;
        this.priority = priority;
        this.maxMessage = maxMessage;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Priority priority() {
        return priority;
    }

    @Override
    public int maxMessage() {
        return maxMessage;
    }

    @Override
    public List<Pdu> open(long now) {
        assertFalse(opened || closed, name);
        opened = true;
        events.add("open");
        return List.of(new Bytes(new byte[] {1}));
    }

    @Override
    public List<Pdu> message(ByteBuf message, long now) {
        assertTrue(opened && !closed, name);
        byte[] bytes = new byte[message.readableBytes()];
        assertTrue(bytes.length <= maxMessage, name);
        message.readBytes(bytes);
        events.add(HexFormat.of().formatHex(bytes));
        int first = bytes.length == 0 ? 0 : bytes[0] & 0xff;
        if (first == REFUSED) {
            throw new PduException("TEST", "first", "is ff");
        }
        return first == ECHOED ? List.of(new Bytes(bytes)) : List.of();
    }

    @Override
    public void close() {
        assertFalse(closed, name);
        closed = true;
        events.add("close");
    }

    boolean isClosed() {
        return closed;
    }

    /** A message of these bytes. */
    record Bytes(byte[] bytes) implements Pdu {

        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeBytes(bytes);
        }
    }
}
