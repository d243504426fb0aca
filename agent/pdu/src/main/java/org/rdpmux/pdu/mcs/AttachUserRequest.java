// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;

/** AttachUserRequest ([T125] 7, part 10; [MS-RDPBCGR] 2.2.1.6). */
public record AttachUserRequest() implements DomainPdu {

    static final int CHOICE = 10;

    @Override
    public int size() {
        return 1;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(CHOICE << 2);
    }
}
