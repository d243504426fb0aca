// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * SNDWAV_CONFIRM ([MS-RDPEA] 2.2.3.8): the client has played a wave, or has given it to what plays it.
 *
 * @param timestamp wTimeStamp of the wave, and in it how long the client had it; 0 to 65535
 * @param block cConfBlockNo: the wave's cBlockNo; 0 to 255
 */
public record WaveConfirm(int timestamp, int block) implements SoundPdu {

    private static final int BODY_SIZE = 4;

    static WaveConfirm decode(ByteBuf body) {
        PduException.need(body, BODY_SIZE, "SNDWAV_CONFIRM", "wTimeStamp");
        int timestamp = body.readUnsignedShortLE(); // 2 bytes
        int block = body.readUnsignedByte(); // cConfBlockNo, 1 byte
        body.skipBytes(1); // bPad, 1 byte
        return new WaveConfirm(timestamp, block);
    }

    @Override
    public int size() {
        return PROLOG_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, WAVE_CONFIRM, BODY_SIZE);
        out.writeShortLE(timestamp);
        out.writeByte(block).writeByte(0);
    }
}
