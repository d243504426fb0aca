// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.bitmap;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/**
 * TS_UPDATE_BITMAP_DATA ([MS-RDPBCGR] 2.2.9.1.1.3.1.2): the payload of a fast-path update with code
 * {@link org.rdpmux.pdu.fastpath.UpdateCode#BITMAP}, or the body of a slow-path update.
 *
 * @param rectangles in the order in which they are to be drawn
 */
public record BitmapUpdate(List<Rectangle> rectangles) {

    /** updateType 2, numberRectangles 2. */
    public static final int HEADER_SIZE = 4;

    private static final String NAME = "TS_UPDATE_BITMAP_DATA";
    private static final int UPDATETYPE_BITMAP = 1;

    /** One rectangle as a client gets it; {@code pixels} has {@code data.dataLength()} bytes. */
    public record Rectangle(BitmapData data, byte[] pixels) {}

    public BitmapUpdate {
        rectangles = List.copyOf(rectangles);
    }

    /** Writes what precedes the rectangles. */
    public static void writeHeader(ByteBuf out, int rectangles) {
        out.writeShortLE(UPDATETYPE_BITMAP).writeShortLE(rectangles);
    }

    /** Reads a whole update, to the end of {@code in}. */
    public static BitmapUpdate decode(ByteBuf in) {
        PduException.need(in, HEADER_SIZE, NAME, "updateType");
        PduException.expect(in.readUnsignedShortLE(), UPDATETYPE_BITMAP, NAME, "updateType"); // 2 bytes
        int count = in.readUnsignedShortLE(); // numberRectangles: 2 bytes
        PduException.need(in, count * BitmapData.SIZE, NAME, "numberRectangles");
        List<Rectangle> rectangles = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            BitmapData data = BitmapData.decode(in);
            byte[] pixels = new byte[data.dataLength()];
            in.readBytes(pixels);
            rectangles.add(new Rectangle(data, pixels));
        }
        PduException.end(in, NAME);
        return new BitmapUpdate(rectangles);
    }
}
