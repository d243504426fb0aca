// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_RECT16 ([MS-RDPEGFX] 2.2.1.2). Unlike the rectangles of other protocols it ends before its right and bottom edge:
 * a client may drop the session if it does not.
 *
 * @param left 0 to 65535, in pixels of the surface; likewise the others
 */
public record GfxRect(int left, int top, int right, int bottom) implements Pdu {

    public static final int SIZE = 8;

    public GfxRect {
        if (left < 0 || top < 0 || right < left || bottom < top || right > 0xffff || bottom > 0xffff) {
            throw new IllegalArgumentException("from " + left + "," + top + " to " + right + "," + bottom);
        }
    }

    static GfxRect decode(ByteBuf in, String structure, String field) {
        PduException.need(in, SIZE, structure, field);
        int left = in.readUnsignedShortLE(); // 2 bytes each
        int top = in.readUnsignedShortLE();
        int right = in.readUnsignedShortLE();
        int bottom = in.readUnsignedShortLE();
        PduException.range(right, left, 0xffff, structure, field);
        PduException.range(bottom, top, 0xffff, structure, field);
        return new GfxRect(left, top, right, bottom);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(left).writeShortLE(top).writeShortLE(right).writeShortLE(bottom);
    }
}
