// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/** ErectDomainRequest ([T125] 7, part 1; [MS-RDPBCGR] 2.2.1.5): heights and intervals that mean nothing to RDP. */
public record ErectDomainRequest(int subHeight, int subInterval) implements DomainPdu {

    static final int CHOICE = 1;

    private static final String NAME = "ErectDomainRequest";

    public ErectDomainRequest {
        if (subHeight < 0 || subHeight > 0xff || subInterval < 0 || subInterval > 0xff) {
            throw new IllegalArgumentException("height " + subHeight + ", interval " + subInterval);
        }
    }

    /** Passes over the numbers: rdesktop writes them as 16 bits without a length, which PER does not know. */
    static ErectDomainRequest decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "subHeight");
        in.skipBytes(in.readableBytes());
        return new ErectDomainRequest(0, 0);
    }

    @Override
    public int size() {
        return 5;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2);
        out.writeByte(1).writeByte(subHeight);
        out.writeByte(1).writeByte(subInterval);
    }
}
