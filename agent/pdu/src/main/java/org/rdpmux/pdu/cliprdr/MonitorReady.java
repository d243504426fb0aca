// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;

/** CLIPRDR_MONITOR_READY ([MS-RDPECLIP] 2.2.2.2): the server has said what it can, and the client may begin. */
public record MonitorReady() implements ClipboardPdu {

    @Override
    public int size() {
        return HEADER_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, MONITOR_READY, 0, size());
    }
}
