// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.rdpmux.display.Rect;

/**
 * ZRLE encoding (RFC 6143 section 7.7.6): tiles of 64x64 pixels, each packed as fits it best, in one zlib stream that lives
 * as long as the connection. Whatever the size of a rectangle, two tiles' worth of memory is used: bytes are inflated as
 * they arrive and tiles drawn when they are whole. When the slice is over, compressed bytes stay in the buffer.
 */
final class ZrleDecoder implements AutoCloseable {

    /** Compressed bytes taken at a time: what they inflate to, a thousand times as much at most, is drawn without a pause. */
    private static final int CHUNK = 4096;

    private final WorkSlice slice;
    private final Inflater inflater = new Inflater();
    private final byte[] inflated = new byte[2 * ZrleTile.MAX_SIZE];
    /** Inflated bytes of tiles not drawn yet. */
    private int start;

    private int end;

    ZrleDecoder(WorkSlice slice) {
        this.slice = slice;
    }

    /** Reads one rectangle; the next may begin when it is complete. */
    RectangleReader reader(Surface surface, Rect area) {
        return new Rectangle(surface, area);
    }

    @Override
    public void close() {
        inflater.end();
    }

    private final class Rectangle implements RectangleReader {
        private final Surface surface;
        private final Rect area;
        private final int columns;
        private final int tiles;
        private int tile;
        /** Compressed bytes to come; -1 before the length was read. */
        private long remaining = -1;

        Rectangle(Surface surface, Rect area) {
            this.surface = surface;
            this.area = area;
            columns = tilesAcross(area.width());
            tiles = columns * tilesAcross(area.height());
        }

        private static int tilesAcross(int edge) {
            return (edge + ZrleTile.EDGE - 1) / ZrleTile.EDGE;
        }

        @Override
        public boolean read(ByteBuf in) {
            if (remaining < 0) {
                if (in.readableBytes() < 4) {
                    return false;
                }
                remaining = in.readUnsignedInt();
            }
            while (remaining > 0 && in.isReadable() && !slice.isOver()) {
                int n = (int) Math.min(remaining, Math.min(CHUNK, in.readableBytes()));
                inflater.setInput(in.nioBuffer(in.readerIndex(), n));
                drawWhatIsInflated();
                in.skipBytes(n);
                remaining -= n;
            }
            if (remaining > 0) {
                return false;
            }
            if (tile < tiles) {
                throw violation("ZRLE", "zlibData", "ends in tile " + tile + " of " + tiles);
            }
            surface.written(area);
            return true;
        }

        private void drawWhatIsInflated() {
            try {
                while (true) {
                    System.arraycopy(inflated, start, inflated, 0, end - start);
                    end -= start;
                    start = 0;
                    int n = inflater.inflate(inflated, end, inflated.length - end);
                    if (n == 0) {
                        break;
                    }
                    end += n;
                    drawTiles();
                }
            } catch (DataFormatException e) {
                throw violation("ZRLE", "zlibData", "is not a zlib stream: " + e.getMessage());
            }
            // Not more input wanted: the stream ended, or wants a dictionary that RFB has no notion of.
            if (!inflater.needsInput()) {
                throw violation("ZRLE", "zlibData", "ends the zlib stream");
            }
        }

        /** INVARIANT: leaves less than a tile's bytes, so that there is always room to inflate into. */
        private void drawTiles() {
            while (tile < tiles) {
                int x = tile % columns * ZrleTile.EDGE;
                int y = tile / columns * ZrleTile.EDGE;
                Rect place = new Rect(
                        area.x() + x,
                        area.y() + y,
                        Math.min(ZrleTile.EDGE, area.width() - x),
                        Math.min(ZrleTile.EDGE, area.height() - y));
                int next = ZrleTile.draw(inflated, start, end, surface, place);
                if (next < 0) {
                    return;
                }
                start = next;
                tile++;
                slice.spend(place.area());
            }
            if (start < end) {
                throw violation("ZRLE", "zlibData", "goes on after the last tile");
            }
        }
    }
}
