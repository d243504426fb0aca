// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.pointer.LargePointer;
import org.rdpmux.pdu.pointer.PointerUpdate;

/**
 * TS_POINTER_PDU ([MS-RDPBCGR] 2.2.9.1.1.4): a pointer update for clients without fast-path output.
 *
 * @param update anything but a {@link LargePointer}, which has no slow-path form
 */
public record SlowPathPointer(PointerUpdate update) implements DataBody {

    private static final String NAME = "TS_POINTER_PDU";

    private static final int TS_PTRMSGTYPE_SYSTEM = 1;
    private static final int TS_PTRMSGTYPE_POSITION = 3;
    private static final int TS_PTRMSGTYPE_COLOR = 6;
    private static final int TS_PTRMSGTYPE_CACHED = 7;
    private static final int TS_PTRMSGTYPE_POINTER = 8;

    private static final int SYSPTR_NULL = 0;
    private static final int SYSPTR_DEFAULT = 0x7f00;

    public SlowPathPointer {
        if (update instanceof LargePointer) {
            throw new IllegalArgumentException("large pointers are fast-path only");
        }
    }

    static SlowPathPointer decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "messageType");
        int messageType = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // pad2Octets: 2 bytes
        return new SlowPathPointer(
                switch (messageType) {
                    case TS_PTRMSGTYPE_SYSTEM -> decodeSystem(in);
                    case TS_PTRMSGTYPE_POSITION -> PointerUpdate.decode(UpdateCode.POINTER_POSITION, in);
                    case TS_PTRMSGTYPE_COLOR -> PointerUpdate.decode(UpdateCode.POINTER_COLOR, in);
                    case TS_PTRMSGTYPE_CACHED -> PointerUpdate.decode(UpdateCode.POINTER_CACHED, in);
                    case TS_PTRMSGTYPE_POINTER -> PointerUpdate.decode(UpdateCode.POINTER_NEW, in);
                    default -> throw new PduException(NAME, "messageType", "unknown type " + messageType);
                });
    }

    private static PointerUpdate decodeSystem(ByteBuf in) {
        PduException.need(in, 4, "TS_SYSTEMPOINTERATTRIBUTE", "systemPointerType");
        return in.readIntLE() == SYSPTR_NULL ? new PointerUpdate.Hidden() : new PointerUpdate.Default(); // 4 bytes
    }

    @Override
    public int type() {
        return POINTER;
    }

    @Override
    public int size() {
        return 4 + (isSystem() ? 4 : update.size());
    }

    private boolean isSystem() {
        return update instanceof PointerUpdate.Hidden || update instanceof PointerUpdate.Default;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(messageType()).writeShortLE(0);
        if (isSystem()) {
            out.writeIntLE(update instanceof PointerUpdate.Hidden ? SYSPTR_NULL : SYSPTR_DEFAULT);
        } else {
            update.encode(out);
        }
    }

    private int messageType() {
        return switch (update.updateCode()) {
            case UpdateCode.POINTER_HIDDEN, UpdateCode.POINTER_DEFAULT -> TS_PTRMSGTYPE_SYSTEM;
            case UpdateCode.POINTER_POSITION -> TS_PTRMSGTYPE_POSITION;
            case UpdateCode.POINTER_COLOR -> TS_PTRMSGTYPE_COLOR;
            case UpdateCode.POINTER_CACHED -> TS_PTRMSGTYPE_CACHED;
            default -> TS_PTRMSGTYPE_POINTER;
        };
    }
}
