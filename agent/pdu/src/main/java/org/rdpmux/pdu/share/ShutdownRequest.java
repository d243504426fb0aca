// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;

/** TS_SHUTDOWN_REQ_PDU ([MS-RDPBCGR] 2.2.2.1.1): the user closes the window. The client waits for an answer. */
public record ShutdownRequest() implements DataBody {

    @Override
    public int type() {
        return SHUTDOWN_REQUEST;
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
