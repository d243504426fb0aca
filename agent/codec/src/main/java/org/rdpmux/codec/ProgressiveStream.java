// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * What stands around tiles to make a RFX_PROGRESSIVE_BITMAP_STREAM of them, the {@code bitmapData} of
 * RDPGFX_WIRE_TO_SURFACE_PDU_2 ([MS-RDPEGFX] 2.2.4.2): {@link #writeHeader}, the blocks of {@link ProgressiveTileEncoder} in any
 * order, {@link #writeEnd}. Each stream is complete: it says again what decoders may know from the one before.
 */
public final class ProgressiveStream {

    /** Most rectangles of a region: more have been seen to trouble clients. */
    public static final int MAX_RECTANGLES = 512;

    /** Most tiles of a region. */
    public static final int MAX_TILES = 0xffff;

    /** Bytes of {@link #writeEnd}. */
    public static final int END_SIZE = 6;

    private static final int SYNC = 0xccc0;
    private static final int FRAME_BEGIN = 0xccc1;
    private static final int FRAME_END = 0xccc2;
    private static final int CONTEXT = 0xccc3;
    private static final int REGION = 0xccc4;

    private static final int SYNC_SIZE = 12;
    private static final int CONTEXT_SIZE = 10;
    private static final int FRAME_BEGIN_SIZE = 12;
    private static final int REGION_SIZE = 18;
    private static final int RECTANGLE_SIZE = 8;

    private static final int MAGIC = 0xcaccacca;
    private static final int VERSION = 0x0100;

    /** RFX_SUBBAND_DIFFING: as Windows does. Some decoders have taken it for the next. */
    private static final int SUBBAND_DIFFING = 0x01;

    /** RFX_DWT_REDUCE_EXTRAPOLATE. */
    private static final int REDUCE_EXTRAPOLATE = 0x01;

    private ProgressiveStream() {}

    /** Bytes of {@link #writeHeader}. */
    public static int headerSize(int rectangles) {
        return SYNC_SIZE + CONTEXT_SIZE + FRAME_BEGIN_SIZE + regionSize(rectangles);
    }

    private static int regionSize(int rectangles) {
        return REGION_SIZE + rectangles * RECTANGLE_SIZE + RfxQuality.ALL_SIZE;
    }

    /**
     * Writes all that comes before the tiles.
     *
     * @param frameIndex counts the streams of a context, from 0, wrapping
     * @param rectangles what of the tiles is shown, inside the surface; 1 to {@link #MAX_RECTANGLES}
     * @param tiles how many follow, at most {@link #MAX_TILES}
     * @param tileBytes how many bytes they have together
     * @throws IllegalArgumentException if there are too few or too many rectangles or tiles
     */
    public static void writeHeader(int frameIndex, List<Rect> rectangles, int tiles, int tileBytes, ByteBuf out) {
        if (rectangles.isEmpty() || rectangles.size() > MAX_RECTANGLES || tiles < 0 || tiles > MAX_TILES) {
            throw new IllegalArgumentException(rectangles.size() + " rectangles, " + tiles + " tiles");
        }
        block(SYNC, SYNC_SIZE, out);
        out.writeIntLE(MAGIC);
        out.writeShortLE(VERSION);

        block(CONTEXT, CONTEXT_SIZE, out);
        out.writeByte(0); // ctxId
        out.writeShortLE(ProgressiveTileEncoder.SIDE);
        out.writeByte(SUBBAND_DIFFING);

        block(FRAME_BEGIN, FRAME_BEGIN_SIZE, out);
        out.writeIntLE(frameIndex);
        out.writeShortLE(1); // regionCount

        block(REGION, regionSize(rectangles.size()) + tileBytes, out);
        out.writeByte(ProgressiveTileEncoder.SIDE);
        out.writeShortLE(rectangles.size());
        out.writeByte(RfxQuality.SETS);
        out.writeByte(0); // numProgQuant
        out.writeByte(REDUCE_EXTRAPOLATE);
        out.writeShortLE(tiles);
        out.writeIntLE(tileBytes);
        for (Rect rectangle : rectangles) {
            out.writeShortLE(rectangle.x());
            out.writeShortLE(rectangle.y());
            out.writeShortLE(rectangle.width());
            out.writeShortLE(rectangle.height());
        }
        RfxQuality.writeAll(out);
    }

    /** Writes what comes after the tiles. */
    public static void writeEnd(ByteBuf out) {
        block(FRAME_END, END_SIZE, out);
    }

    private static void block(int type, int length, ByteBuf out) {
        out.writeShortLE(type);
        out.writeIntLE(length);
    }
}
