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
 * Threads that may block to find out who a client is. One console has at most one of them, whatever its stores do: where one
 * does not answer, its console's clients wait, and nobody else's. Who asks sets a deadline. Safe for all threads.
 */
public final class Lookups implements AutoCloseable {

    /** A client that does not know more after this is refused: well below the patience of clients. */
    public static final long DEADLINE_SECONDS = 5;

    /** As many consoles can hang before others wait. Threads that have nothing to do end. */
    static final int THREADS = 32;

    private static final int IDLE_SECONDS = 30;

    /** Clients of one console that wait; there are fewer unfinished connections from two sources. */
    static final int MAX_WAITING = 256;

    private final ThreadPoolExecutor pool;

    /** What waits behind the look-up that runs, by console; a console is in it while one runs. Guarded by itself. */
    private final Map<Object, Queue<Runnable>> waiting = new HashMap<>();

    public Lookups() {
        // Bounded by the number of consoles, each of which has one in it at most.
        pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("rdpmux-lookup", true));
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs look-ups of one console, one after the other; refuses when too many wait.
     *
     * @param console whatever tells consoles apart
     */
    public Executor of(Object console) {
        return task -> execute(console, task);
    }

    private void execute(Object console, Runnable task) {
        synchronized (waiting) {
            Queue<Runnable> queue = waiting.get(console);
            if (queue != null) {
                if (queue.size() >= MAX_WAITING) {
                    throw new RejectedExecutionException("too many look-ups wait");
                }
                queue.add(task);
                return;
            }
            pool.execute(() -> run(console, task));
            waiting.put(console, new ArrayDeque<>());
        }
    }

    /** Goes to the end of the line after each, so that consoles take turns. */
    private void run(Object console, Runnable task) {
        try {
            task.run();
        } finally {
            synchronized (waiting) {
                Runnable next = waiting.get(console).poll();
                if (next == null || pool.isShutdown()) {
                    waiting.remove(console);
                } else {
                    pool.execute(() -> run(console, next));
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
