// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.fastpath;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_FP_UPDATE_PDU ([MS-RDPBCGR] 2.2.9.1.2), under TLS: neither encrypted nor signed. The server writes pixels with
 * {@link FastPathHeaders} instead; this is for small updates and for reading.
 *
 * @param updates in the order in which they are to be processed
 */
public record FastPathOutput(List<FastPathUpdate> updates) implements Pdu {

    private static final String NAME = "TS_FP_UPDATE_PDU";

    public FastPathOutput {
        updates = List.copyOf(updates);
        int total = 3;
        for (FastPathUpdate update : updates) {
            total += update.size();
        }
        if (total > 0x7fff) {
            throw new IllegalArgumentException("PDU of " + total + " bytes");
        }
    }

    /** Reads one PDU that has been framed already, from its header to its end. */
    public static FastPathOutput decode(ByteBuf in) {
        PduException.need(in, 2, NAME, "fpOutputHeader");
        int header = in.readUnsignedByte(); // 1 byte: action 2 bits, reserved 4 bits, flags 2 bits
        PduException.expect(header & 3, 0, NAME, "action");
        PduException.expect(header >> 6, 0, NAME, "flags");
        if ((in.readUnsignedByte() & 0x80) != 0) { // length1 1 byte, length2 0 or 1 byte: the framing checked them
            PduException.need(in, 1, NAME, "length2");
            in.skipBytes(1);
        }
        List<FastPathUpdate> updates = new ArrayList<>();
        while (in.isReadable()) {
            updates.add(FastPathUpdate.decode(in));
        }
        return new FastPathOutput(updates);
    }

    @Override
    public int size() {
        int size = 1;
        for (FastPathUpdate update : updates) {
            size += update.size();
        }
        return size + 1 > 0x7f ? size + 2 : size + 1;
    }

    @Override
    public void encode(ByteBuf out) {
        int size = size();
        out.writeByte(0);
        if (size > 0x7f) {
            out.writeShort(size | 0x8000);
        } else {
            out.writeByte(size);
        }
        updates.forEach(update -> update.encode(out));
    }
}
