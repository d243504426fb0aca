// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Where one RDP PDU ends and the next begins in the byte stream, once the connection has begun: TPKT packets and
 * fast-path PDUs follow each other in any order ([MS-RDPBCGR] 5.4.8, 2.2.8.1.2, 2.2.9.1.2).
 */
public final class FrameSplitter {

    /** Answer of {@link #nextLength} while the length itself has not arrived yet. */
    public static final int INCOMPLETE = 0;

    /** TPKT lengths are 16 bits, fast-path lengths 15: nothing on the wire is larger. */
    public static final int MAX_LENGTH = 0xffff;

    /**
     * What a server accepts from a client: the largest thing a client sends is a virtual channel chunk or a Confirm
     * Active, both below 16 KiB with every known client. A persistent key list PDU holds 169 keys of 8 bytes.
     */
    public static final int MAX_CLIENT_LENGTH = 0x8000;

    private static final String TPKT = "TPKT";
    private static final String FAST_PATH = "TS_FP_PDU";
    private static final int TPKT_VERSION = 3;
    private static final int TPKT_HEADER = 4;
    private static final int MIN_TPKT = TPKT_HEADER + 3;

    private FrameSplitter() {}

    /** True if the PDU that starts here is a TPKT packet, false if it is a fast-path PDU. Needs one byte. */
    public static boolean isTpkt(ByteBuf in) {
        return in.getByte(in.readerIndex()) == TPKT_VERSION;
    }

    /**
     * Length in bytes, header included, of the PDU that starts at the reader index, which does not move.
     *
     * @param max the longest PDU to accept
     * @return {@link #INCOMPLETE} if more bytes are needed to tell
     * @throws PduException if no PDU begins like this, or it is too long: the stream cannot be followed any further
     */
    public static int nextLength(ByteBuf in, int max) {
        if (!in.isReadable()) {
            return INCOMPLETE;
        }
        int at = in.readerIndex();
        int first = in.getUnsignedByte(at);
        if (first == TPKT_VERSION) {
            if (in.readableBytes() < TPKT_HEADER) {
                return INCOMPLETE;
            }
            int length = in.getUnsignedShort(at + 2);
            PduException.range(length, MIN_TPKT, max, TPKT, "length");
            return length;
        }
        // The two low bits are the action: 0 is fast-path, 3 is X.224 (then the whole byte is 3).
        PduException.expect(first & 3, 0, FAST_PATH, "action");
        if (in.readableBytes() < 2) {
            return INCOMPLETE;
        }
        int length1 = in.getUnsignedByte(at + 1);
        if ((length1 & 0x80) == 0) {
            PduException.range(length1, 2, max, FAST_PATH, "length1");
            return length1;
        }
        if (in.readableBytes() < 3) {
            return INCOMPLETE;
        }
        int length = (length1 & 0x7f) << 8 | in.getUnsignedByte(at + 2);
        PduException.range(length, 3, max, FAST_PATH, "length2");
        return length;
    }
}
