// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * RDP_NEG_REQ ([MS-RDPBCGR] 2.2.1.1.1) and the RDP_NEG_CORRELATION_INFO (2.2.1.1.2) that may follow it.
 *
 * @param flags the constants; CORRELATION_INFO_PRESENT says nothing here, {@code correlationId} does
 * @param protocols flags of {@link Protocols}; unknown ones are kept
 * @param correlationId 16 bytes that name the connection in logs, or empty
 */
public record NegotiationRequest(int flags, int protocols, byte[] correlationId) implements Pdu {

    public static final int RESTRICTED_ADMIN_MODE_REQUIRED = 0x01;
    public static final int REDIRECTED_AUTHENTICATION_MODE_REQUIRED = 0x02;
    private static final int CORRELATION_INFO_PRESENT = 0x08;

    static final int TYPE_RDP_NEG_REQ = 1;

    private static final String NAME = "RDP_NEG_REQ";
    private static final int SIZE = 8;
    private static final String CORRELATION = "RDP_NEG_CORRELATION_INFO";
    private static final int TYPE_RDP_CORRELATION_INFO = 6;
    private static final int CORRELATION_SIZE = 36;
    private static final int CORRELATION_ID_SIZE = 16;

    public NegotiationRequest {
        if (correlationId.length != 0 && correlationId.length != CORRELATION_ID_SIZE) {
            throw new IllegalArgumentException("correlation id of " + correlationId.length + " bytes");
        }
        flags &= 0xff & ~CORRELATION_INFO_PRESENT;
    }

    /** A request without flags. */
    public static NegotiationRequest of(int protocols) {
        return new NegotiationRequest(0, protocols, new byte[0]);
    }

    static NegotiationRequest decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "type");
        PduException.expect(in.readUnsignedByte(), TYPE_RDP_NEG_REQ, NAME, "type"); // 1 byte
        int flags = in.readUnsignedByte(); // 1 byte
        PduException.expect(in.readUnsignedShortLE(), SIZE, NAME, "length"); // 2 bytes
        int protocols = in.readIntLE(); // requestedProtocols: 4 bytes
        byte[] correlationId = new byte[0];
        if ((flags & CORRELATION_INFO_PRESENT) != 0) {
            PduException.need(in, CORRELATION_SIZE, CORRELATION, "type");
            PduException.expect(in.readUnsignedByte(), TYPE_RDP_CORRELATION_INFO, CORRELATION, "type"); // 1 byte
            in.skipBytes(1); // flags: 1 byte
            PduException.expect(in.readUnsignedShortLE(), CORRELATION_SIZE, CORRELATION, "length"); // 2 bytes
            correlationId = new byte[CORRELATION_ID_SIZE];
            in.readBytes(correlationId); // 16 bytes
            in.skipBytes(16); // reserved: 16 bytes
        }
        return new NegotiationRequest(flags, protocols, correlationId);
    }

    @Override
    public int size() {
        return correlationId.length == 0 ? SIZE : SIZE + CORRELATION_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        boolean correlated = correlationId.length != 0;
        out.writeByte(TYPE_RDP_NEG_REQ).writeByte(flags | (correlated ? CORRELATION_INFO_PRESENT : 0));
        out.writeShortLE(SIZE).writeIntLE(protocols);
        if (correlated) {
            out.writeByte(TYPE_RDP_CORRELATION_INFO).writeByte(0).writeShortLE(CORRELATION_SIZE);
            out.writeBytes(correlationId).writeZero(16);
        }
    }
}
