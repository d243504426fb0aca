// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.rdpmux.codec.FrameEncoder.Encoding;

/**
 * Tiles to be encoded from one snapshot. The console's thread fills it, the encoder threads share the work, and the last
 * of them hands it back. Used once.
 */
public final class EncodeRound {

    private final Screen screen;
    private TileLane[] lanes = new TileLane[16];
    private int[] tiles = new int[16];
    private ByteBuf[] bytes;
    private Encoding[] encodings;
    private int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile Throwable failure;

    public EncodeRound(Screen screen) {
        this.screen = screen;
    }

    public void add(TileLane lane, int tile) {
        if (count == tiles.length) {
            lanes = Arrays.copyOf(lanes, count * 2);
            tiles = Arrays.copyOf(tiles, count * 2);
        }
        lanes[count] = lane;
        tiles[count] = tile;
        count++;
    }

    public int count() {
        return count;
    }

    public TileLane lane(int index) {
        return lanes[index];
    }

    public int tile(int index) {
        return tiles[index];
    }

    /** Called once, before the round is given to other threads. */
    public void begin() {
        bytes = new ByteBuf[count];
        encodings = new Encoding[count];
        unfinished.set(count);
    }

    /**
     * Encodes tiles until there are none left.
     *
     * @return true for the one caller that finished the last one
     */
    public boolean work(EncoderThread thread) {
        long start = System.nanoTime();
        int done = 0;
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            try {
                encodings[i] = thread.encode(screen, lanes[i].profile(), tiles[i]);
                bytes[i] = thread.takeBytes();
            } catch (RuntimeException | Error e) {
                failure = e; // even out of memory: a round that never ended would hold the console for ever
            }
            done++;
        }
        nanos.addAndGet(System.nanoTime() - start);
        return done > 0 && unfinished.addAndGet(-done) == 0;
    }

    /** After the end: the tile's bytes, which are the caller's now; null if the encoder failed. */
    public ByteBuf bytes(int index) {
        return bytes[index];
    }

    public Encoding encoding(int index) {
        return encodings[index];
    }

    /** Time in encoders, summed over threads. */
    public long nanos() {
        return nanos.get();
    }

    /** What an encoder threw, or null: a defect of ours. */
    public Throwable failure() {
        return failure;
    }
}
