// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_LARGE_POINTER_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.2.7).
 *
 * @param flags the constants; neither implies the other
 */
public record LargePointerCapability(int flags) implements CapabilitySet {

    public static final int LARGE_POINTER_96X96 = 0x0001;
    public static final int LARGE_POINTER_384X384 = 0x0002;

    private static final String NAME = "TS_LARGE_POINTER_CAPABILITYSET";

    static LargePointerCapability decode(ByteBuf in) {
        PduException.need(in, 2, NAME, "largePointerSupportFlags");
        return new LargePointerCapability(in.readUnsignedShortLE()); // 2 bytes
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public int type() {
        return LARGE_POINTER;
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(flags);
    }
}
