// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** The few of the packed encoding rules ([X691], aligned) that MCS needs. */
final class Per {

    /** Longer ones are sent in fragments, which RDP does not use. */
    static final int MAX_LENGTH = 0x3fff;

    private Per() {}

    static int readLength(ByteBuf in, String structure, String field) {
        PduException.need(in, 1, structure, field);
        int first = in.readUnsignedByte();
        if ((first & 0x80) == 0) {
            return first;
        }
        if ((first & 0x40) != 0) {
            throw new PduException(structure, field, "in fragments");
        }
        PduException.need(in, 1, structure, field);
        return (first & 0x3f) << 8 | in.readUnsignedByte();
    }

    static int lengthSize(int length) {
        return length < 0x80 ? 1 : 2;
    }

    static void writeLength(ByteBuf out, int length) {
        if (length < 0x80) {
            out.writeByte(length);
        } else {
            out.writeShort(0x8000 | length);
        }
    }

    /** Reads an INTEGER without bounds: a length and so many bytes, of which RDP uses 1, 2 or 4. */
    static int readInteger(ByteBuf in, String structure, String field) {
        int length = readLength(in, structure, field);
        PduException.range(length, 1, 4, structure, field);
        PduException.need(in, length, structure, field);
        int value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | in.readUnsignedByte();
        }
        return value;
    }

    /** Reads a user channel: 2 bytes that are known to be there. */
    static int readUser(ByteBuf in, String structure, String field) {
        int value = in.readUnsignedShort() + DomainPdu.FIRST_USER_CHANNEL;
        PduException.range(value, DomainPdu.FIRST_USER_CHANNEL, 0xffff, structure, field);
        return value;
    }

    static void checkChannel(int user) {
        if (user < DomainPdu.FIRST_USER_CHANNEL || user > 0xffff) {
            throw new IllegalArgumentException("user channel " + user);
        }
    }
}
