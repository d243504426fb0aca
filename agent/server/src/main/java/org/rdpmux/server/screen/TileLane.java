// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.BitSet;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.display.Rect;

/**
 * One encoding of a screen, shared by all viewers of one {@link EncoderProfile}: a change is encoded once, whoever needs it.
 * Has one {@link EncodeJob} in flight at most, and no lane waits for another's. Used by one thread, but for what a job encodes.
 *
 * <p>Tiles stand by themselves: the lane keeps the newest bytes of each tile, or of the part of it that changed last, with the
 * version of the pixels they were made from. Holds one buffer per tile at most. Beside them it may have a {@link VideoStream}.
 * Its many fields are arrays with an entry for each tile.
 */
public final class TileLane implements AutoCloseable {

    /** Share of the newest tile in the average: the last dozen tiles count. */
    private static final int SMOOTHING = 8;

    /** How much larger a tile is with the usual loss than with the coarse one. */
    private static final int USUAL_TO_COARSE = 2;

    /** What a tile is taken for before one was encoded: a tile of text. */
    private static final int FIRST_GUESS = 1500;

    private final EncoderProfile profile;
    private final Screen screen;
    private final VideoStream video;
    private final ByteBuf[] bytes;
    private final Encoding[] encodings;
    /** 0 where there are no bytes. */
    private final int[] versions;
    /** Which part of the tile the bytes show; see {@link TileParts}. */
    private final int[] parts;

    /** Tiles that the last job has encoded. */
    private final BitSet fresh = new BitSet();

    private int averageBytes = FIRST_GUESS;
    /** Of tiles with a loss. */
    private int averageLossyBytes = FIRST_GUESS;

    private boolean busy;
    private boolean closed;

    public TileLane(EncoderProfile profile, Screen screen) {
        this(profile, screen, null);
    }

    /** @param video for what moves, which belongs to the lane from now on; null for none */
    public TileLane(EncoderProfile profile, Screen screen, VideoStream video) {
        int tiles = screen.grid().count();
        this.profile = profile;
        this.screen = screen;
        this.video = video;
        this.bytes = new ByteBuf[tiles];
        this.encodings = new Encoding[tiles];
        this.versions = new int[tiles];
        this.parts = new int[tiles];
    }

    /** The screen it encodes. */
    public Screen screen() {
        return screen;
    }

    /** True while a job is in flight. */
    public boolean isBusy() {
        return busy;
    }

    /** What moves, as a stream; null if the lane has none. */
    public VideoStream video() {
        return video;
    }

    /**
     * True if the tile's bytes show the newest pixels of all of a part: exactly, or with a loss while the tile moves.
     *
     * @param coarse whether a loss will do though it does not
     */
    public boolean isCurrent(int tile, int part, boolean coarse) {
        return versions[tile] == screen().version(tile)
                && TileParts.covers(parts[tile], part)
                && (coarse || !encodings[tile].isLossy() || screen().isMoving(tile));
    }

    /** True if the tile's bytes show its newest pixels, as above, or those that it had when the last job began. */
    public boolean isFresh(int tile, int part) {
        return fresh.get(tile) || isCurrent(tile, part, true);
    }

    /** The part of the tile that its bytes show. */
    public int part(int tile) {
        return parts[tile];
    }

    /** The tile's bytes: the lane's own buffer, to be read by index only; retain it to keep it. Null if there are none. */
    public ByteBuf bytes(int tile) {
        return bytes[tile];
    }

    public Encoding encoding(int tile) {
        return encodings[tile];
    }

    /** What a tile will probably take, in bytes; 1 or more. */
    public int expectedBytes() {
        return Math.max(1, averageBytes);
    }

    /** What a tile that moves would take at the usual quality, in bytes: a bound, where this lane's is another. */
    public int movingTileBytes() {
        if (streams()) {
            return VideoStream.FINE_TILE_BYTES;
        }
        return profile.coarse() ? USUAL_TO_COARSE * averageLossyBytes : averageLossyBytes;
    }

    /** Whether what moves is sent as a stream. */
    public boolean streams() {
        return video != null && !video.isOver();
    }

    /**
     * Begins to encode tiles. The lane is busy until the job is {@linkplain EncodeJob#finish finished}.
     *
     * @param wanted parts of one or more tiles that are not current; not kept
     * @param coarse those that may have a loss though they do not move
     */
    public EncodeJob begin(TileParts wanted, BitSet coarse) {
        return begin(wanted, coarse, null);
    }

    /**
     * Likewise, with a frame of the video stream.
     *
     * @param wanted as above, but may be empty
     * @param frame parts of one or more tiles that belong in the frame, of which those that do not look like a photo become
     *     tiles; null for none
     */
    public EncodeJob begin(TileParts wanted, BitSet coarse, VideoFrame frame) {
        busy = true;
        fresh.clear();
        if (frame != null) {
            video.begin(frame);
        }
        return new Job(this, wanted, coarse, frame);
    }

    /** Takes a tile's new bytes over, which belong to the lane from now on, and releases the old ones. */
    private void put(int tile, int version, int part, ByteBuf newest, Encoding encoding) {
        ByteBuf old = bytes[tile];
        fresh.set(tile);
        bytes[tile] = newest;
        encodings[tile] = encoding;
        versions[tile] = version;
        parts[tile] = part;
        averageBytes += (newest.readableBytes() - averageBytes) / SMOOTHING;
        if (encoding.isLossy()) {
            averageLossyBytes += (newest.readableBytes() - averageLossyBytes) / SMOOTHING;
        }
        if (old != null) {
            old.release();
        }
    }

    /** Releases all bytes. A job in flight may end afterwards. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    private void release() {
        if (video != null && !busy) {
            video.release();
        }
        for (int tile = 0; tile < bytes.length; tile++) {
            if (bytes[tile] != null) {
                bytes[tile].release();
                bytes[tile] = null;
            }
        }
        Arrays.fill(versions, 0);
    }

    /** Encodes some tiles, and a frame of the stream. */
    static final class Job extends EncodeJob {

        private final TileLane lane;
        private final VideoFrame frame;
        private final int[] tiles;
        private final int[] parts;
        private final int[] versions;
        private final int[] held;
        private final ByteBuf[] results;
        private final Encoding[] encodings;
        /** Pieces that may be encoded with a loss. */
        private final BitSet lossy = new BitSet();
        /** Pieces that were drawn into the stream's picture; an array, since threads write to it at once. */
        private final boolean[] drawn;

        private ByteBuf video;

        /** @param frame null if there is to be none */
        Job(TileLane lane, TileParts wanted, BitSet coarse, VideoFrame frame) {
            Screen screen = lane.screen();
            BitSet all = (BitSet) wanted.tiles().clone();
            if (frame != null) {
                all.or(frame.parts().tiles());
            }
            this.lane = lane;
            this.frame = frame;
            this.tiles = all.stream().toArray();
            this.parts = new int[tiles.length];
            this.versions = new int[tiles.length];
            this.held = new int[tiles.length];
            this.results = new ByteBuf[tiles.length];
            this.encodings = new Encoding[tiles.length];
            this.drawn = new boolean[tiles.length];
            for (int i = 0; i < tiles.length; i++) {
                parts[i] = wanted.part(tiles[i]);
                versions[i] = screen.version(tiles[i]);
                held[i] = screen.hold(tiles[i]);
                int most = frame == null
                        ? parts[i]
                        : TileParts.union(parts[i], frame.parts().part(tiles[i]));
                boolean mayLose = screen.isMoving(tiles[i]) || coarse.get(tiles[i]);
                lossy.set(i, mayLose && lane.profile.losesAt(most));
            }
        }

        @Override
        public int pieces() {
            return tiles.length;
        }

        @Override
        void encode(int piece, TileEncoders encoders) {
            int tile = tiles[piece];
            int part = frame == null ? 0 : frame.parts().part(tile);
            if (part != 0) {
                I420Picture picture = lane.video.picture();
                drawn[piece] = picture != null
                        && encoders.draw(lane.screen.pixels(held[piece]), lane.screen.grid(), tile, picture);
            }
            if (!drawn[piece]) {
                parts[piece] = TileParts.union(parts[piece], part);
            }
            if (parts[piece] != 0) {
                encodeTile(piece, encoders);
            }
        }

        private void encodeTile(int piece, TileEncoders encoders) {
            Screen screen = lane.screen();
            int[] pixels = screen.pixels(held[piece]);
            Rect area = TileParts.area(screen.grid(), tiles[piece], parts[piece]);
            // Over a slow link the edge of a video, the exact part of which takes more than a whole tile with a loss,
            // may blur
            // what is beside it until it rests.
            Rect judged = lane.profile.coarse() ? area : screen.grid().rect(tiles[piece]);
            if (lossy.get(piece) && encoders.encodeLossy(lane.profile, pixels, screen.grid(), tiles[piece], judged)) {
                encodings[piece] = lane.profile.loss().encoding();
                parts[piece] = TileParts.WHOLE;
                results[piece] = encoders.takeBytes();
                return;
            }
            encodings[piece] =
                    encoders.encode(lane.profile, pixels, screen.grid().width(), area);
            results[piece] = encoders.takeBytes();
        }

        /** The picture is complete: its frame can be encoded. */
        @Override
        void complete() {
            for (boolean any : drawn) {
                if (any) {
                    video = lane.video.encode(frame.key());
                    return;
                }
            }
        }

        @Override
        public int finish() {
            for (int i = 0; i < tiles.length; i++) {
                lane.screen().release(tiles[i], held[i]);
                if (results[i] != null && lane.closed) {
                    results[i].release();
                } else if (results[i] != null) {
                    lane.put(tiles[i], versions[i], parts[i], results[i], encodings[i]);
                }
            }
            lane.busy = false;
            if (lane.closed && lane.video != null) {
                lane.video.release();
            }
            if (video != null && lane.closed) {
                video.release();
            } else if (frame != null && !lane.closed) {
                finishFrame();
            }
            return tiles.length;
        }

        private void finishFrame() {
            BitSet shown = new BitSet();
            int[] shownVersions = new int[lane.versions.length];
            for (int i = 0; i < tiles.length; i++) {
                if (drawn[i]) {
                    shown.set(tiles[i]);
                    shownVersions[tiles[i]] = versions[i];
                } else if (frame.parts().part(tiles[i]) != 0) {
                    lane.video.refused(tiles[i], versions[i]);
                }
            }
            if (video != null) {
                lane.video.add(video, frame, shown, shownVersions);
            }
        }

        @Override
        public int frames() {
            return video == null ? 0 : 1;
        }
    }
}
