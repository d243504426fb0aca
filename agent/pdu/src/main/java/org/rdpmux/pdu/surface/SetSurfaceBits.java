// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.surface;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_SURFCMD_SET_SURF_BITS ([MS-RDPBCGR] 2.2.9.2.1) up to its bitmapData, which the caller writes behind it; the bitmap is as
 * large as the rectangle it goes to, of 32 bits per pixel.
 *
 * @param left 0 to 65535, where the bitmap goes; likewise {@code top}
 * @param width 0 to 65535; likewise {@code height}
 * @param codecId as the client gave it; 0 for plain pixels
 * @param length of bitmapData, in bytes
 */
public record SetSurfaceBits(int left, int top, int width, int height, int codecId, int length) implements Pdu {

    /** cmdType 2, destination 4 x 2, TS_BITMAP_DATA_EX (2.2.9.2.1.1) without its data 12. */
    public static final int SIZE = 2 + 8 + 12;

    private static final String NAME = "TS_SURFCMD_SET_SURF_BITS";
    private static final int CMDTYPE_SET_SURFACE_BITS = 1;
    private static final int BITS_PER_PIXEL = 32;

    public SetSurfaceBits {
        if ((left | top | width | height) < 0 || left + width > 0xffff || top + height > 0xffff || length < 0) {
            throw new IllegalArgumentException(width + "x" + height + " at " + left + "," + top);
        }
    }

    /** Reads a command up to its data. */
    public static SetSurfaceBits decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "cmdType");
        PduException.expect(in.readUnsignedShortLE(), CMDTYPE_SET_SURFACE_BITS, NAME, "cmdType"); // 2 bytes
        int left = in.readUnsignedShortLE(); // 2 bytes each
        int top = in.readUnsignedShortLE();
        int right = in.readUnsignedShortLE();
        int bottom = in.readUnsignedShortLE();
        PduException.expect(in.readUnsignedByte(), BITS_PER_PIXEL, NAME, "bpp"); // 1 byte
        PduException.expect(in.readUnsignedByte(), 0, NAME, "flags"); // 1 byte: no extended header
        in.skipBytes(1); // reserved, 1 byte
        int codecId = in.readUnsignedByte(); // 1 byte
        PduException.expect(in.readUnsignedShortLE(), right - left, NAME, "width"); // 2 bytes
        PduException.expect(in.readUnsignedShortLE(), bottom - top, NAME, "height"); // 2 bytes
        long length = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(length, 0, in.readableBytes(), NAME, "bitmapDataLength");
        return new SetSurfaceBits(left, top, right - left, bottom - top, codecId, (int) length);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(CMDTYPE_SET_SURFACE_BITS);
        out.writeShortLE(left).writeShortLE(top).writeShortLE(left + width).writeShortLE(top + height);
        out.writeByte(BITS_PER_PIXEL).writeByte(0).writeByte(0).writeByte(codecId);
        out.writeShortLE(width).writeShortLE(height).writeIntLE(length);
    }
}
