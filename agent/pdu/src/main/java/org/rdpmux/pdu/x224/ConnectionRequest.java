// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * Client X.224 Connection Request PDU ([MS-RDPBCGR] 2.2.1.1), TPKT header included.
 *
 * @param cookie routing token or cookie without its CR LF, as sent: {@code Cookie: mstshash=...},
 *     {@code Cookie: msts=...}, or whatever a connection file's load balance information says; empty if there is none
 * @param negotiation what the client can speak; empty for clients that know standard RDP security only
 */
public record ConnectionRequest(String cookie, Optional<NegotiationRequest> negotiation) implements Pdu {

    private static final String NAME = "x224Crq";
    private static final int CONNECTION_REQUEST = 0xe0;
    /** CR 1, DST-REF 2, SRC-REF 2, class 1; LI does not count itself. */
    private static final int FIXED = 6;
    /** LI has one byte, of which 255 is reserved. */
    private static final int MAX_INDICATED = 254;

    public ConnectionRequest {
        Objects.requireNonNull(negotiation);
        if (cookie.contains("\r\n") || cookie.startsWith("\u0001")) {
            throw new IllegalArgumentException("cookie with a line end, or like a negotiation request");
        }
    }

    public static ConnectionRequest decode(ByteBuf in) {
        ByteBuf tpdu = Tpkt.decode(in);
        PduException.need(tpdu, 1, NAME, "LI");
        int indicated = tpdu.readUnsignedByte(); // LI: 1 byte
        PduException.range(indicated, FIXED, MAX_INDICATED, NAME, "LI");
        // Some clients with a long token let LI overflow; what counts is the TPKT length.
        PduException.need(tpdu, FIXED, NAME, "code");
        PduException.expect(tpdu.readUnsignedByte() & 0xf0, CONNECTION_REQUEST, NAME, "code"); // 1 byte: code, credit
        tpdu.skipBytes(5); // DST-REF 2 bytes, SRC-REF 2 bytes, class 1 byte: mean nothing to RDP
        String cookie = readCookie(tpdu); // with CR LF, 0 or more bytes
        Optional<NegotiationRequest> negotiation =
                tpdu.isReadable() ? Optional.of(NegotiationRequest.decode(tpdu)) : Optional.empty();
        return new ConnectionRequest(cookie, negotiation); // what may follow is newer than this
    }

    private static String readCookie(ByteBuf tpdu) {
        if (!tpdu.isReadable() || tpdu.getByte(tpdu.readerIndex()) == NegotiationRequest.TYPE_RDP_NEG_REQ) {
            return "";
        }
        int start = tpdu.readerIndex();
        for (int at = start; at + 1 < tpdu.writerIndex(); at++) {
            if (tpdu.getByte(at) == '\r' && tpdu.getByte(at + 1) == '\n') {
                String cookie = tpdu.toString(start, at - start, StandardCharsets.ISO_8859_1);
                tpdu.readerIndex(at + 2);
                return cookie;
            }
        }
        throw new PduException(NAME, "cookie", "has no end");
    }

    private int payload() {
        return 1
                + FIXED
                + (cookie.isEmpty() ? 0 : cookie.length() + 2)
                + negotiation.map(NegotiationRequest::size).orElse(0);
    }

    @Override
    public int size() {
        return Tpkt.SIZE + payload();
    }

    @Override
    public void encode(ByteBuf out) {
        int payload = payload();
        if (payload - 1 > MAX_INDICATED) {
            throw new IllegalStateException("cookie of " + cookie.length() + " characters");
        }
        Tpkt.writeHeader(out, Tpkt.SIZE + payload);
        out.writeByte(payload - 1).writeByte(CONNECTION_REQUEST).writeZero(5);
        if (!cookie.isEmpty()) {
            out.writeCharSequence(cookie, StandardCharsets.ISO_8859_1);
            out.writeByte('\r').writeByte('\n');
        }
        negotiation.ifPresent(request -> request.encode(out));
    }
}
