// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.StreamEncoder;
import org.rdpmux.server.screen.TileGrid;

/**
 * A stream for tests that goes wrong at once if a frame is missed, shown twice or made from torn pixels: each frame has the
 * differences (exclusive or) to the one before, a key frame those to black.
 */
final class DifferenceStream implements StreamEncoder {

    private final TileGrid grid;
    private final int[] last;

    DifferenceStream(TileGrid grid) {
        this.grid = grid;
        this.last = new int[grid.width() * grid.height()];
    }

    @Override
    public void encode(Source source, BitSet tiles, boolean key, ByteBuf out) {
        ByteBuffer frame = ByteBuffer.allocate(5 + tiles.cardinality() * (4 + 4 * TileGrid.SIDE * TileGrid.SIDE));
        frame.put((byte) (key ? 1 : 0)).putInt(tiles.cardinality());
        for (int tile = tiles.nextSetBit(0); tile >= 0; tile = tiles.nextSetBit(tile + 1)) {
            frame.putInt(tile);
            Rect rect = grid.rect(tile);
            for (int y = rect.y(); y < rect.bottom(); y++) {
                for (int i = y * grid.width() + rect.x(); i < y * grid.width() + rect.right(); i++) {
                    int pixel = source.pixels(tile)[i];
                    frame.putInt(key ? pixel : pixel ^ last[i]);
                    last[i] = pixel;
                }
            }
        }
        out.writeBytes(frame.flip());
    }

    /** Draws a frame. @param picture of the whole screen, as the frame before left it */
    static void decode(ByteBuf frame, TileGrid grid, int[] picture) {
        ByteBuffer in = ByteBuffer.wrap(ByteBufUtil.getBytes(frame));
        boolean key = in.get() == 1;
        int tiles = in.getInt();
        for (int n = 0; n < tiles; n++) {
            Rect rect = grid.rect(in.getInt());
            for (int y = rect.y(); y < rect.bottom(); y++) {
                for (int i = y * grid.width() + rect.x(); i < y * grid.width() + rect.right(); i++) {
                    picture[i] = in.getInt() ^ (key ? 0 : picture[i]);
                }
            }
        }
    }

    @Override
    public void close() {}
}
