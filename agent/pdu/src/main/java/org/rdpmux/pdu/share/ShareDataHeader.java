// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_SHAREDATAHEADER ([MS-RDPBCGR] 2.2.8.1.1.1.2) with the control header inside it, never compressed.
 *
 * @param shareId names the activation the PDU belongs to
 * @param source MCS channel id of the sender
 * @param type pduType2: the constants of {@link DataBody}
 * @param bodyLength bytes that follow this header
 */
public record ShareDataHeader(int shareId, int source, int type, int bodyLength) implements Pdu {

    /**
     * shareControlHeader 6, shareId 4, pad1 1, streamId 1, uncompressedLength 2, pduType2 1, compressedType 1,
     * compressedLength 2.
     */
    public static final int SIZE = ShareControlHeader.SIZE + 12;

    private static final String NAME = "TS_SHAREDATAHEADER";
    private static final int STREAM_LOW = 1;
    private static final int PACKET_COMPRESSED = 0x20;

    public ShareDataHeader {
        if (bodyLength < 0 || bodyLength > 0xffff - SIZE || type < 0 || type > 0xff || source < 0 || source > 0xffff) {
            throw new IllegalArgumentException("type " + type + " with " + bodyLength + " bytes");
        }
    }

    /** Reads what follows a control header of type {@link ShareControlHeader#TYPE_DATA}. */
    public static ShareDataHeader decode(ShareControlHeader control, ByteBuf in) {
        PduException.range(control.totalLength(), SIZE, 0xffff, NAME, "totalLength");
        PduException.need(in, SIZE - ShareControlHeader.SIZE, NAME, "shareId");
        int shareId = in.readIntLE(); // 4 bytes
        in.skipBytes(2); // pad1 1 byte, streamId 1 byte
        in.skipBytes(2); // uncompressedLength: 2 bytes, senders disagree on what it counts
        int type = in.readUnsignedByte(); // pduType2: 1 byte
        int compression = in.readUnsignedByte(); // compressedType: 1 byte
        if ((compression & PACKET_COMPRESSED) != 0) {
            throw new PduException(NAME, "compressedType", "compression was never negotiated");
        }
        in.skipBytes(2); // compressedLength: 2 bytes
        return new ShareDataHeader(shareId, control.source(), type, control.totalLength() - SIZE);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        new ShareControlHeader(SIZE + bodyLength, ShareControlHeader.TYPE_DATA, source).encode(out);
        out.writeIntLE(shareId).writeByte(0).writeByte(STREAM_LOW);
        out.writeShortLE(bodyLength + 4); // as Windows counts it: from pduType2 on
        out.writeByte(type).writeByte(0).writeShortLE(0);
    }
}
