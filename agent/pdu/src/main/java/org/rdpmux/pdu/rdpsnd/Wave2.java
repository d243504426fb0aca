// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * SNDWAV2 ([MS-RDPEA] 2.2.3.10): something to play, for both ends from version 8 on.
 *
 * @param timestamp wTimeStamp: the server's, in milliseconds; 0 to 65535
 * @param format wFormatNo: place in the client's list of formats; 0 to 65535
 * @param block cBlockNo, which the client confirms; 0 to 255
 * @param audioTimestamp dwAudioTimeStamp: when the data was captured, in milliseconds; unsigned
 * @param data shared, not copied; at most {@link #MAX_DATA} bytes
 */
public record Wave2(int timestamp, int format, int block, int audioTimestamp, byte[] data) implements SoundPdu {

    private static final int FIXED_SIZE = 12;

    /** What BodySize can count. */
    public static final int MAX_DATA = 0xffff - FIXED_SIZE;

    public Wave2 {
        if (data.length > MAX_DATA) {
            throw new IllegalArgumentException("wave of " + data.length + " bytes");
        }
    }

    static Wave2 decode(ByteBuf body) {
        PduException.need(body, FIXED_SIZE, "SNDWAV2", "wTimeStamp");
        int timestamp = body.readUnsignedShortLE(); // 2 bytes
        int format = body.readUnsignedShortLE(); // wFormatNo, 2 bytes
        int block = body.readUnsignedByte(); // cBlockNo, 1 byte
        body.skipBytes(3); // bPad
        int audioTimestamp = body.readIntLE(); // dwAudioTimeStamp, 4 bytes
        byte[] data = new byte[body.readableBytes()];
        body.readBytes(data);
        return new Wave2(timestamp, format, block, audioTimestamp, data);
    }

    @Override
    public int size() {
        return PROLOG_SIZE + FIXED_SIZE + data.length;
    }

    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, WAVE2, FIXED_SIZE + data.length);
        out.writeShortLE(timestamp).writeShortLE(format);
        out.writeByte(block).writeZero(3);
        out.writeIntLE(audioTimestamp);
        out.writeBytes(data);
    }
}
