// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_SOLIDFILL_PDU ([MS-RDPEGFX] 2.2.2.4).
 *
 * @param surfaceId 0 to 65535
 * @param colour {@code 0x00RRGGBB}
 * @param rectangles 0 to 65535 of them, inside the surface
 */
public record SolidFill(int surfaceId, int colour, List<GfxRect> rectangles) implements GfxPdu {

    private static final String NAME = "RDPGFX_SOLIDFILL_PDU";
    private static final int FIXED_SIZE = 8;

    public SolidFill {
        rectangles = List.copyOf(rectangles);
    }

    static SolidFill decode(ByteBuf in) {
        PduException.need(in, FIXED_SIZE, NAME, "surfaceId");
        int surfaceId = in.readUnsignedShortLE(); // 2 bytes
        int colour = in.readIntLE() & 0xffffff; // 4 bytes: blue, green, red, unused
        int count = in.readUnsignedShortLE(); // 2 bytes
        PduException.need(in, count * GfxRect.SIZE, NAME, "fillRectCount");
        List<GfxRect> rectangles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rectangles.add(GfxRect.decode(in, NAME, "fillRects"));
        }
        return new SolidFill(surfaceId, colour, rectangles);
    }

    @Override
    public int size() {
        return HEADER_SIZE + FIXED_SIZE + rectangles.size() * GfxRect.SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, SOLID_FILL, size());
        out.writeShortLE(surfaceId).writeIntLE(colour).writeShortLE(rectangles.size());
        rectangles.forEach(rectangle -> rectangle.encode(out));
    }
}
