// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.BitSet;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.Rect;

/**
 * Tiles that stand by themselves: the lane keeps the newest bytes of each tile, or of the part of it that changed last, with
 * the version of the pixels they were made from. Holds one buffer per tile at most.
 */
public final class TileLane extends Lane {

    /** Share of the newest tile in the average: the last dozen tiles count. */
    private static final int SMOOTHING = 8;

    /** What a tile is taken for before one was encoded: a tile of text. */
    private static final int FIRST_GUESS = 1500;

    private final EncoderProfile profile;
    private final ByteBuf[] bytes;
    private final Encoding[] encodings;
    /** 0 where there are no bytes. */
    private final int[] versions;
    /** Which part of the tile the bytes show; see {@link TileParts}. */
    private final int[] parts;

    private int averageBytes = FIRST_GUESS;
    /** Of tiles with a loss. */
    private int averageLossyBytes = FIRST_GUESS;

    public TileLane(EncoderProfile profile, Screen screen) {
        super(screen);
        int tiles = screen.grid().count();
        this.profile = profile;
        this.bytes = new ByteBuf[tiles];
        this.encodings = new Encoding[tiles];
        this.versions = new int[tiles];
        this.parts = new int[tiles];
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

    /** What a tile with a loss will probably take, in bytes; 1 or more. */
    public int expectedLossyBytes() {
        return Math.max(1, averageLossyBytes);
    }

    /**
     * Begins to encode tiles. The lane is busy until the job is {@linkplain EncodeJob#finish finished}.
     *
     * @param wanted parts of one or more tiles that are not current; not kept
     * @param coarse those that may have a loss though they do not move
     */
    public EncodeJob begin(TileParts wanted, BitSet coarse) {
        setBusy(true);
        return new Job(this, wanted, coarse);
    }

    /** Takes a tile's new bytes over, which belong to the lane from now on, and releases the old ones. */
    private void put(int tile, int version, int part, ByteBuf newest, Encoding encoding) {
        ByteBuf old = bytes[tile];
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

    @Override
    void release() {
        for (int tile = 0; tile < bytes.length; tile++) {
            if (bytes[tile] != null) {
                bytes[tile].release();
                bytes[tile] = null;
            }
        }
        Arrays.fill(versions, 0);
    }

    /** Encodes some tiles. */
    static final class Job extends EncodeJob {

        private final TileLane lane;
        private final int[] tiles;
        private final int[] parts;
        private final int[] versions;
        private final int[] held;
        private final ByteBuf[] results;
        private final Encoding[] encodings;
        /** Pieces that may be encoded with a loss. */
        private final BitSet lossy = new BitSet();

        Job(TileLane lane, TileParts wanted, BitSet coarse) {
            Screen screen = lane.screen();
            this.lane = lane;
            this.tiles = wanted.tiles().stream().toArray();
            this.parts = new int[tiles.length];
            this.versions = new int[tiles.length];
            this.held = new int[tiles.length];
            this.results = new ByteBuf[tiles.length];
            this.encodings = new Encoding[tiles.length];
            for (int i = 0; i < tiles.length; i++) {
                parts[i] = wanted.part(tiles[i]);
                versions[i] = screen.version(tiles[i]);
                held[i] = screen.hold(tiles[i]);
                boolean mayLose = screen.isMoving(tiles[i]) || coarse.get(tiles[i]);
                lossy.set(i, mayLose && lane.profile.losesAt(parts[i]));
            }
        }

        @Override
        public int pieces() {
            return tiles.length;
        }

        @Override
        void encode(int piece, TileEncoders encoders) {
            Screen screen = lane.screen();
            int[] pixels = screen.pixels(held[piece]);
            if (lossy.get(piece) && encoders.encodeLossy(lane.profile, pixels, screen.grid(), tiles[piece])) {
                encodings[piece] = lane.profile.loss().encoding();
                parts[piece] = TileParts.WHOLE;
                results[piece] = encoders.takeBytes();
                return;
            }
            Rect area = TileParts.area(screen.grid(), tiles[piece], parts[piece]);
            encodings[piece] =
                    encoders.encode(lane.profile, pixels, screen.grid().width(), area);
            results[piece] = encoders.takeBytes();
        }

        @Override
        public int finish() {
            for (int i = 0; i < tiles.length; i++) {
                lane.screen().release(tiles[i], held[i]);
                if (results[i] != null && lane.isClosed()) {
                    results[i].release();
                } else if (results[i] != null) {
                    lane.put(tiles[i], versions[i], parts[i], results[i], encodings[i]);
                }
            }
            lane.setBusy(false);
            return tiles.length;
        }
    }
}
