// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import org.rdpmux.display.Rect;

/** CopyRect encoding (RFC 6143 section 7.7.2): pixels that are on the screen elsewhere. */
final class CopyRectReader implements RectangleReader {

    private final Surface surface;
    private final Rect area;
    private final WorkSlice slice;

    CopyRectReader(Surface surface, Rect area, WorkSlice slice) {
        this.surface = surface;
        this.area = area;
        this.slice = slice;
    }

    @Override
    public boolean read(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return false;
        }
        Rect source = new Rect(in.readUnsignedShort(), in.readUnsignedShort(), area.width(), area.height());
        if (!surface.bounds().contains(source)) {
            throw violation("CopyRect", "source", source + " is not inside " + surface.bounds());
        }
        int stride = surface.width();
        for (int i = 0; i < area.height(); i++) {
            // The two may overlap: go away from where we write.
            int row = source.y() < area.y() ? area.height() - 1 - i : i;
            int from = (source.y() + row) * stride + source.x();
            int to = (area.y() + row) * stride + area.x();
            System.arraycopy(surface.pixels(), from, surface.pixels(), to, area.width());
        }
        slice.spend(area.area());
        surface.copied(area, area.x() - source.x(), area.y() - source.y());
        return true;
    }
}
