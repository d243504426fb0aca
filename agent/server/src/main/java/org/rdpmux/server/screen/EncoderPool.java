// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that encode, for all consoles. Each console has one round at most in here, so the queue is bounded by the
 * number of consoles.
 */
public final class EncoderPool implements AutoCloseable {

    /** A thread is woken for no fewer tiles than this: waking it takes as long as encoding one. */
    private static final int TILES_PER_THREAD = 4;

    private final int threads;
    private final ThreadPoolExecutor executor;

    public EncoderPool(int threads) {
        this.threads = threads;
        AtomicInteger number = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new EncoderThread(task, "rdpmux-encoder-" + number.incrementAndGet()));
    }

    /**
     * Encodes a round's tiles.
     *
     * @param done called once, on one of the pool's threads; never if the pool is closed
     */
    public void run(EncodeRound round, Runnable done) {
        round.begin();
        int helpers = Math.min(threads, (round.count() + TILES_PER_THREAD - 1) / TILES_PER_THREAD);
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(() -> {
                    if (round.work((EncoderThread) Thread.currentThread())) {
                        done.run();
                    }
                });
            }
        } catch (RejectedExecutionException ignored) {
            // closed: the server ends, and nobody waits for the round
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
