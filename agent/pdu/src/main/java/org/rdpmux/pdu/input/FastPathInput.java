// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.input;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_FP_INPUT_PDU ([MS-RDPBCGR] 2.2.8.1.2), under TLS: neither encrypted nor signed.
 *
 * @param events 0 to 255, in the order they happened
 */
public record FastPathInput(List<ClientInput> events) implements Pdu {

    private static final String NAME = "TS_FP_INPUT_PDU";
    private static final String EVENT = "TS_FP_INPUT_EVENT";

    private static final int SCANCODE = 0;
    private static final int MOUSE = 1;
    private static final int MOUSEX = 2;
    private static final int SYNC = 3;
    private static final int UNICODE = 4;
    private static final int RELMOUSE = 5;
    private static final int QOE_TIMESTAMP = 6;

    private static final int RELEASE = 1;
    private static final int EXTENDED = 2;
    private static final int EXTENDED1 = 4;

    private static final int MAX_EVENTS = 255;
    private static final int MAX_EVENTS_IN_HEADER = 15;

    public FastPathInput {
        events = List.copyOf(events);
        if (events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException(events.size() + " events");
        }
    }

    /** Reads one PDU that has been framed already, from its header to its end. */
    public static FastPathInput decode(ByteBuf in) {
        PduException.need(in, 2, NAME, "fpInputHeader");
        int header = in.readUnsignedByte(); // 1 byte: action 2 bits, numEvents 4 bits, flags 2 bits
        PduException.expect(header & 3, 0, NAME, "action");
        PduException.expect(header >> 6, 0, NAME, "flags"); // no RDP encryption under TLS
        if ((in.readUnsignedByte() & 0x80) != 0) { // length1 1 byte, length2 0 or 1 byte: the framing checked them
            PduException.need(in, 1, NAME, "length2");
            in.skipBytes(1);
        }
        int count = header >> 2 & 15;
        if (count == 0) {
            PduException.need(in, 1, NAME, "numEvents");
            count = in.readUnsignedByte(); // 0 or 1 byte
        }
        List<ClientInput> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(decodeEvent(in));
        }
        PduException.end(in, NAME);
        return new FastPathInput(events);
    }

    private static ClientInput decodeEvent(ByteBuf in) {
        PduException.need(in, 1, EVENT, "eventHeader");
        int header = in.readUnsignedByte(); // 1 byte: flags 5 bits, code 3 bits
        int flags = header & 31;
        switch (header >> 5) {
            case SCANCODE -> {
                PduException.need(in, 1, EVENT, "keyCode");
                return new ClientInput.Key(
                        in.readUnsignedByte(),
                        (flags & RELEASE) == 0,
                        (flags & EXTENDED) != 0,
                        (flags & EXTENDED1) != 0);
            }
            case MOUSE -> {
                PduException.need(in, 6, EVENT, "pointerFlags");
                return new ClientInput.Mouse(
                        in.readUnsignedShortLE(), in.readUnsignedShortLE(), in.readUnsignedShortLE());
            }
            case MOUSEX -> {
                PduException.need(in, 6, EVENT, "pointerFlags");
                return new ClientInput.ExtendedMouse(
                        in.readUnsignedShortLE(), in.readUnsignedShortLE(), in.readUnsignedShortLE());
            }
            case SYNC -> {
                return new ClientInput.Synchronize(LockFlags.of(flags));
            }
            case UNICODE -> {
                PduException.need(in, 2, EVENT, "unicodeCode");
                return new ClientInput.UnicodeKey(in.readUnsignedShortLE(), (flags & RELEASE) == 0);
            }
            case RELMOUSE -> {
                PduException.need(in, 6, EVENT, "pointerFlags");
                return new ClientInput.RelativeMouse(in.readUnsignedShortLE(), in.readShortLE(), in.readShortLE());
            }
            case QOE_TIMESTAMP -> {
                PduException.need(in, 4, EVENT, "timestamp");
                return new ClientInput.QoeTimestamp(in.readUnsignedIntLE());
            }
            default -> throw new PduException(EVENT, "eventCode", "unknown code " + (header >> 5));
        }
    }

    @Override
    public int size() {
        int size = 1 + (events.isEmpty() || events.size() > MAX_EVENTS_IN_HEADER ? 1 : 0);
        for (ClientInput event : events) {
            size += sizeOf(event);
        }
        return size + 1 > 0x7f ? size + 2 : size + 1;
    }

    private static int sizeOf(ClientInput event) {
        if (event instanceof ClientInput.Synchronize) {
            return 1;
        }
        if (event instanceof ClientInput.Key) {
            return 2;
        }
        if (event instanceof ClientInput.UnicodeKey) {
            return 3;
        }
        return event instanceof ClientInput.QoeTimestamp ? 5 : 7;
    }

    @Override
    public void encode(ByteBuf out) {
        int size = size();
        int count = events.size();
        boolean inHeader = count > 0 && count <= MAX_EVENTS_IN_HEADER;
        out.writeByte(inHeader ? count << 2 : 0);
        if (size > 0x7f) {
            out.writeShort(size | 0x8000);
        } else {
            out.writeByte(size);
        }
        if (!inHeader) {
            out.writeByte(count);
        }
        events.forEach(event -> encodeEvent(event, out));
    }

    private static void encodeEvent(ClientInput event, ByteBuf out) {
        if (event instanceof ClientInput.Key key) {
            int flags =
                    (key.down() ? 0 : RELEASE) | (key.extended() ? EXTENDED : 0) | (key.extended1() ? EXTENDED1 : 0);
            out.writeByte(SCANCODE << 5 | flags).writeByte(key.scanCode());
        } else if (event instanceof ClientInput.UnicodeKey key) {
            out.writeByte(UNICODE << 5 | (key.down() ? 0 : RELEASE)).writeShortLE(key.codeUnit());
        } else if (event instanceof ClientInput.Mouse mouse) {
            out.writeByte(MOUSE << 5);
            out.writeShortLE(mouse.pointerFlags()).writeShortLE(mouse.x()).writeShortLE(mouse.y());
        } else if (event instanceof ClientInput.ExtendedMouse mouse) {
            out.writeByte(MOUSEX << 5);
            out.writeShortLE(mouse.pointerFlags()).writeShortLE(mouse.x()).writeShortLE(mouse.y());
        } else if (event instanceof ClientInput.RelativeMouse mouse) {
            out.writeByte(RELMOUSE << 5);
            out.writeShortLE(mouse.pointerFlags()).writeShortLE(mouse.dx()).writeShortLE(mouse.dy());
        } else if (event instanceof ClientInput.Synchronize sync) {
            out.writeByte(SYNC << 5 | sync.locks().bits());
        } else if (event instanceof ClientInput.QoeTimestamp qoe) {
            out.writeByte(QOE_TIMESTAMP << 5).writeIntLE((int) qoe.timestamp());
        }
    }
}
