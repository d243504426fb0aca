// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;

/** What a client begins its connection with, told from its first bytes without consuming them. */
public enum FirstBytes {
    /** An X.224 Connection Request in a TPKT packet. */
    TPKT,
    /** An RDP_PRECONNECTION_PDU ([MS-RDPEPS] 2.2.1); TPKT or TLS follows it. */
    PRECONNECTION,
    /** A TLS ClientHello at once ([MS-RDPBCGR] 5.4.2.2, direct approach). */
    TLS,
    /** Too few bytes to tell. */
    INCOMPLETE,
    /** No RDP client. */
    UNKNOWN;

    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 3;
    /** cbSize 4, Flags 4, Version 4. */
    private static final int PRECONNECTION_PREFIX = 12;

    /** Classifies the bytes at the reader index, which does not move. Never needs more than 12 bytes. */
    public static FirstBytes classify(ByteBuf in) {
        int at = in.readerIndex();
        int readable = in.readableBytes();
        if (readable < 2) {
            return INCOMPLETE; // a preconnection PDU's size may have any low byte
        }
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        if (first == 3 && second == 0) {
            return TPKT;
        }
        if (first == TLS_HANDSHAKE && second == TLS_MAJOR_VERSION) {
            return TLS;
        }
        if (second > PreconnectionPdu.MAX_SIZE >> 8 || (readable >= 4 && in.getUnsignedShortLE(at + 2) != 0)) {
            return UNKNOWN;
        }
        if (readable < PRECONNECTION_PREFIX) {
            return INCOMPLETE;
        }
        long size = in.getUnsignedIntLE(at);
        int flags = in.getIntLE(at + 4);
        int version = in.getIntLE(at + 8);
        boolean possible = size >= PreconnectionPdu.MIN_SIZE
                && size <= PreconnectionPdu.MAX_SIZE
                && flags == 0
                && (version == 1 || version == 2);
        return possible ? PRECONNECTION : UNKNOWN;
    }
}
