// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One stream of the whole screen, with the encoder that makes it. A viewer that has every frame can take the next one; one
 * that joins or missed a frame needs a key frame. Keeps the last frame only.
 */
public final class StreamLane extends Lane {

    private final StreamEncoder encoder;
    /** By tile: the version that the last frame shows; 0 before the first. */
    private final int[] versions;

    private ByteBuf bytes;
    private long frame;
    private boolean key;

    /** @param encoder belongs to the lane from now on */
    public StreamLane(StreamEncoder encoder, Screen screen) {
        super(screen);
        this.encoder = encoder;
        this.versions = new int[screen.grid().count()];
    }

    /** Number of the last frame; 0 before the first. */
    public long frame() {
        return frame;
    }

    /** The last frame: the lane's own buffer, to be read by index only; retain it to keep it. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Whether the last frame can be shown to a viewer. @param has the frame that the viewer has; 0 for none */
    public boolean follows(long has) {
        return bytes != null && has < frame && (key || has == frame - 1);
    }

    /** Whether the last frame shows a tile's newest pixels. */
    public boolean isCurrent(int tile) {
        return versions[tile] == screen().version(tile);
    }

    /**
     * Begins to encode the next frame. The lane is busy until the job is {@linkplain EncodeJob#finish finished}.
     *
     * @param wantKey whether somebody needs a key frame
     */
    public EncodeJob begin(boolean wantKey) {
        setBusy(true);
        return new Job(this, wantKey || frame == 0);
    }

    @Override
    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
        if (!isBusy()) {
            encoder.close();
        }
    }

    /** Encodes one frame. */
    static final class Job extends EncodeJob implements StreamEncoder.Source {

        private final StreamLane lane;
        private final boolean key;
        private final BitSet tiles = new BitSet();
        private final int[] versions;
        private final int[] held;
        private ByteBuf result;

        Job(StreamLane lane, boolean key) {
            Screen screen = lane.screen();
            this.lane = lane;
            this.key = key;
            this.versions = lane.versions.clone();
            this.held = new int[versions.length];
            for (int tile = 0; tile < versions.length; tile++) {
                if (key || !lane.isCurrent(tile)) {
                    tiles.set(tile);
                    versions[tile] = screen.version(tile);
                    held[tile] = screen.hold(tile);
                }
            }
        }

        @Override
        public int[] pixels(int tile) {
            return lane.screen().pixels(held[tile]);
        }

        @Override
        public int pieces() {
            return 1;
        }

        @Override
        void encode(int piece, TileEncoders unused) {
            ByteBuf out = PooledByteBufAllocator.DEFAULT.heapBuffer();
            try {
                lane.encoder.encode(this, tiles, key, out);
                result = out.retain();
            } finally {
                out.release();
            }
        }

        @Override
        public int finish() {
            tiles.stream().forEach(tile -> lane.screen().release(tile, held[tile]));
            lane.setBusy(false);
            if (lane.isClosed()) {
                lane.encoder.close();
                if (result != null) {
                    result.release();
                }
                return 0;
            }
            if (lane.bytes != null) {
                lane.bytes.release();
            }
            lane.bytes = result;
            lane.frame++;
            lane.key = key;
            if (result == null) {
                Arrays.fill(lane.versions, 0); // the stream is broken: only a key frame helps
            } else {
                System.arraycopy(versions, 0, lane.versions, 0, versions.length);
            }
            return 1;
        }
    }
}
