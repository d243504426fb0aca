// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;

/** TS_SHUTDOWN_DENIED_PDU ([MS-RDPBCGR] 2.2.2.2.1): the session stays; the client asks its user and then leaves by itself. */
public record ShutdownDenied() implements DataBody {

    @Override
    public int type() {
        return SHUTDOWN_DENIED;
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public void encode(ByteBuf out) {
        // has no body
    }
}
