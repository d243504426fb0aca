// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Encodes whole tiles of a screen with a loss. An encoder keeps scratch memory but no state: equal pixels at the same place give
 * equal bytes, so that viewers can share them. For one thread.
 */
public sealed interface LossyTileEncoder permits ProgressiveTileEncoder, RemoteFxTileEncoder {

    /** Width and height of a tile. */
    int SIDE = YCbCrTile.SIDE;

    /** Most bytes that {@link #encode} appends. */
    int maxBytes();

    /**
     * Appends one tile to {@code out}.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the tile's top left pixel
     * @param stride distance of two rows, in pixels, at least {@code width}
     * @param width 1 to {@link #SIDE}: less only at the screen's right edge
     * @param height 1 to {@link #SIDE}: less only at the screen's bottom edge
     * @param column the tile's place on the screen, in tiles, 0 to 65535
     * @param row likewise
     * @param out grows by at most {@link #maxBytes}; neither kept nor released
     * @throws IllegalArgumentException if size or place is out of range
     * @throws IndexOutOfBoundsException if the tile is not inside {@code pixels}
     */
    void encode(int[] pixels, int offset, int stride, int width, int height, int column, int row, ByteBuf out);

    /** Refuses what is no tile. */
    static void check(int[] pixels, int offset, int stride, int width, int height, int column, int row) {
        WireTile.check(pixels, offset, stride, width, height, width);
        if (width > SIDE || height > SIDE || (column | row) >>> 16 != 0) {
            throw new IllegalArgumentException("tile of " + width + "x" + height + " at " + column + "," + row);
        }
    }
}
