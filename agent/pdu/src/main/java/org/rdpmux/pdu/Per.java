// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;

/** The few of the packed encoding rules ([X691], aligned) that MCS and GCC need. */
public final class Per {

    /** Longer ones are sent in fragments, which RDP does not use. */
    public static final int MAX_LENGTH = 0x3fff;

    private Per() {}

    /** Reads a length determinant of one or two bytes, minimal or not. */
    public static int readLength(ByteBuf in, String structure, String field) {
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

    /** Bytes {@link #writeLength} writes. */
    public static int lengthSize(int length) {
        return length < 0x80 ? 1 : 2;
    }

    /** Writes the shorter form that fits. */
    public static void writeLength(ByteBuf out, int length) {
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("length " + length);
        }
        if (length < 0x80) {
            out.writeByte(length);
        } else {
            out.writeShort(0x8000 | length);
        }
    }
}
