// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_RESET_GRAPHICS_PDU ([MS-RDPEGFX] 2.2.2.14): the desktop has this size from now on, and one monitor. It always has
 * 340 bytes; some clients refuse one without a monitor.
 *
 * @param width 1 to 32766 pixels
 * @param height likewise
 */
public record ResetGraphics(int width, int height) implements GfxPdu {

    private static final String NAME = "RDPGFX_RESET_GRAPHICS_PDU";
    private static final int SIZE = 340;
    private static final int MAX_SIDE = 32766;
    private static final int FIELDS = 3 * 4;
    /** Of TS_MONITOR_DEF. */
    private static final int MONITOR = 5 * 4;

    private static final int PRIMARY = 1;

    public ResetGraphics {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
            throw new IllegalArgumentException("desktop of " + width + "x" + height);
        }
    }

    static ResetGraphics decode(ByteBuf in) {
        PduException.need(in, SIZE - HEADER_SIZE, NAME, "width");
        int width = in.readIntLE(); // 4 bytes
        int height = in.readIntLE(); // 4 bytes
        PduException.range(width, 1, MAX_SIDE, NAME, "width");
        PduException.range(height, 1, MAX_SIDE, NAME, "height");
        PduException.expect(in.readIntLE(), 1, NAME, "monitorCount"); // 4 bytes
        PduException.expect(in.readIntLE(), 0, NAME, "left"); // 4 bytes
        PduException.expect(in.readIntLE(), 0, NAME, "top"); // 4 bytes
        PduException.expect(in.readIntLE(), width - 1, NAME, "right"); // 4 bytes
        PduException.expect(in.readIntLE(), height - 1, NAME, "bottom"); // 4 bytes
        PduException.expect(in.readIntLE(), PRIMARY, NAME, "flags"); // 4 bytes
        in.skipBytes(SIZE - HEADER_SIZE - FIELDS - MONITOR); // pad
        return new ResetGraphics(width, height);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, RESET_GRAPHICS, SIZE);
        out.writeIntLE(width).writeIntLE(height).writeIntLE(1);
        out.writeIntLE(0).writeIntLE(0).writeIntLE(width - 1).writeIntLE(height - 1); // these edges belong to it
        out.writeIntLE(PRIMARY);
        out.writeZero(SIZE - HEADER_SIZE - FIELDS - MONITOR);
    }
}
