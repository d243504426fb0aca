// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.rdpmux.display.Rect;

/** Raw encoding (RFC 6143 section 7.7.1): pixels row by row, copied from the socket's buffer as they arrive. */
final class RawReader implements RectangleReader {

    private final Surface surface;
    private final Rect area;
    /** Pixels read so far. */
    private int done;

    RawReader(Surface surface, Rect area) {
        this.surface = surface;
        this.area = area;
    }

    @Override
    public boolean read(ByteBuf in) {
        int total = area.width() * area.height();
        int available = Math.min(total - done, in.readableBytes() / Integer.BYTES);
        if (available > 0) {
            IntBuffer source = in.nioBuffer(in.readerIndex(), available * Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer();
            while (source.hasRemaining()) {
                int row = done / area.width();
                int column = done % area.width();
                // An area as wide as the screen lies in one piece.
                int n = area.width() == surface.width() ? source.remaining() : area.width() - column;
                n = Math.min(n, source.remaining());
                source.get(surface.pixels(), (area.y() + row) * surface.width() + area.x() + column, n);
                done += n;
            }
            in.skipBytes(available * Integer.BYTES);
        }
        if (done < total) {
            return false;
        }
        surface.written(area);
        return true;
    }
}
