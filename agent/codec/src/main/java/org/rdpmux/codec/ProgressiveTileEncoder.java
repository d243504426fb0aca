// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Tiles of the RemoteFX Progressive codec, [MS-RDPEGFX] 2.2.4.2: each one a RFX_PROGRESSIVE_TILE_SIMPLE block, which a decoder
 * reads without any that came before, so that viewers can share it. Lossy, for photos and what moves like video; {@link
 * ProgressiveStream} makes a bitmap of the blocks. For one thread; keeps scratch memory but no state.
 */
public final class ProgressiveTileEncoder {

    /** Width and height of a tile. */
    public static final int SIDE = YCbCrTile.SIDE;

    private static final int TILE_SIMPLE = 0xccc5;

    /** Block type and length, three quantiser indices, position, flags, four lengths. */
    private static final int HEADER = 2 + 4 + 3 + 2 * 2 + 1 + 4 * 2;

    private static final int LL3 = 9;

    private final RfxQuality quality;
    private final YCbCrTile tile = new YCbCrTile();
    private final ReduceExtrapolateDwt dwt = new ReduceExtrapolateDwt();
    private final RlgrEncoder rlgr = new RlgrEncoder();
    private final int[] coefficients = new int[YCbCrTile.PIXELS];
    private final byte[] bytes = new byte[HEADER + 3 * RlgrEncoder.MAX_BYTES + BitWriter.MARGIN];

    public ProgressiveTileEncoder(RfxQuality quality) {
        this.quality = Objects.requireNonNull(quality);
    }

    /** Most bytes that {@link #encode} appends. */
    public int maxBytes() {
        return HEADER + 3 * RlgrEncoder.MAX_BYTES;
    }

    /**
     * Appends one tile's block to {@code out}.
     *
     * @param pixels {@code 0xXXRRGGBB}, the top byte is ignored
     * @param offset index of the tile's top left pixel
     * @param stride distance of two rows, in pixels, at least {@code width}
     * @param width 1 to {@value YCbCrTile#SIDE}: less only at the surface's right edge
     * @param height 1 to {@value YCbCrTile#SIDE}: less only at the surface's bottom edge
     * @param column the tile's place on the surface, in tiles, 0 to 65535
     * @param row likewise
     * @param out grows by at most {@link #maxBytes}; neither kept nor released
     * @throws IllegalArgumentException if size or place is out of range
     * @throws IndexOutOfBoundsException if the tile is not inside {@code pixels}
     */
    public void encode(int[] pixels, int offset, int stride, int width, int height, int column, int row, ByteBuf out) {
        WireTile.check(pixels, offset, stride, width, height, width);
        if (width > SIDE || height > SIDE || (column | row) >>> 16 != 0) {
            throw new IllegalArgumentException("tile of " + width + "x" + height + " at " + column + "," + row);
        }
        tile.load(pixels, offset, stride, width, height);
        int yEnd = component(tile.y, quality.luma(), HEADER);
        int cbEnd = component(tile.cb, quality.chroma(), yEnd);
        int crEnd = component(tile.cr, quality.chroma(), cbEnd);
        out.writeShortLE(TILE_SIMPLE);
        out.writeIntLE(crEnd);
        out.writeByte(quality.lumaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeByte(quality.chromaIndex());
        out.writeShortLE(column);
        out.writeShortLE(row);
        out.writeByte(0); // flags: the coefficients are not differences to those before
        out.writeShortLE(yEnd - HEADER);
        out.writeShortLE(cbEnd - yEnd);
        out.writeShortLE(crEnd - cbEnd);
        out.writeShortLE(0); // tailLen
        out.writeBytes(bytes, HEADER, crEnd - HEADER);
    }

    /** Returns where in {@link #bytes} it ends. */
    private int component(int[] samples, int[] quantisers, int start) {
        dwt.transform(samples, coefficients);
        int last = coefficients.length - 1;
        int exact = coefficients[last];
        Quantiser.quantise(coefficients, ReduceExtrapolateDwt.BANDS, quantisers);
        int shift = quantisers[LL3] - 1;
        int remainder = exact - (coefficients[last] << shift);
        for (int i = last; i > ReduceExtrapolateDwt.BANDS[LL3]; i--) {
            coefficients[i] -= coefficients[i - 1];
        }
        return rlgr.encode(coefficients, coefficients.length, remainder, bytes, start);
    }
}
