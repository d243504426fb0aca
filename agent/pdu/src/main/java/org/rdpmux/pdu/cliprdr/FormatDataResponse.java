// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Utf16;

/**
 * CLIPRDR_FORMAT_DATA_RESPONSE ([MS-RDPECLIP] 2.2.5.2), of which this end knows one format, {@link FormatList#UNICODE_TEXT}.
 *
 * @param ok whether there is anything to be had
 * @param text as it is on the wire, without its terminating NUL: lines end with CR LF. Empty if not ok
 */
public record FormatDataResponse(boolean ok, String text) implements ClipboardPdu {

    /** There is nothing to be had. */
    public static final FormatDataResponse FAILED = new FormatDataResponse(false, "");

    private static final String NAME = "CLIPRDR_FORMAT_DATA_RESPONSE";

    public FormatDataResponse {
        if (!ok && !text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text that is none");
        }
    }

    /** Text without its NUL is taken, too. */
    static FormatDataResponse decode(int flags, ByteBuf body) {
        if (!ClipboardPdu.isOk(flags, NAME)) {
            body.skipBytes(body.readableBytes());
            return FAILED;
        }
        if (body.readableBytes() % 2 != 0) {
            throw new PduException(NAME, "requestedFormatData", "half a character");
        }
        return new FormatDataResponse(true, Utf16.read(body, body.readableBytes()));
    }

    @Override
    public int size() {
        return HEADER_SIZE + (ok ? 2 * text.length() + 2 : 0);
    }

    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, FORMAT_DATA_RESPONSE, ClipboardPdu.flag(ok), size());
        if (ok) {
            Utf16.write(out, text);
            out.writeShortLE(0);
        }
    }

    /** Without the text, which is nobody's business in a log. */
    @Override
    public String toString() {
        return "FormatDataResponse[ok=" + ok + ", " + text.length() + " characters]";
    }
}
