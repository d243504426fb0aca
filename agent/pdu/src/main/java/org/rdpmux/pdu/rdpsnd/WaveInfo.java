// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * SNDWAVINFO ([MS-RDPEA] 2.2.3.3): the beginning of something to play, where one end is older than version 8. {@link Wave}, a
 * message of its own, has the rest.
 *
 * @param timestamp wTimeStamp: the server's, in milliseconds; 0 to 65535
 * @param format wFormatNo: place in the client's list of formats; 0 to 65535
 * @param block cBlockNo, which the client confirms; 0 to 255
 * @param length bytes of all the data, {@value #BEGINNING} or more
 * @param beginning the first {@value #BEGINNING} of them, in the order in which they are sent
 */
public record WaveInfo(int timestamp, int format, int block, int length, int beginning) implements SoundPdu {

    /** Bytes of data that this PDU has. */
    public static final int BEGINNING = 4;

    /** What BodySize counts beside the data. */
    private static final int FIXED_SIZE = 8;

    /** What BodySize can count. */
    public static final int MAX_LENGTH = 0xffff - FIXED_SIZE;

    private static final String NAME = "SNDWAVINFO";

    public WaveInfo {
        if (length < BEGINNING || length > MAX_LENGTH) {
            throw new IllegalArgumentException("wave of " + length + " bytes");
        }
    }

    /** @param bodySize of the prolog: that of this PDU and of all the data */
    static WaveInfo decode(int bodySize, ByteBuf in) {
        PduException.range(bodySize, FIXED_SIZE + BEGINNING, 0xffff, NAME, "BodySize");
        PduException.need(in, FIXED_SIZE + BEGINNING, NAME, "wTimeStamp");
        int timestamp = in.readUnsignedShortLE(); // 2 bytes
        int format = in.readUnsignedShortLE(); // wFormatNo, 2 bytes
        int block = in.readUnsignedByte(); // cBlockNo, 1 byte
        in.skipBytes(3); // bPad
        int beginning = in.readInt(); // Data, 4 bytes
        PduException.end(in, NAME);
        return new WaveInfo(timestamp, format, block, bodySize - FIXED_SIZE, beginning);
    }

    @Override
    public int size() {
        return PROLOG_SIZE + FIXED_SIZE + BEGINNING;
    }

    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, WAVE, FIXED_SIZE + length);
        out.writeShortLE(timestamp).writeShortLE(format);
        out.writeByte(block).writeZero(3);
        out.writeInt(beginning);
    }
}
