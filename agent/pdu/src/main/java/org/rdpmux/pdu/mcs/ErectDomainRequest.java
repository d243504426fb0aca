// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Per;

/** ErectDomainRequest ([T125] 7, part 1; [MS-RDPBCGR] 2.2.1.5): heights and intervals that mean nothing to RDP. */
public record ErectDomainRequest(int subHeight, int subInterval) implements DomainPdu {

    static final int CHOICE = 1;

    private static final String NAME = "ErectDomainRequest";

    public ErectDomainRequest {
        if (subHeight < 0 || subHeight > 0xff || subInterval < 0 || subInterval > 0xff) {
            throw new IllegalArgumentException("height " + subHeight + ", interval " + subInterval);
        }
    }

    static ErectDomainRequest decode(ByteBuf in) {
        int subHeight = Per.readInteger(in, NAME, "subHeight"); // 2 bytes or more
        int subInterval = Per.readInteger(in, NAME, "subInterval"); // 2 bytes or more
        return new ErectDomainRequest(subHeight & 0xff, subInterval & 0xff);
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
