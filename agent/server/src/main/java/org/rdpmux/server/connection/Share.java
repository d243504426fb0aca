// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.ShareDataHeader;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.x224.DataFrame;

/**
 * How to address slow-path output of one activation. Void once {@link Action.Deactivated} was given.
 *
 * @param shareId of the Demand Active PDU
 * @param userChannel the client's MCS user channel
 * @param ioChannel the MCS channel of graphics and input
 */
public record Share(int shareId, int userChannel, int ioChannel) {

    /** MCS channel id of this server's end. */
    public static final int SERVER_CHANNEL = 1002;

    /** A share data PDU, framed and ready to be sent. */
    public Pdu frame(DataBody body) {
        return frame(new ShareDataPdu(shareId, SERVER_CHANNEL, body));
    }

    /** Anything for the I/O channel, framed and ready to be sent. */
    Pdu frame(Pdu payload) {
        return DataFrame.of(SendData.indication(SERVER_CHANNEL, ioChannel, payload.size()), payload);
    }

    /** Bytes {@link #writeHeaders} writes. */
    public int headerSize(int bodyLength) {
        return DataFrame.HEADER_SIZE
                + SendData.indication(SERVER_CHANNEL, ioChannel, ShareDataHeader.SIZE + bodyLength)
                        .size()
                + ShareDataHeader.SIZE;
    }

    /**
     * Writes all that precedes a slow-path PDU's body, for bodies that are not copied.
     *
     * @param type pduType2, {@link DataBody#UPDATE} for graphics
     * @param bodyLength at most {@link #MAX_BODY}
     */
    public void writeHeaders(ByteBuf out, int type, int bodyLength) {
        SendData mcs = SendData.indication(SERVER_CHANNEL, ioChannel, ShareDataHeader.SIZE + bodyLength);
        DataFrame.writeHeader(out, mcs.size() + ShareDataHeader.SIZE + bodyLength);
        mcs.encode(out);
        new ShareDataHeader(shareId, SERVER_CHANNEL, type, bodyLength).encode(out);
    }

    /** MCS lengths have 14 bits. */
    public static final int MAX_BODY = SendData.MAX_LENGTH - ShareDataHeader.SIZE;
}
