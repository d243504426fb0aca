// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * A TPKT packet with an X.224 Data TPDU ([T123] 8, [X224] 13.7): what every PDU but the first two travels in.
 *
 * @param parts the payload: structures one after the other
 */
public record DataFrame(List<Pdu> parts) implements Pdu {

    /** TPKT 4, X.224 Data 3. */
    public static final int HEADER_SIZE = Tpkt.SIZE + 3;

    /** Payload bytes one frame can carry. */
    public static final int MAX_PAYLOAD = 0xffff - HEADER_SIZE;

    private static final String NAME = "X224Data";
    private static final int LENGTH_INDICATOR = 2;
    private static final int DATA = 0xf0;
    private static final int END_OF_TSDU = 0x80;

    public DataFrame {
        parts = List.copyOf(parts);
    }

    public static DataFrame of(Pdu... parts) {
        return new DataFrame(List.of(parts));
    }

    /** True if the TPKT packet that starts here holds a Data TPDU, false if another one or too little of any. */
    public static boolean isData(ByteBuf in) {
        return in.readableBytes() > Tpkt.SIZE + 1 && in.getUnsignedByte(in.readerIndex() + Tpkt.SIZE + 1) == DATA;
    }

    /** Reads the headers of a frame; returns its payload, a slice of {@code in}. */
    public static ByteBuf decodePayload(ByteBuf in) {
        ByteBuf tpdu = Tpkt.decode(in);
        PduException.need(tpdu, 3, NAME, "LI");
        PduException.expect(tpdu.readUnsignedByte(), LENGTH_INDICATOR, NAME, "LI"); // 1 byte
        PduException.expect(tpdu.readUnsignedByte(), DATA, NAME, "code"); // 1 byte
        tpdu.skipBytes(1); // EOT: 1 byte, no client splits a PDU here
        return tpdu;
    }

    /** Writes what precedes {@code payload} bytes. */
    public static void writeHeader(ByteBuf out, int payload) {
        if (payload < 0 || payload > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload of " + payload + " bytes");
        }
        Tpkt.writeHeader(out, HEADER_SIZE + payload);
        out.writeByte(LENGTH_INDICATOR).writeByte(DATA).writeByte(END_OF_TSDU);
    }

    private int payloadSize() {
        int size = 0;
        for (Pdu part : parts) {
            size += part.size();
        }
        return size;
    }

    @Override
    public int size() {
        return HEADER_SIZE + payloadSize();
    }

    @Override
    public void encode(ByteBuf out) {
        writeHeader(out, payloadSize());
        parts.forEach(part -> part.encode(out));
    }
}
