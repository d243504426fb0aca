// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_WIRE_TO_SURFACE_PDU_1 ([MS-RDPEGFX] 2.2.2.1) without its bitmapData, which follows.
 *
 * @param surfaceId 0 to 65535
 * @param codecId how the pixels are encoded: one of those named here, or another
 * @param area inside the surface
 * @param dataLength bytes of bitmapData
 */
public record WireToSurface1(int surfaceId, int codecId, GfxRect area, int dataLength) implements GfxPdu {

    public static final int CLEAR_CODEC = 0x0008;
    public static final int PLANAR = 0x000a;
    /** The bitmapData is an {@link Avc420Metablock} and an H.264 access unit. */
    public static final int AVC420 = 0x000b;

    /** Bytes without bitmapData. */
    public static final int FIXED_SIZE = HEADER_SIZE + 17;

    private static final String NAME = "RDPGFX_WIRE_TO_SURFACE_PDU_1";

    static WireToSurface1 decode(ByteBuf in) {
        PduException.need(in, FIXED_SIZE - HEADER_SIZE, NAME, "surfaceId");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        int codecId = in.readUnsignedShortLE(); // 2 bytes
        PduException.expect(in.readUnsignedByte(), XRGB_8888, NAME, "pixelFormat"); // 1 byte
        GfxRect area = GfxRect.decode(in, NAME, "destRect"); // 8 bytes
        long length = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(length, 0, in.readableBytes(), NAME, "bitmapDataLength");
        in.skipBytes((int) length);
        return new WireToSurface1(surfaceId, codecId, area, (int) length);
    }

    @Override
    public int size() {
        return FIXED_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, WIRE_TO_SURFACE_1, FIXED_SIZE + dataLength);
        out.writeShortLE(surfaceId).writeShortLE(codecId).writeByte(XRGB_8888);
        area.encode(out);
        out.writeIntLE(dataLength);
    }
}
