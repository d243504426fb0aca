// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_POINTER_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.1.5).
 *
 * @param color colour pointers may be sent: true whatever the other side says
 * @param colorPointerCacheSize places for colour pointers
 * @param pointerCacheSize places for pointers of any depth; 0, also if the field is missing, if none may be sent
 */
public record PointerCapability(boolean color, int colorPointerCacheSize, int pointerCacheSize)
        implements CapabilitySet {

    private static final String NAME = "TS_POINTER_CAPABILITYSET";

    static PointerCapability decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "colorPointerFlag");
        boolean color = in.readUnsignedShortLE() != 0; // 2 bytes
        int colorPointerCacheSize = in.readUnsignedShortLE(); // 2 bytes
        int pointerCacheSize = in.readableBytes() < 2 ? 0 : in.readUnsignedShortLE(); // 0 or 2 bytes
        return new PointerCapability(color, colorPointerCacheSize, pointerCacheSize);
    }

    @Override
    public int type() {
        return POINTER;
    }

    @Override
    public int size() {
        return 6;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(color ? 1 : 0).writeShortLE(colorPointerCacheSize).writeShortLE(pointerCacheSize);
    }
}
