// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * The first byte of all PDUs ([MS-RDPEDYC] 2.2).
 *
 * @param cbId how long the channel id is
 * @param sp depends on the command; mstsc sets bits of it where the specification says 0
 * @param command one of {@link DynamicChannelPdu}'s
 */
record PduHeader(int cbId, int sp, int command) {

    static final int SIZE = 1;

    private static final String NAME = "DYNVC";

    static PduHeader decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "Cmd");
        int bits = in.readUnsignedByte(); // 1 byte: cbId 2 bits, Sp 2 bits, Cmd 4 bits
        return new PduHeader(bits & 3, bits >> 2 & 3, bits >> 4);
    }

    /** Reads the channel id, which follows the header in all PDUs that have one. */
    long channelId(ByteBuf in) {
        return VariableUint.read(in, cbId, NAME, "ChannelId");
    }

    static void write(ByteBuf out, int command, int sp, int cbId) {
        out.writeByte(command << 4 | sp << 2 | cbId);
    }

    /** Writes header and channel id. */
    static void write(ByteBuf out, int command, int sp, long channelId) {
        write(out, command, sp, VariableUint.code(channelId));
        VariableUint.write(out, channelId);
    }

    /** Bytes of header and channel id. */
    static int size(long channelId) {
        return SIZE + VariableUint.size(channelId);
    }
}
