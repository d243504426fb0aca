// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * CLIPRDR_FORMAT_DATA_REQUEST ([MS-RDPECLIP] 2.2.5.1): somebody pastes what the other end has.
 *
 * @param formatId as the other end's format list numbers it
 */
public record FormatDataRequest(int formatId) implements ClipboardPdu {

    private static final int BODY_SIZE = 4;

    static FormatDataRequest decode(ByteBuf body) {
        PduException.need(body, BODY_SIZE, "CLIPRDR_FORMAT_DATA_REQUEST", "requestedFormatId");
        return new FormatDataRequest(body.readIntLE()); // 4 bytes
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, FORMAT_DATA_REQUEST, 0, size());
        out.writeIntLE(formatId);
    }
}
