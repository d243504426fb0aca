// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** The TPKT header ([T123] 8). */
final class Tpkt {

    /** version 1, reserved 1, length 2. */
    static final int SIZE = 4;

    private static final String NAME = "TPKT";
    private static final int VERSION = 3;

    private Tpkt() {}

    /** Reads the header; returns the rest of the packet, a slice of {@code in}. */
    static ByteBuf decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "version");
        PduException.expect(in.readUnsignedByte(), VERSION, NAME, "version"); // 1 byte
        in.skipBytes(1); // reserved: 1 byte
        int length = in.readUnsignedShort(); // 2 bytes, this header included
        PduException.range(length, SIZE, 0xffff, NAME, "length");
        PduException.need(in, length - SIZE, NAME, "length");
        return in.readSlice(length - SIZE);
    }

    static void writeHeader(ByteBuf out, int length) {
        out.writeByte(VERSION).writeByte(0).writeShort(length);
    }
}
