// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragmentation;

/** Puts fast-path updates into PDUs ([MS-RDPBCGR] 2.2.9.1.2), as many into each as it holds. No update is cut. */
final class FastPathPacker {

    /** fpOutputHeader 1, length1 1, length2 1. */
    private static final int PDU_HEADER = 3;
    /** updateHeader 1, size 2. */
    private static final int UPDATE_HEADER = 3;

    /** Most bytes of one update. */
    static final int MAX_UPDATE = FastPathHeaders.MAX_PDU - PDU_HEADER - UPDATE_HEADER;

    /** Start of the PDU being filled, or -1. */
    private int start = -1;

    /** Begins anew, whatever was written before. */
    void reset() {
        start = -1;
    }

    /** Writes the header of an update of {@code size} bytes, which are to follow: behind others in their PDU if there is room. */
    void begin(ByteBuf out, int updateCode, int size) {
        if (start >= 0 && out.writerIndex() - start + UPDATE_HEADER + size > FastPathHeaders.MAX_PDU) {
            end(out);
        }
        if (start < 0) {
            start = out.writerIndex();
            out.writeMedium(0);
        }
        out.writeByte(updateCode | Fragmentation.SINGLE.ordinal() << 4);
        out.writeShortLE(size);
    }

    /** Completes the PDU being filled, if there is one. */
    void end(ByteBuf out) {
        if (start >= 0) {
            out.setShort(start + 1, 0x8000 | (out.writerIndex() - start));
            start = -1;
        }
    }
}
