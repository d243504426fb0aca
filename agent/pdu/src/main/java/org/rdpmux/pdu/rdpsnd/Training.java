// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * SNDTRAINING ([MS-RDPEA] 2.2.3.1) and the client's SNDTRAININGCONFIRM (2.2.3.2), which repeats its fields. What a server may
 * send behind them to measure a link is passed over; this one sends nothing.
 *
 * @param timestamp wTimeStamp: the server's, in milliseconds; 0 to 65535, as the next
 * @param packSize wPackSize: bytes of the server's PDU; 0 if nothing is behind the fields
 */
public record Training(int timestamp, int packSize) implements SoundPdu {

    private static final int BODY_SIZE = 4;

    static Training decode(ByteBuf body) {
        PduException.need(body, BODY_SIZE, "SNDTRAINING", "wTimeStamp");
        Training training = new Training(
                body.readUnsignedShortLE(), // wTimeStamp, 2 bytes
                body.readUnsignedShortLE()); // wPackSize, 2 bytes
        body.skipBytes(body.readableBytes()); // data
        return training;
    }

    @Override
    public int size() {
        return PROLOG_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, TRAINING, BODY_SIZE);
        out.writeShortLE(timestamp).writeShortLE(packSize);
    }
}
