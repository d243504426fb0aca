// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_WIRE_TO_SURFACE_PDU_2 ([MS-RDPEGFX] 2.2.2.2) without its bitmapData, which follows and says itself where on the
 * surface it belongs.
 *
 * @param surfaceId 0 to 65535
 * @param codecId {@link #PROGRESSIVE}; there is no other
 * @param codecContextId of the encoder's state, any 32 bits
 * @param dataLength bytes of bitmapData
 */
public record WireToSurface2(int surfaceId, int codecId, int codecContextId, int dataLength) implements GfxPdu {

    /** RDPGFX_CODECID_CAPROGRESSIVE. */
    public static final int PROGRESSIVE = 0x0009;

    /** Bytes without bitmapData. */
    public static final int FIXED_SIZE = HEADER_SIZE + 13;

    private static final String NAME = "RDPGFX_WIRE_TO_SURFACE_PDU_2";

    static WireToSurface2 decode(ByteBuf in) {
        PduException.need(in, FIXED_SIZE - HEADER_SIZE, NAME, "surfaceId");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        int codecId = in.readUnsignedShortLE(); // 2 bytes
        int codecContextId = in.readIntLE(); // 4 bytes
        PduException.expect(in.readUnsignedByte(), XRGB_8888, NAME, "pixelFormat"); // 1 byte
        long length = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(length, 0, in.readableBytes(), NAME, "bitmapDataLength");
        in.skipBytes((int) length);
        return new WireToSurface2(surfaceId, codecId, codecContextId, (int) length);
    }

    @Override
    public int size() {
        return FIXED_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, WIRE_TO_SURFACE_2, FIXED_SIZE + dataLength);
        out.writeShortLE(surfaceId)
                .writeShortLE(codecId)
                .writeIntLE(codecContextId)
                .writeByte(XRGB_8888)
                .writeIntLE(dataLength);
    }
}
