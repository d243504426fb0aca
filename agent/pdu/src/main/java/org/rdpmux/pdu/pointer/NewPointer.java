// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.UpdateCode;

/**
 * TS_POINTERATTRIBUTE ([MS-RDPBCGR] 2.2.9.1.1.4.5): for clients whose pointer set has a pointerCacheSize.
 *
 * @param xorBpp 1, 4, 8, 16, 24 or 32; clients are safe with 24 and 32
 */
public record NewPointer(int xorBpp, PointerPixels pixels) implements PointerShapeUpdate {

    private static final String NAME = "TS_POINTERATTRIBUTE";

    public NewPointer {
        ColorPointer.checkLengths(pixels);
    }

    public static NewPointer decode(ByteBuf in) {
        PduException.need(in, 2, NAME, "xorBpp");
        int xorBpp = in.readUnsignedShortLE(); // 2 bytes
        return new NewPointer(xorBpp, ColorPointer.decodePixels(in)); // colorPtrAttr
    }

    @Override
    public int updateCode() {
        return UpdateCode.POINTER_NEW;
    }

    @Override
    public int size() {
        return 2 + ColorPointer.sizeOf(pixels);
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(xorBpp);
        ColorPointer.encodePixels(pixels, out);
    }
}
