// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_BITMAP_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.1.2).
 *
 * @param preferredBitsPerPixel of the session, if the server says it; what clients say means little
 * @param desktopWidth of the session, if the server says it; likewise {@code desktopHeight}
 * @param desktopResize true if the size may change
 * @param compression bitmaps may be compressed: must be true
 * @param drawingFlags the constants
 */
public record BitmapCapability(
        int preferredBitsPerPixel,
        int desktopWidth,
        int desktopHeight,
        boolean desktopResize,
        boolean compression,
        int drawingFlags)
        implements CapabilitySet {

    public static final int DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY = 0x02;
    public static final int DRAW_ALLOW_COLOR_SUBSAMPLING = 0x04;
    public static final int DRAW_ALLOW_SKIP_ALPHA = 0x08;

    private static final String NAME = "TS_BITMAP_CAPABILITYSET";
    private static final int SIZE = 24;

    static BitmapCapability decode(ByteBuf in) {
        PduException.need(in, 20, NAME, "preferredBitsPerPixel");
        int preferredBitsPerPixel = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(6); // receive1BitPerPixel 2, receive4BitsPerPixel 2, receive8BitsPerPixel 2
        int desktopWidth = in.readUnsignedShortLE(); // 2 bytes
        int desktopHeight = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // pad2octets: 2 bytes
        boolean desktopResize = in.readUnsignedShortLE() != 0; // 2 bytes
        boolean compression = in.readUnsignedShortLE() != 0; // 2 bytes
        in.skipBytes(1); // highColorFlags: 1 byte
        int drawingFlags = in.readUnsignedByte(); // 1 byte; multipleRectangleSupport 2 and pad2octetsB 2 follow
        return new BitmapCapability(
                preferredBitsPerPixel, desktopWidth, desktopHeight, desktopResize, compression, drawingFlags);
    }

    @Override
    public int type() {
        return BITMAP;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(preferredBitsPerPixel);
        out.writeShortLE(1).writeShortLE(1).writeShortLE(1);
        out.writeShortLE(desktopWidth).writeShortLE(desktopHeight).writeShortLE(0);
        out.writeShortLE(desktopResize ? 1 : 0).writeShortLE(compression ? 1 : 0);
        out.writeByte(0).writeByte(drawingFlags).writeShortLE(1).writeShortLE(0);
    }
}
