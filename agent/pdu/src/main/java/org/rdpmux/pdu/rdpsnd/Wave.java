// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * SNDWAV ([MS-RDPEA] 2.2.3.4): what a {@link WaveInfo} did not have of its data. It has no prolog: bPad has the place of the
 * data's beginning.
 *
 * @param data all of it; shared, not copied. Its first {@value WaveInfo#BEGINNING} bytes are not sent
 */
public record Wave(byte[] data) implements Pdu {

    /** Reads what follows a {@link WaveInfo}, and puts both together. */
    public static Wave decode(WaveInfo info, ByteBuf in) {
        PduException.need(in, info.length(), "SNDWAV", "data");
        in.skipBytes(WaveInfo.BEGINNING); // bPad, 4 bytes
        byte[] data = new byte[info.length()];
        for (int i = 0; i < WaveInfo.BEGINNING; i++) {
            data[i] = (byte) (info.beginning() >> Byte.SIZE * (WaveInfo.BEGINNING - 1 - i));
        }
        in.readBytes(data, WaveInfo.BEGINNING, data.length - WaveInfo.BEGINNING);
        PduException.end(in, "SNDWAV");
        return new Wave(data);
    }

    @Override
    public int size() {
        return data.length;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeZero(WaveInfo.BEGINNING);
        out.writeBytes(data, WaveInfo.BEGINNING, data.length - WaveInfo.BEGINNING);
    }
}
