// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that several parties share without holding each other up: one party has at most one of them, whatever its tasks do,
 * and those whose tasks wait take turns. Safe for all threads.
 */
public final class FairThreads implements AutoCloseable {

    /** As many consoles can hang in a look-up before others wait. */
    static final int LOOKUP_THREADS = 32;

    /** A handshake's signature takes milliseconds, which would hold up every client of a loop. */
    private static final int HANDSHAKE_THREADS = 2;

    private static final int IDLE_SECONDS = 30;

    /** Tasks of one party that wait. */
    static final int MAX_WAITING = 256;

    private final ThreadPoolExecutor pool;

    /** What waits behind the task that runs, by party; a party is in it while one runs. Guarded by itself. */
    private final Map<Object, Queue<Runnable>> waiting = new HashMap<>();

    private FairThreads(String name, int threads) {
        // Bounded by the number of parties, each of which has one task in it at most.
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name, true));
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Threads that may block to find out who a client is; the parties are consoles. Where a console's stores do not answer, its
     * clients wait, and nobody else's. Who asks sets a deadline.
     */
    public static FairThreads forLookups() {
        return new FairThreads("rdpmux-lookup", LOOKUP_THREADS);
    }

    /** Threads for the arithmetic of TLS handshakes; the parties are sources. */
    public static FairThreads forHandshakes() {
        return new FairThreads("rdpmux-handshake", HANDSHAKE_THREADS);
    }

    /**
     * Runs tasks of one party, one after the other; refuses when too many wait.
     *
     * @param party whatever tells parties apart
     */
    public Executor of(Object party) {
        return task -> execute(party, task);
    }

    private void execute(Object party, Runnable task) {
        synchronized (waiting) {
            Queue<Runnable> queue = waiting.get(party);
            if (queue != null) {
                if (queue.size() >= MAX_WAITING) {
                    throw new RejectedExecutionException("too many of its tasks wait");
                }
                queue.add(task);
                return;
            }
            pool.execute(() -> run(party, task));
            waiting.put(party, new ArrayDeque<>());
        }
    }

    /** Goes to the end of the line after each, so that parties take turns. */
    private void run(Object party, Runnable task) {
        try {
            task.run();
        } finally {
            synchronized (waiting) {
                Runnable next = waiting.get(party).poll();
                if (next == null || pool.isShutdown()) {
                    waiting.remove(party);
                } else {
                    pool.execute(() -> run(party, next));
                }
            }
        }
    }

    /** Ends the threads; what waits is forgotten. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
