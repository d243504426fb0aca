// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;

/**
 * TS_DEACTIVATE_ALL_PDU ([MS-RDPBCGR] 2.2.3.1.1), control header included: the share has ended.
 *
 * @param source MCS channel id of the server
 * @param shareId of the share; 0 if an old server left it out
 */
public record DeactivateAll(int source, int shareId) implements Pdu {

    /** shareId 4, lengthSourceDescriptor 2, sourceDescriptor 1. */
    private static final int BODY_SIZE = 7;

    /** Reads what follows a control header of type {@link ShareControlHeader#TYPE_DEACTIVATE_ALL}. */
    public static DeactivateAll decode(ShareControlHeader control, ByteBuf in) {
        int shareId = in.readableBytes() < 4 ? 0 : in.readIntLE(); // 0 or 4 bytes: old servers stop before
        in.skipBytes(in.readableBytes()); // lengthSourceDescriptor 2, sourceDescriptor
        return new DeactivateAll(control.source(), shareId);
    }

    @Override
    public int size() {
        return ShareControlHeader.SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        new ShareControlHeader(size(), ShareControlHeader.TYPE_DEACTIVATE_ALL, source).encode(out);
        out.writeIntLE(shareId).writeShortLE(1).writeByte(0);
    }
}
