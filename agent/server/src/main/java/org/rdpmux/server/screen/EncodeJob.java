// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a lane has encoded next: pieces of work that encoder threads share. The screen's thread makes it and takes its
 * results over with {@link #finish}; in between any number of threads {@link #work} on it, each piece once. The pixels it
 * reads are {@linkplain Screen#hold held}.
 */
public abstract sealed class EncodeJob permits TileLane.Job {

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile Throwable failure;

    /** Number of pieces, 1 or more. Fixed once the job is given to other threads. */
    public abstract int pieces();

    /** Encodes one piece. */
    abstract void encode(int piece, TileEncoders encoders);

    /** Does what needs all pieces, on the thread that encoded the last one. */
    abstract void complete();

    /**
     * Takes over what was encoded, and lets the pixels go. On the screen's thread, once, when all pieces are done.
     *
     * @return number of tiles that were encoded
     */
    public abstract int finish();

    /** Number of frames of a video that were encoded. */
    public abstract int frames();

    /**
     * Encodes pieces until there are none left.
     *
     * @return true for the one caller that finished the last one
     */
    public final boolean work(TileEncoders encoders) {
        long start = System.nanoTime();
        int done = 0;
        for (int piece = next.getAndIncrement(); piece < pieces(); piece = next.getAndIncrement()) {
            try {
                encode(piece, encoders);
            } catch (RuntimeException | Error e) {
                failure = e; // even out of memory: a job that never ended would hold its lane for ever
            }
            done++;
        }
        boolean last = done > 0 && finished.addAndGet(done) == pieces();
        if (last) {
            try {
                complete();
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
        nanos.addAndGet(System.nanoTime() - start);
        return last;
    }

    /** Time in encoders, summed over threads. */
    public final long nanos() {
        return nanos.get();
    }

    /** What an encoder threw, or null: a defect of ours. */
    public final Throwable failure() {
        return failure;
    }
}
