// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.autodetect;

import io.netty.buffer.ByteBuf;

/**
 * RTT_MEASURE_REQUEST ([MS-RDPBCGR] 2.2.14.1.1): the client answers at once, with the same number.
 *
 * @param connectTime whether it comes before the licence; otherwise after the connection sequence
 */
public record RttMeasureRequest(int sequenceNumber, boolean connectTime) implements AutoDetectRequest {

    static final int CONTINUOUS = 0x0001;
    static final int CONNECT_TIME = 0x1001;

    @Override
    public int size() {
        return HEADER_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        writeHeader(out, connectTime ? CONNECT_TIME : CONTINUOUS);
    }
}
