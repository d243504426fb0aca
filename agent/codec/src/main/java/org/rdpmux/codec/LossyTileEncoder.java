// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Encodes whole tiles of a screen with a loss, as the codecs of the RemoteFX family do. An encoder keeps scratch memory but no
 * state: equal pixels at the same place give equal bytes, so that viewers can share them. For one thread.
 */
public abstract sealed class LossyTileEncoder permits ProgressiveTileEncoder, RemoteFxTileEncoder {

    /** Width and height of a tile. */
    public static final int SIDE = YCbCrTile.SIDE;

    private final int blockType;
    private final int headerSize;
    private final RfxQuality quality;
    private final RfxComponentEncoder component;
    private final YCbCrTile tile = new YCbCrTile();
    private final byte[] bytes;

    LossyTileEncoder(int blockType, int headerSize, RfxQuality quality, RfxComponentEncoder component) {
        this.blockType = blockType;
        this.headerSize = headerSize;
        this.quality = Objects.requireNonNull(quality);
        this.component = component;
        this.bytes = new byte[maxBytes() + BitWriter.MARGIN];
    }

    /** Most bytes that {@link #encode} appends. */
    public final int maxBytes() {
        return headerSize + 3 * RlgrEncoder.MAX_BYTES;
    }

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
    public final void encode(
            int[] pixels, int offset, int stride, int width, int height, int column, int row, ByteBuf out) {
        WireTile.check(pixels, offset, stride, width, height, width);
        if (width > SIDE || height > SIDE || (column | row) >>> 16 != 0) {
            throw new IllegalArgumentException("tile of " + width + "x" + height + " at " + column + "," + row);
        }
        tile.load(pixels, offset, stride, width, height);
        int yEnd = component.encode(tile.y, quality.luma(), bytes, headerSize);
        int cbEnd = component.encode(tile.cb, quality.chroma(), bytes, yEnd);
        int crEnd = component.encode(tile.cr, quality.chroma(), bytes, cbEnd);
        out.writeShortLE(blockType);
        out.writeIntLE(crEnd);
        out.writeByte(quality.lumaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeShortLE(column);
        out.writeShortLE(row);
        writeLengths(yEnd - headerSize, cbEnd - yEnd, crEnd - cbEnd, out);
        out.writeBytes(bytes, headerSize, crEnd - headerSize);
    }

    /** Writes the rest of the header: the lengths of the components in bytes, and what stands around them. */
    abstract void writeLengths(int y, int cb, int cr, ByteBuf out);
}
