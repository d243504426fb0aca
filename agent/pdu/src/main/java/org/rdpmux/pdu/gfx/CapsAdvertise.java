// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/** RDPGFX_CAPS_ADVERTISE_PDU ([MS-RDPEGFX] 2.2.2.18), from the client: the versions it knows. */
public record CapsAdvertise(List<CapabilitySet> sets) implements GfxPdu {

    private static final String NAME = "RDPGFX_CAPS_ADVERTISE_PDU";

    /** Clients send a dozen, and more with each year. */
    private static final int MAX_SETS = 256;

    public CapsAdvertise {
        sets = List.copyOf(sets);
    }

    static CapsAdvertise decode(ByteBuf in) {
        PduException.need(in, 2, NAME, "capsSetCount");
        int count = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(count, 0, MAX_SETS, NAME, "capsSetCount");
        List<CapabilitySet> sets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sets.add(CapabilitySet.decode(in)); // variable
        }
        return new CapsAdvertise(sets);
    }

    @Override
    public int size() {
        return HEADER_SIZE + 2 + sets.stream().mapToInt(CapabilitySet::size).sum();
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, CAPS_ADVERTISE, size());
        out.writeShortLE(sets.size());
        sets.forEach(set -> set.encode(out));
    }
}
