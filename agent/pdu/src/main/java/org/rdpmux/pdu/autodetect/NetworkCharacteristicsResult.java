// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.autodetect;

import io.netty.buffer.ByteBuf;
import java.util.OptionalLong;
import org.rdpmux.pdu.PduException;

/**
 * NETCHAR_RESULT ([MS-RDPBCGR] 2.2.14.1.5): what the server found out. Clients show it to their users.
 *
 * @param baseRtt the shortest round trip in milliseconds, unsigned 32 bits
 * @param bandwidth in kilobits a second, unsigned 32 bits; empty if it is not known
 * @param averageRtt the mean round trip in milliseconds, unsigned 32 bits
 */
public record NetworkCharacteristicsResult(int sequenceNumber, long baseRtt, OptionalLong bandwidth, long averageRtt)
        implements AutoDetectRequest {

    /** baseRTT and averageRTT are there. */
    static final int RTT = 0x0840;
    /** bandwidth, too. */
    static final int BANDWIDTH_AND_RTT = 0x08c0;

    static NetworkCharacteristicsResult decodeBody(int sequenceNumber, int type, ByteBuf in) {
        boolean withBandwidth = type == BANDWIDTH_AND_RTT;
        PduException.need(in, withBandwidth ? 12 : 8, "NETCHAR_RESULT", "baseRTT");
        long baseRtt = in.readUnsignedIntLE(); // 4 bytes
        OptionalLong bandwidth =
                withBandwidth ? OptionalLong.of(in.readUnsignedIntLE()) : OptionalLong.empty(); // 4 bytes, if there
        long averageRtt = in.readUnsignedIntLE(); // 4 bytes
        return new NetworkCharacteristicsResult(sequenceNumber, baseRtt, bandwidth, averageRtt);
    }

    @Override
    public int size() {
        return HEADER_SIZE + (bandwidth.isPresent() ? 12 : 8);
    }

    @Override
    public void encode(ByteBuf out) {
        writeHeader(out, bandwidth.isPresent() ? BANDWIDTH_AND_RTT : RTT);
        out.writeIntLE((int) baseRtt);
        bandwidth.ifPresent(kilobits -> out.writeIntLE((int) kilobits));
        out.writeIntLE((int) averageRtt);
    }
}
