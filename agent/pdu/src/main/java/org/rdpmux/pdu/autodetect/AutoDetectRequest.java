// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.autodetect;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * What the server sends on the message channel ([MS-RDPBCGR] 2.2.14.1), behind a TS_SECURITY_HEADER with SEC_AUTODETECT_REQ. All
 * begin with headerLength 1 byte, headerTypeId 1, sequenceNumber 2, requestType 2. Bandwidth is not measured with messages:
 * acknowledgements tell it.
 */
public sealed interface AutoDetectRequest extends Pdu permits RttMeasureRequest, NetworkCharacteristicsResult {

    /** TYPE_ID_AUTODETECT_REQUEST. */
    int TYPE_ID = 0x00;

    /** headerLength to requestType. */
    int HEADER_SIZE = 6;

    /** 0 to 65535. */
    int sequenceNumber();

    /** Reads what a client of ours is sent. */
    static AutoDetectRequest decode(ByteBuf in) {
        String name = "AUTODETECT_REQ_DATA";
        PduException.need(in, HEADER_SIZE, name, "headerLength");
        int length = in.readUnsignedByte(); // 1 byte, which counts itself
        PduException.expect(in.readUnsignedByte(), TYPE_ID, name, "headerTypeId"); // 1 byte
        int sequenceNumber = in.readUnsignedShortLE(); // 2 bytes
        int type = in.readUnsignedShortLE(); // 2 bytes
        PduException.expect(length - HEADER_SIZE, in.readableBytes(), name, "headerLength");
        AutoDetectRequest request = switch (type) {
            case RttMeasureRequest.CONTINUOUS, RttMeasureRequest.CONNECT_TIME ->
                new RttMeasureRequest(sequenceNumber, type == RttMeasureRequest.CONNECT_TIME);
            case NetworkCharacteristicsResult.RTT, NetworkCharacteristicsResult.BANDWIDTH_AND_RTT ->
                NetworkCharacteristicsResult.decodeBody(sequenceNumber, type, in);
            default -> throw new PduException(name, "requestType", "type " + type);
        };
        PduException.end(in, name);
        return request;
    }

    /** Writes what all begin with. @param type requestType */
    default void writeHeader(ByteBuf out, int type) {
        out.writeByte(size()).writeByte(TYPE_ID).writeShortLE(sequenceNumber()).writeShortLE(type);
    }
}
