// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_CREATE_SURFACE_PDU ([MS-RDPEGFX] 2.2.2.9): a picture that the client keeps, of {@link #XRGB_8888} pixels.
 *
 * @param surfaceId 0 to 65535, of the server's choice
 * @param width 1 to 65535 pixels
 * @param height likewise
 */
public record CreateSurface(int surfaceId, int width, int height) implements GfxPdu {

    private static final String NAME = "RDPGFX_CREATE_SURFACE_PDU";
    private static final int BODY_SIZE = 7;

    public CreateSurface {
        if (surfaceId < 0 || surfaceId > 0xffff || width < 1 || width > 0xffff || height < 1 || height > 0xffff) {
            throw new IllegalArgumentException("surface " + surfaceId + " of " + width + "x" + height);
        }
    }

    static CreateSurface decode(ByteBuf in) {
        PduException.need(in, BODY_SIZE, NAME, "surfaceId");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        int width = in.readUnsignedShortLE(); // 2 bytes
        int height = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(width, 1, 0xffff, NAME, "width");
        PduException.range(height, 1, 0xffff, NAME, "height");
        PduException.expect(in.readUnsignedByte(), XRGB_8888, NAME, "pixelFormat"); // 1 byte
        return new CreateSurface(surfaceId, width, height);
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, CREATE_SURFACE, size());
        out.writeShortLE(surfaceId).writeShortLE(width).writeShortLE(height).writeByte(XRGB_8888);
    }
}
