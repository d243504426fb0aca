// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * Quality Mode PDU ([MS-RDPEA] 2.2.2.3): what a client of version 6 or newer would like.
 *
 * @param mode wQualityMode: 0 for what the link takes, 1 for medium, 2 for high; 0 to 65535
 */
public record QualityMode(int mode) implements SoundPdu {

    private static final int BODY_SIZE = 4;

    static QualityMode decode(ByteBuf body) {
        PduException.need(body, BODY_SIZE, "QUALITY_MODE", "wQualityMode");
        int mode = body.readUnsignedShortLE(); // 2 bytes
        body.skipBytes(2); // Reserved, 2 bytes
        return new QualityMode(mode);
    }

    @Override
    public int size() {
        return PROLOG_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, QUALITY_MODE, BODY_SIZE);
        out.writeShortLE(mode).writeShortLE(0);
    }
}
