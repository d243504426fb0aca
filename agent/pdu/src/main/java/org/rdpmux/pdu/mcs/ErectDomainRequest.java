// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;

/** ErectDomainRequest ([T125] 7, part 1; [MS-RDPBCGR] 2.2.1.5): a height and an interval that mean nothing to RDP. */
public record ErectDomainRequest() implements DomainPdu {

    static final int CHOICE = 1;

    /** Passes over the two integers: rdesktop writes them without their lengths. */
    static ErectDomainRequest decode(ByteBuf in) {
        in.skipBytes(in.readableBytes()); // subHeight 2 bytes, subInterval 2 bytes
        return new ErectDomainRequest();
    }

    @Override
    public int size() {
        return 5;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2);
        out.writeByte(1).writeByte(0);
        out.writeByte(1).writeByte(0);
    }
}
