// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * What stands around the tiles of {@link RemoteFxTileEncoder} to make RemoteFX messages of them ([MS-RDPRFX] 2.2.2): {@link
 * #writeHeaders}, before the first message in video mode, before each in image mode; for each message {@link #writeStart},
 * the tiles in any order, and {@link #writeEnd}.
 */
public final class RemoteFxStream {

    /** Bytes of {@link #writeHeaders}: TS_RFX_SYNC 12, TS_RFX_CODEC_VERSIONS 10, TS_RFX_CHANNELS 12, TS_RFX_CONTEXT 13. */
    public static final int HEADERS_SIZE = 12 + 10 + 12 + 13;

    /** Bytes of {@link #writeEnd}. */
    public static final int END_SIZE = 8;

    /** Most rectangles of a message: more have been seen to trouble clients. */
    public static final int MAX_RECTANGLES = 512;

    private static final int WBT_SYNC = 0xccc0;
    private static final int WBT_CODEC_VERSIONS = 0xccc1;
    private static final int WBT_CHANNELS = 0xccc2;
    private static final int WBT_CONTEXT = 0xccc3;
    private static final int WBT_FRAME_BEGIN = 0xccc4;
    private static final int WBT_FRAME_END = 0xccc5;
    private static final int WBT_REGION = 0xccc6;
    private static final int WBT_EXTENSION = 0xccc7;

    private static final int CBT_REGION = 0xcac1;
    private static final int CBT_TILESET = 0xcac2;

    private static final int MAGIC = 0xcaccacca;
    private static final int VERSION = 0x0100;

    /** codecId 1 and channelId 0, as in all blocks but the context's. */
    private static final int CODEC_AND_CHANNEL = 0x0001;

    private static final int CODEC_AND_ANY_CHANNEL = 0xff01;

    private static final int FRAME_BEGIN_SIZE = 14;
    private static final int REGION_SIZE = 15;
    private static final int RECTANGLE_SIZE = 8;
    private static final int TILESET_SIZE = 22;

    private static final int IMAGE_MODE = 0x02;
    private static final int RLGR1 = 0x01;
    private static final int RLGR3 = 0x04;

    private final boolean imageMode;
    private final boolean rlgr3;

    /**
     * @param imageMode whether the client asks for image mode, otherwise video mode
     * @param rlgr3 whether tiles are encoded with RLGR3, otherwise RLGR1
     */
    public RemoteFxStream(boolean imageMode, boolean rlgr3) {
        this.imageMode = imageMode;
        this.rlgr3 = rlgr3;
    }

    /** Writes what a decoder is to know before the first tile. @param width of the desktop; likewise {@code height} */
    public void writeHeaders(int width, int height, ByteBuf out) {
        block(WBT_SYNC, 12, out);
        out.writeIntLE(MAGIC);
        out.writeShortLE(VERSION);

        block(WBT_CODEC_VERSIONS, 10, out);
        out.writeByte(1); // numCodecs
        out.writeByte(1); // codecId
        out.writeShortLE(VERSION);

        block(WBT_CHANNELS, 12, out);
        out.writeByte(1); // numChannels
        out.writeByte(0); // channelId
        out.writeShortLE(width);
        out.writeShortLE(height);

        block(WBT_CONTEXT, 13, out);
        out.writeShortLE(CODEC_AND_ANY_CHANNEL);
        out.writeByte(0); // ctxId
        out.writeShortLE(LossyTileEncoder.SIDE);
        // flags 3 bits, cct 2, xft 4, et 4, qt 2, r 1: colour conversion, transform and quantisation are the only ones
        out.writeShortLE(flags() | 1 << 3 | 1 << 5 | entropy() << 9 | 1 << 13);
    }

    /** Bytes of {@link #writeStart}. */
    public static int startSize(int rectangles) {
        return FRAME_BEGIN_SIZE + REGION_SIZE + rectangles * RECTANGLE_SIZE + TILESET_SIZE + RfxQuality.ALL_SIZE;
    }

    /**
     * Writes all of a message that comes before its tiles.
     *
     * @param frame counts the messages, from 0, wrapping
     * @param rectangles what of the tiles is shown, inside the desktop; 1 to {@link #MAX_RECTANGLES}
     * @param tiles how many follow, 1 to 65535
     * @param tileBytes how many bytes they have together
     * @throws IllegalArgumentException if there are too few or too many rectangles or tiles
     */
    public void writeStart(int frame, List<Rect> rectangles, int tiles, int tileBytes, ByteBuf out) {
        if (rectangles.isEmpty() || rectangles.size() > MAX_RECTANGLES || tiles < 1 || tiles > 0xffff) {
            throw new IllegalArgumentException(rectangles.size() + " rectangles, " + tiles + " tiles");
        }
        block(WBT_FRAME_BEGIN, FRAME_BEGIN_SIZE, out);
        out.writeShortLE(CODEC_AND_CHANNEL);
        out.writeIntLE(frame);
        out.writeShortLE(1); // numRegions

        block(WBT_REGION, REGION_SIZE + rectangles.size() * RECTANGLE_SIZE, out);
        out.writeShortLE(CODEC_AND_CHANNEL);
        out.writeByte(1); // regionFlags: lrf
        out.writeShortLE(rectangles.size());
        for (Rect rectangle : rectangles) {
            out.writeShortLE(rectangle.x());
            out.writeShortLE(rectangle.y());
            out.writeShortLE(rectangle.width());
            out.writeShortLE(rectangle.height());
        }
        out.writeShortLE(CBT_REGION);
        out.writeShortLE(1); // numTilesets

        block(WBT_EXTENSION, TILESET_SIZE + RfxQuality.ALL_SIZE + tileBytes, out);
        out.writeShortLE(CODEC_AND_CHANNEL);
        out.writeShortLE(CBT_TILESET);
        out.writeShortLE(0); // idx
        // lt 1 bit, flags 3, cct 2, xft 4, et 4, qt 2
        out.writeShortLE(1 | flags() << 1 | 1 << 4 | 1 << 6 | entropy() << 10 | 1 << 14);
        out.writeByte(RfxQuality.SETS);
        out.writeByte(LossyTileEncoder.SIDE);
        out.writeShortLE(tiles);
        out.writeIntLE(tileBytes);
        // TS_RFX_CODEC_QUANT has LH before HL, unlike the graphics pipeline; they have the same quantisers.
        RfxQuality.writeAll(out);
    }

    /** Writes what comes after the tiles. */
    public static void writeEnd(ByteBuf out) {
        block(WBT_FRAME_END, END_SIZE, out);
        out.writeShortLE(CODEC_AND_CHANNEL);
    }

    private int flags() {
        return imageMode ? IMAGE_MODE : 0;
    }

    private int entropy() {
        return rlgr3 ? RLGR3 : RLGR1;
    }

    private static void block(int type, int length, ByteBuf out) {
        out.writeShortLE(type);
        out.writeIntLE(length);
    }
}
