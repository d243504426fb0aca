// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that encode, for all consoles. Each lane has one job at most in here, so the queue is bounded by the number of
 * lanes. Safe for all threads.
 */
public final class EncoderPool implements EncodeRunner, AutoCloseable {

    /** A thread is woken for no fewer pieces than this: waking it takes as long as encoding one. */
    private static final int PIECES_PER_THREAD = 4;

    /** A job this small is done at once by whoever asks: a keystroke's echo waits for no other thread. */
    private static final int SMALL = 4;

    private final FastThreadLocal<TileEncoders> encoders = new FastThreadLocal<>() {
        @Override
        protected TileEncoders initialValue() {
            return new TileEncoders();
        }
    };

    private final int threads;
    private final ThreadPoolExecutor executor;

    public EncoderPool(int threads) {
        this.threads = threads;
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("rdpmux-encoder", true));
    }

    @Override
    public boolean run(EncodeJob job, Runnable done) {
        if (job.pieces() <= SMALL) {
            return job.work(encoders.get());
        }
        int helpers = Math.min(threads, (job.pieces() + PIECES_PER_THREAD - 1) / PIECES_PER_THREAD);
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(() -> {
                    if (job.work(encoders.get())) {
                        done.run();
                    }
                });
            }
        } catch (RejectedExecutionException ignored) {
            // closed: the server ends, and nobody waits for the job
        }
        return false;
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
