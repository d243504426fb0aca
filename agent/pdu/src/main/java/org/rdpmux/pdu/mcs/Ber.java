// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** The few of the basic encoding rules ([X690]) that MCS needs; definite lengths only, minimal or not. */
final class Ber {

    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int ENUMERATED = 0x0a;
    static final int SEQUENCE = 0x30;
    /** [APPLICATION 101], constructed. */
    static final int CONNECT_INITIAL = 0x7f65;
    /** [APPLICATION 102], constructed. */
    static final int CONNECT_RESPONSE = 0x7f66;

    private static final int LONG_TAG = 0x7f;

    private Ber() {}

    /** Reads tag and length; returns the contents, a slice of {@code in}. */
    static ByteBuf readContents(ByteBuf in, int tag, String structure, String field) {
        boolean longTag = tag >> 8 == LONG_TAG;
        PduException.need(in, longTag ? 2 : 1, structure, field);
        PduException.expect(longTag ? in.readUnsignedShort() : in.readUnsignedByte(), tag, structure, field);
        PduException.need(in, 1, structure, field);
        int length = in.readUnsignedByte();
        if (length > 0x80) {
            int bytes = length & 0x7f;
            PduException.range(bytes, 1, 4, structure, field);
            PduException.need(in, bytes, structure, field);
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | in.readUnsignedByte();
            }
        } else if (length == 0x80) {
            throw new PduException(structure, field, "of indefinite length");
        }
        PduException.need(in, length, structure, field);
        return in.readSlice(length);
    }

    /** Reads an INTEGER or ENUMERATED of at most four bytes, not counting a leading zero, as unsigned 32 bits. */
    static int readInteger(ByteBuf in, int tag, String structure, String field) {
        ByteBuf contents = readContents(in, tag, structure, field);
        PduException.range(contents.readableBytes(), 1, 5, structure, field);
        long value = 0;
        while (contents.isReadable()) {
            value = value << 8 | contents.readUnsignedByte();
        }
        PduException.range(value, 0, 0xffffffffL, structure, field);
        return (int) value;
    }

    static int headerSize(int tag, int length) {
        return (tag > 0xff ? 2 : 1) + (length < 0x80 ? 1 : 3);
    }

    static void writeHeader(ByteBuf out, int tag, int length) {
        if (tag > 0xff) {
            out.writeShort(tag);
        } else {
            out.writeByte(tag);
        }
        if (length < 0x80) {
            out.writeByte(length);
        } else {
            out.writeByte(0x82).writeShort(length);
        }
    }

    /** Bytes of an INTEGER: the fewest that keep it positive. */
    static int integerSize(int value) {
        return 2 + integerBytes(value);
    }

    private static int integerBytes(int value) {
        int bytes = 1;
        for (long v = value & 0xffffffffL; v > 0x7f; v >>= 8) {
            bytes++;
        }
        return bytes;
    }

    static void writeInteger(ByteBuf out, int tag, int value) {
        int bytes = integerBytes(value);
        out.writeByte(tag).writeByte(bytes);
        for (int i = bytes - 1; i >= 0; i--) {
            out.writeByte((int) ((value & 0xffffffffL) >> 8 * i));
        }
    }
}
