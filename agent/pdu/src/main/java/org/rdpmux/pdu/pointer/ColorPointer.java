// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.UpdateCode;

/** TS_COLORPOINTERATTRIBUTE ([MS-RDPBCGR] 2.2.9.1.1.4.4): 24 bits per pixel, for every client. */
public record ColorPointer(PointerPixels pixels) implements PointerShapeUpdate {

    private static final String NAME = "TS_COLORPOINTERATTRIBUTE";
    /** cacheIndex 2, hotSpot 4, width 2, height 2, lengthAndMask 2, lengthXorMask 2. */
    static final int HEADER_SIZE = 14;

    public ColorPointer {
        checkLengths(pixels);
    }

    static void checkLengths(PointerPixels pixels) {
        if (pixels.xorMask().length > 0xffff || pixels.andMask().length > 0xffff) {
            throw new IllegalArgumentException("masks too long: use a large pointer");
        }
    }

    public static ColorPointer decode(ByteBuf in) {
        return new ColorPointer(decodePixels(in));
    }

    static PointerPixels decodePixels(ByteBuf in) {
        PduException.need(in, HEADER_SIZE, NAME, "cacheIndex");
        int cacheIndex = in.readUnsignedShortLE(); // 2 bytes
        int hotX = in.readUnsignedShortLE(); // hotSpot: 2 + 2 bytes
        int hotY = in.readUnsignedShortLE();
        int width = in.readUnsignedShortLE(); // 2 bytes
        int height = in.readUnsignedShortLE(); // 2 bytes
        int andLength = in.readUnsignedShortLE(); // lengthAndMask: 2 bytes
        int xorLength = in.readUnsignedShortLE(); // lengthXorMask: 2 bytes
        PduException.range(width, 0, PointerPixels.MAX_SIDE, NAME, "width");
        PduException.range(height, 0, PointerPixels.MAX_SIDE, NAME, "height");
        PduException.range(andLength, 0, LargePointer.MAX_AND_MASK, NAME, "lengthAndMask");
        PduException.need(in, xorLength + andLength, NAME, "lengthXorMask");
        byte[] xorMask = new byte[xorLength];
        in.readBytes(xorMask);
        byte[] andMask = new byte[andLength];
        in.readBytes(andMask);
        if (in.readableBytes() == 1) {
            in.skipBytes(1); // pad: 0 or 1 byte
        }
        return new PointerPixels(cacheIndex, hotX, hotY, width, height, xorMask, andMask);
    }

    static void encodePixels(PointerPixels pixels, ByteBuf out) {
        out.writeShortLE(pixels.cacheIndex());
        out.writeShortLE(pixels.hotX()).writeShortLE(pixels.hotY());
        out.writeShortLE(pixels.width()).writeShortLE(pixels.height());
        out.writeShortLE(pixels.andMask().length).writeShortLE(pixels.xorMask().length);
        out.writeBytes(pixels.xorMask()).writeBytes(pixels.andMask());
        out.writeByte(0);
    }

    static int sizeOf(PointerPixels pixels) {
        return HEADER_SIZE + pixels.xorMask().length + pixels.andMask().length + 1;
    }

    @Override
    public int xorBpp() {
        return 24;
    }

    @Override
    public int updateCode() {
        return UpdateCode.POINTER_COLOR;
    }

    @Override
    public int size() {
        return sizeOf(pixels);
    }

    @Override
    public void encode(ByteBuf out) {
        encodePixels(pixels, out);
    }
}
