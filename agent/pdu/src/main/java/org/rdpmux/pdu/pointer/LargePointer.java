// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.UpdateCode;

/**
 * TS_FP_LARGEPOINTERATTRIBUTE ([MS-RDPBCGR] 2.2.9.1.2.1.11): shapes up to 384x384, fast-path only, for clients with
 * LARGE_POINTER_FLAG_384x384 and large enough fragments.
 */
public record LargePointer(int xorBpp, PointerPixels pixels) implements PointerShapeUpdate {

    static final int MAX_AND_MASK = PointerPixels.maskSize(PointerPixels.MAX_SIDE, PointerPixels.MAX_SIDE, 1);
    private static final int MAX_XOR_MASK = PointerPixels.maskSize(PointerPixels.MAX_SIDE, PointerPixels.MAX_SIDE, 32);

    private static final String NAME = "TS_FP_LARGEPOINTERATTRIBUTE";
    /** xorBpp 2, cacheIndex 2, hotSpot 4, width 2, height 2, lengthAndMask 4, lengthXorMask 4. */
    private static final int HEADER_SIZE = 20;

    public static LargePointer decode(ByteBuf in) {
        PduException.need(in, HEADER_SIZE, NAME, "xorBpp");
        int xorBpp = in.readUnsignedShortLE(); // 2 bytes
        int cacheIndex = in.readUnsignedShortLE(); // 2 bytes
        int hotX = in.readUnsignedShortLE(); // hotSpot: 2 + 2 bytes
        int hotY = in.readUnsignedShortLE();
        int width = in.readUnsignedShortLE(); // 2 bytes
        int height = in.readUnsignedShortLE(); // 2 bytes
        long andLength = in.readUnsignedIntLE(); // lengthAndMask: 4 bytes
        long xorLength = in.readUnsignedIntLE(); // lengthXorMask: 4 bytes
        PduException.range(width, 0, PointerPixels.MAX_SIDE, NAME, "width");
        PduException.range(height, 0, PointerPixels.MAX_SIDE, NAME, "height");
        PduException.range(andLength, 0, MAX_AND_MASK, NAME, "lengthAndMask");
        PduException.range(xorLength, 0, MAX_XOR_MASK, NAME, "lengthXorMask");
        PduException.need(in, (int) (xorLength + andLength), NAME, "xorMaskData");
        byte[] xorMask = new byte[(int) xorLength];
        in.readBytes(xorMask);
        byte[] andMask = new byte[(int) andLength];
        in.readBytes(andMask);
        if (in.readableBytes() == 1) {
            in.skipBytes(1); // pad: 0 or 1 byte
        }
        return new LargePointer(xorBpp, new PointerPixels(cacheIndex, hotX, hotY, width, height, xorMask, andMask));
    }

    @Override
    public int updateCode() {
        return UpdateCode.POINTER_LARGE;
    }

    @Override
    public int size() {
        return HEADER_SIZE + pixels.xorMask().length + pixels.andMask().length + 1;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(xorBpp);
        out.writeShortLE(pixels.cacheIndex());
        out.writeShortLE(pixels.hotX()).writeShortLE(pixels.hotY());
        out.writeShortLE(pixels.width()).writeShortLE(pixels.height());
        out.writeIntLE(pixels.andMask().length).writeIntLE(pixels.xorMask().length);
        out.writeBytes(pixels.xorMask()).writeBytes(pixels.andMask());
        out.writeByte(0);
    }
}
