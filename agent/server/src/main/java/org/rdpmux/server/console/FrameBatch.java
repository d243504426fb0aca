// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Move;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.rdpmux.server.screen.VideoStream;

/**
 * What a viewer's client gets in one go, in this order: a pointer shape, if it changed; moves, for clients that make them;
 * frames of a video; and tiles with their bytes. A viewer has one of these, which changes hands: filled by the
 * console's thread, emptied by the client's, and not filled again before. Its many fields are arrays that it keeps, so that a
 * batch allocates nothing.
 */
public final class FrameBatch {

    /**
     * A frame of the viewer's video stream.
     *
     * @param bytes its access unit; shared with other threads: to be read by index only
     * @param key whether it stands by itself; others build on the one before
     * @param qp its quantiser
     * @param areas of the screen that it shows; one or more, inside the screen
     */
    public record VideoPart(ByteBuf bytes, boolean key, int qp, List<Rect> areas) {}

    /** What it takes to have a client draw a tile that it keeps (RDPGFX_CACHE_TO_SURFACE_PDU). */
    static final int KEPT_BYTES = 18;

    /** What it takes to have it keep one (RDPGFX_SURFACE_TO_CACHE_PDU). */
    static final int STORE_BYTES = 28;

    private TileGrid grid;
    private EncoderProfile.Codec codec;
    private int frame;
    private int count;
    private int[] tiles = new int[0];
    private int[] parts = new int[0];
    private ByteBuf[] bytes = new ByteBuf[0];
    private Encoding[] encodings = new Encoding[0];
    private int[] slots = new int[0];
    private long[] keys = new long[0];
    private int totalBytes;
    private boolean compressible;
    private double linkRate;
    private final List<Move> moves = new ArrayList<>();
    private final List<VideoPart> video = new ArrayList<>();
    private PointerShape pointer;

    void begin(EncoderProfile.Codec forClient, TileGrid ofScreen, List<Move> newMoves, PointerShape newPointer) {
        if (grid == null || ofScreen.count() > tiles.length) {
            tiles = new int[ofScreen.count()];
            parts = new int[ofScreen.count()];
            bytes = new ByteBuf[ofScreen.count()];
            encodings = new Encoding[ofScreen.count()];
            slots = new int[ofScreen.count()];
            keys = new long[ofScreen.count()];
        }
        codec = forClient;
        grid = ofScreen;
        count = 0;
        totalBytes = 0;
        moves.addAll(newMoves);
        pointer = newPointer;
    }

    /** Retains the tile's bytes. @param slot where the client is to keep the tile, and has no other; 0 if nowhere */
    void add(TileLane lane, int tile, int slot) {
        add(tile, lane.part(tile), -slot, slot > 0 ? lane.screen().key(tile) : 0);
        bytes[count] = lane.bytes(tile).retain();
        encodings[count] = lane.encoding(tile);
        totalBytes += bytes[count].readableBytes() + (slot > 0 ? STORE_BYTES : 0);
        count++;
    }

    /** Has the client draw a tile that it keeps. */
    void addKept(int tile, int slot) {
        add(tile, TileParts.WHOLE, slot, 0);
        bytes[count] = Unpooled.EMPTY_BUFFER;
        encodings[count] = null;
        totalBytes += KEPT_BYTES;
        count++;
    }

    private void add(int tile, int part, int slot, long key) {
        tiles[count] = tile;
        parts[count] = part;
        slots[count] = slot;
        keys[count] = key;
    }

    /** Retains the bytes of a frame. */
    void add(VideoStream.Frame frame, List<Rect> areas) {
        video.add(new VideoPart(frame.bytes().retain(), frame.key(), frame.qp(), areas));
        totalBytes += frame.bytes().readableBytes();
    }

    /** @param rate see {@link #linkRate} */
    void number(int newFrame, double rate) {
        frame = newFrame;
        linkRate = rate;
    }

    /** See {@link #isCompressible}. */
    void compressible(boolean isWorth) {
        compressible = isWorth;
    }

    /**
     * Whether it is worth time to make it smaller for this client alone. Compressing takes as long as encoding did, and where
     * many look on, encoding is shared.
     */
    public boolean isCompressible() {
        return compressible;
    }

    /** How the client is sent pixels: what was on its way when that changed is for nobody. */
    public EncoderProfile.Codec codec() {
        return codec;
    }

    public TileGrid grid() {
        return grid;
    }

    /** The frame's number, for its markers. */
    public int frame() {
        return frame;
    }

    /** Bytes that the client's link takes in a second; 0 while that is not known. */
    public double linkRate() {
        return linkRate;
    }

    /** Number of tiles. */
    public int count() {
        return count;
    }

    /** The number of a tile in the grid. */
    public int tile(int index) {
        return tiles[index];
    }

    /** The part of the screen that a tile's bytes show: the tile, or what changed of it. */
    public Rect area(int index) {
        return TileParts.area(grid, tiles[index], parts[index]);
    }

    /** A tile's bytes, none if the client keeps it; shared with other threads: to be read by index only. */
    public ByteBuf bytes(int index) {
        return bytes[index];
    }

    /** Null for a tile that the client keeps. */
    public Encoding encoding(int index) {
        return encodings[index];
    }

    /** Whether the client keeps a tile, and draws it whole, instead of being sent its bytes. */
    public boolean isKept(int index) {
        return slots[index] > 0;
    }

    /** The slot of the client's cache that has a tile; or, negative, where it is to be kept once it is drawn; 0 for none. */
    public int cacheSlot(int index) {
        return slots[index];
    }

    /** Names the pixels of a tile that is to be kept. */
    public long cacheKey(int index) {
        return keys[index];
    }

    /** Bytes of all tiles and frames. */
    public int totalBytes() {
        return totalBytes;
    }

    /** Moves to make one after the other, before anything else is drawn. */
    public List<Move> moves() {
        return moves;
    }

    /** Frames of the viewer's video stream, to be shown one after the other behind the moves and before the tiles. */
    public List<VideoPart> video() {
        return video;
    }

    /** The pointer's new shape, or null if it has not changed. */
    public PointerShape pointer() {
        return pointer;
    }

    /** Releases the bytes of tiles and frames; idempotent. */
    public void release() {
        for (int i = 0; i < count; i++) {
            bytes[i].release();
            bytes[i] = null;
        }
        video.forEach(part -> part.bytes().release());
        video.clear();
        moves.clear();
        count = 0;
        pointer = null;
    }
}
