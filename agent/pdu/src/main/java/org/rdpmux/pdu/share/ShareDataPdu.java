// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;

/** A share data PDU as a whole ([MS-RDPBCGR] 2.2.8.1.1.1.2): header and body. */
public record ShareDataPdu(int shareId, int source, DataBody body) implements Pdu {

    /** Reads what follows a control header of type {@link ShareControlHeader#TYPE_DATA}, which was checked already. */
    public static ShareDataPdu decode(ShareControlHeader control, ByteBuf in) {
        ShareDataHeader header = ShareDataHeader.decode(control, in);
        return new ShareDataPdu(
                header.shareId(), header.source(), DataBody.decode(header.type(), in.readSlice(header.bodyLength())));
    }

    @Override
    public int size() {
        return ShareDataHeader.SIZE + body.size();
    }

    @Override
    public void encode(ByteBuf out) {
        new ShareDataHeader(shareId, source, body.type(), body.size()).encode(out);
        body.encode(out);
    }
}
