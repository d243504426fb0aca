// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.LockFlags;

/**
 * TS_INPUT_PDU_DATA ([MS-RDPBCGR] 2.2.8.1.1.3.1): input as a share data PDU. Events of a type without use
 * (INPUT_EVENT_UNUSED) or unknown are left out of {@code events}.
 */
public record SlowPathInput(List<ClientInput> events) implements DataBody {

    private static final String NAME = "TS_INPUT_PDU_DATA";

    private static final int SYNC = 0x0000;
    private static final int SCANCODE = 0x0004;
    private static final int UNICODE = 0x0005;
    private static final int MOUSE = 0x8001;
    private static final int MOUSEX = 0x8002;
    private static final int MOUSEREL = 0x8004;

    private static final int EXTENDED = 0x0100;
    private static final int EXTENDED1 = 0x0200;
    private static final int RELEASE = 0x8000;

    /** eventTime 4, messageType 2, six bytes of event: every type is as long as every other. */
    private static final int EVENT_SIZE = 12;

    public SlowPathInput {
        events = List.copyOf(events);
        if (events.size() > 0xffff) {
            throw new IllegalArgumentException(events.size() + " events");
        }
        if (events.stream().anyMatch(ClientInput.QoeTimestamp.class::isInstance)) {
            throw new IllegalArgumentException("QoeTimestamp is fast-path only");
        }
    }

    public static SlowPathInput decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "numberEvents");
        int count = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // pad2Octets: 2 bytes
        PduException.need(in, count * EVENT_SIZE, NAME, "slowPathInputEvents");
        List<ClientInput> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.skipBytes(4); // eventTime: 4 bytes, ignored by servers
            int type = in.readUnsignedShortLE(); // messageType: 2 bytes
            int a = in.readUnsignedShortLE();
            int b = in.readUnsignedShortLE();
            int c = in.readUnsignedShortLE();
            switch (type) {
                case SYNC -> events.add(new ClientInput.Synchronize(LockFlags.of(b))); // pad2Octets 2, toggleFlags 4
                case SCANCODE -> // keyboardFlags 2, keyCode 2, pad2Octets 2
                    events.add(new ClientInput.Key(
                            b & 0xff, (a & RELEASE) == 0, (a & EXTENDED) != 0, (a & EXTENDED1) != 0));
                case UNICODE -> events.add(new ClientInput.UnicodeKey(b, (a & RELEASE) == 0));
                case MOUSE -> events.add(new ClientInput.Mouse(a, b, c)); // pointerFlags 2, xPos 2, yPos 2
                case MOUSEX -> events.add(new ClientInput.ExtendedMouse(a, b, c));
                case MOUSEREL -> events.add(new ClientInput.RelativeMouse(a, (short) b, (short) c));
                default -> {} // INPUT_EVENT_UNUSED or newer than this: six bytes like the others
            }
        }
        return new SlowPathInput(events);
    }

    @Override
    public int type() {
        return INPUT;
    }

    @Override
    public int size() {
        return 4 + events.size() * EVENT_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(events.size()).writeShortLE(0);
        for (ClientInput event : events) {
            out.writeIntLE(0);
            if (event instanceof ClientInput.Key key) {
                int flags = (key.down() ? 0 : RELEASE)
                        | (key.extended() ? EXTENDED : 0)
                        | (key.extended1() ? EXTENDED1 : 0);
                write(out, SCANCODE, flags, key.scanCode(), 0);
            } else if (event instanceof ClientInput.UnicodeKey key) {
                write(out, UNICODE, key.down() ? 0 : RELEASE, key.codeUnit(), 0);
            } else if (event instanceof ClientInput.Mouse mouse) {
                write(out, MOUSE, mouse.pointerFlags(), mouse.x(), mouse.y());
            } else if (event instanceof ClientInput.ExtendedMouse mouse) {
                write(out, MOUSEX, mouse.pointerFlags(), mouse.x(), mouse.y());
            } else if (event instanceof ClientInput.RelativeMouse mouse) {
                write(out, MOUSEREL, mouse.pointerFlags(), mouse.dx(), mouse.dy());
            } else if (event instanceof ClientInput.Synchronize sync) {
                write(out, SYNC, 0, sync.locks().bits(), 0);
            }
        }
    }

    private static void write(ByteBuf out, int type, int a, int b, int c) {
        out.writeShortLE(type).writeShortLE(a).writeShortLE(b).writeShortLE(c);
    }
}
