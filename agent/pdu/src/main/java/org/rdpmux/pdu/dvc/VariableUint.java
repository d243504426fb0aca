// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** An unsigned number of 1, 2 or 4 bytes; two bits of the PDU's first byte say which. */
final class VariableUint {

    static final long MAX = 0xffff_ffffL;

    private static final int ONE_BYTE = 0;
    private static final int TWO_BYTES = 1;
    private static final int FOUR_BYTES = 2;

    private VariableUint() {}

    /** The two bits for a number written as short as possible. */
    static int code(long value) {
        return value <= 0xff ? ONE_BYTE : value <= 0xffff ? TWO_BYTES : FOUR_BYTES;
    }

    static int size(long value) {
        return 1 << code(value);
    }

    static void write(ByteBuf out, long value) {
        switch (code(value)) {
            case ONE_BYTE -> out.writeByte((int) value);
            case TWO_BYTES -> out.writeShortLE((int) value);
            default -> out.writeIntLE((int) value);
        }
    }

    static long read(ByteBuf in, int code, String structure, String field) {
        PduException.range(code, ONE_BYTE, FOUR_BYTES, structure, field);
        PduException.need(in, 1 << code, structure, field);
        return switch (code) {
            case ONE_BYTE -> in.readUnsignedByte();
            case TWO_BYTES -> in.readUnsignedShortLE();
            default -> in.readUnsignedIntLE();
        };
    }
}
