// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * Server X.224 Connection Confirm PDU ([MS-RDPBCGR] 2.2.1.2), TPKT header included.
 *
 * @param answer to the client's negotiation request; empty if it sent none
 */
public record ConnectionConfirm(Optional<Answer> answer) implements Pdu {

    private static final String NAME = "x224Ccf";
    private static final int CONNECTION_CONFIRM = 0xd0;
    private static final int FIXED = 6;
    private static final int ANSWER_SIZE = 8;

    private static final int TYPE_RDP_NEG_RSP = 2;
    private static final int TYPE_RDP_NEG_FAILURE = 3;

    /** What the server says about the security protocol. */
    public sealed interface Answer {}

    /**
     * RDP_NEG_RSP (2.2.1.2.1).
     *
     * @param flags the constants
     * @param protocol one of {@link Protocols}
     */
    public record Selected(int flags, int protocol) implements Answer {
        public static final int EXTENDED_CLIENT_DATA_SUPPORTED = 0x01;
        public static final int DYNVC_GFX_PROTOCOL_SUPPORTED = 0x02;
        public static final int RESTRICTED_ADMIN_MODE_SUPPORTED = 0x08;
        public static final int REDIRECTED_AUTHENTICATION_MODE_SUPPORTED = 0x10;
    }

    /**
     * RDP_NEG_FAILURE (2.2.1.2.2). Nothing may be sent after it.
     *
     * @param code one of the constants: clients try again with another offer according to it
     */
    public record Failed(int code) implements Answer {
        public static final int SSL_REQUIRED_BY_SERVER = 1;
        public static final int SSL_NOT_ALLOWED_BY_SERVER = 2;
        public static final int SSL_CERT_NOT_ON_SERVER = 3;
        public static final int INCONSISTENT_FLAGS = 4;
        public static final int HYBRID_REQUIRED_BY_SERVER = 5;
        public static final int SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER = 6;
    }

    public static ConnectionConfirm selected(int flags, int protocol) {
        return new ConnectionConfirm(Optional.of(new Selected(flags, protocol)));
    }

    public static ConnectionConfirm failed(int code) {
        return new ConnectionConfirm(Optional.of(new Failed(code)));
    }

    public static ConnectionConfirm decode(ByteBuf in) {
        ByteBuf tpdu = Tpkt.decode(in);
        PduException.need(tpdu, 1 + FIXED, NAME, "LI");
        PduException.expect(tpdu.readUnsignedByte(), tpdu.readableBytes(), NAME, "LI"); // 1 byte
        PduException.expect(tpdu.readUnsignedByte() & 0xf0, CONNECTION_CONFIRM, NAME, "code"); // 1 byte
        tpdu.skipBytes(5); // DST-REF 2 bytes, SRC-REF 2 bytes, class 1 byte
        if (!tpdu.isReadable()) {
            return new ConnectionConfirm(Optional.empty());
        }
        PduException.need(tpdu, ANSWER_SIZE, NAME, "rdpNegData");
        int type = tpdu.readUnsignedByte(); // 1 byte
        int flags = tpdu.readUnsignedByte(); // 1 byte
        PduException.expect(tpdu.readUnsignedShortLE(), ANSWER_SIZE, "RDP_NEG_RSP", "length"); // 2 bytes
        int value = tpdu.readIntLE(); // selectedProtocol or failureCode: 4 bytes
        PduException.end(tpdu, NAME);
        return switch (type) {
            case TYPE_RDP_NEG_RSP -> selected(flags, value);
            case TYPE_RDP_NEG_FAILURE -> failed(value);
            default -> throw new PduException("RDP_NEG_RSP", "type", "unknown type " + type);
        };
    }

    @Override
    public int size() {
        return Tpkt.SIZE + 1 + FIXED + (answer.isPresent() ? ANSWER_SIZE : 0);
    }

    @Override
    public void encode(ByteBuf out) {
        Tpkt.writeHeader(out, size());
        out.writeByte(size() - Tpkt.SIZE - 1).writeByte(CONNECTION_CONFIRM).writeZero(5);
        if (answer.isPresent()) {
            if (answer.get() instanceof Selected selected) {
                out.writeByte(TYPE_RDP_NEG_RSP).writeByte(selected.flags());
                out.writeShortLE(ANSWER_SIZE).writeIntLE(selected.protocol());
            } else if (answer.get() instanceof Failed failed) {
                out.writeByte(TYPE_RDP_NEG_FAILURE).writeByte(0);
                out.writeShortLE(ANSWER_SIZE).writeIntLE(failed.code());
            }
        }
    }
}
