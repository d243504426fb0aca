// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.autodetect;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * What a client sends on the message channel ([MS-RDPBCGR] 2.2.14.2), behind a TS_SECURITY_HEADER with SEC_AUTODETECT_RSP. Only
 * RTT_MEASURE_RESPONSE (2.2.14.2.1) is asked for; of the others, which carry a client's own measurements, the contents are
 * passed over.
 *
 * @param sequenceNumber of the request, 0 to 65535
 * @param responseType {@link #RTT} or another one
 */
public record AutoDetectResponse(int sequenceNumber, int responseType) implements Pdu {

    /** The answer to {@link RttMeasureRequest}. */
    public static final int RTT = 0x0000;

    /** headerLength to responseType. */
    private static final int SIZE = 6;

    /** TYPE_ID_AUTODETECT_RESPONSE. */
    private static final int TYPE_ID = 0x01;

    private static final String NAME = "AUTODETECT_RSP_DATA";

    public static AutoDetectResponse decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "headerLength");
        int length = in.readUnsignedByte(); // 1 byte, which counts itself
        PduException.expect(in.readUnsignedByte(), TYPE_ID, NAME, "headerTypeId"); // 1 byte
        int sequenceNumber = in.readUnsignedShortLE(); // 2 bytes
        int responseType = in.readUnsignedShortLE(); // 2 bytes
        PduException.expect(length - SIZE, responseType == RTT ? 0 : in.readableBytes(), NAME, "headerLength");
        in.skipBytes(length - SIZE);
        PduException.end(in, NAME);
        return new AutoDetectResponse(sequenceNumber, responseType);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(SIZE).writeByte(TYPE_ID).writeShortLE(sequenceNumber).writeShortLE(responseType);
    }
}
