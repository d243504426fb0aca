// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
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

    private TileGrid grid;
    private int frame;
    private int count;
    private int[] tiles = new int[0];
    private int[] parts = new int[0];
    private ByteBuf[] bytes = new ByteBuf[0];
    private Encoding[] encodings = new Encoding[0];
    private int totalBytes;
    private boolean compressible;
    private double linkRate;
    private final List<Move> moves = new ArrayList<>();
    private final List<VideoPart> video = new ArrayList<>();
    private PointerShape pointer;

    void begin(TileGrid ofScreen, List<Move> newMoves, PointerShape newPointer) {
        if (grid == null || ofScreen.count() > tiles.length) {
            tiles = new int[ofScreen.count()];
            parts = new int[ofScreen.count()];
            bytes = new ByteBuf[ofScreen.count()];
            encodings = new Encoding[ofScreen.count()];
        }
        grid = ofScreen;
        count = 0;
        totalBytes = 0;
        moves.addAll(newMoves);
        pointer = newPointer;
    }

    /** Retains the tile's bytes. */
    void add(TileLane lane, int tile) {
        tiles[count] = tile;
        parts[count] = lane.part(tile);
        bytes[count] = lane.bytes(tile).retain();
        encodings[count] = lane.encoding(tile);
        totalBytes += bytes[count].readableBytes();
        count++;
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

    /** A tile's bytes; shared with other threads: to be read by index only. */
    public ByteBuf bytes(int index) {
        return bytes[index];
    }

    public Encoding encoding(int index) {
        return encodings[index];
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
