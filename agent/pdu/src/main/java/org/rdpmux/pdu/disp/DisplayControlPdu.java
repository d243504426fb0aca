// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.disp;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * What the two ends of the display control channel say to each other ([MS-RDPEDISP] 2.2.2). Both begin with
 * DISPLAYCONTROL_HEADER (2.2.1.1): type 4 bytes, length 4, which counts the header.
 */
public sealed interface DisplayControlPdu extends Pdu permits DisplayControlCaps, MonitorLayout {

    /** The name of the dynamic channel. */
    String CHANNEL = "Microsoft::Windows::RDS::DisplayControl";

    /** Bytes of DISPLAYCONTROL_HEADER. */
    int HEADER_SIZE = 8;

    /** Reads a header. @return the body, which is all that follows */
    static ByteBuf body(ByteBuf in, int expectedType) {
        PduException.need(in, HEADER_SIZE, "DISPLAYCONTROL_HEADER", "Type");
        PduException.expect(in.readIntLE(), expectedType, "DISPLAYCONTROL_HEADER", "Type"); // 4 bytes
        long length = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(length - HEADER_SIZE, 0, in.readableBytes(), "DISPLAYCONTROL_HEADER", "Length");
        ByteBuf body = in.readSlice((int) length - HEADER_SIZE);
        PduException.end(in, "DISPLAYCONTROL_HEADER");
        return body;
    }

    static void writeHeader(ByteBuf out, int type, int size) {
        out.writeIntLE(type).writeIntLE(size);
    }
}
