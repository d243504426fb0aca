// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry's thread, and those for what may block. A task that throws harms no other. Safe for use by all threads. */
final class RegistryThreads {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryThreads.class);

    /**
     * Opening shared memory takes no time, unless a guest makes it a pipe at the right moment: then for ever, one thread for
     * each of the few guests its process may register.
     */
    private static final int BLOCKING_THREADS = 64;

    private static final int IDLE_SECONDS = 5;

    private final ScheduledThreadPoolExecutor registry =
            new ScheduledThreadPoolExecutor(1, threads("librdpmux-registry"));

    // each guest has at most one task in the queue
    private final ThreadPoolExecutor blocking = new ThreadPoolExecutor(
            BLOCKING_THREADS,
            BLOCKING_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads("librdpmux-open"));

    RegistryThreads() {
        registry.setRemoveOnCancelPolicy(true);
        blocking.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Runs a task on the registry's thread; false if there is none any more. */
    boolean post(Runnable task) {
        try {
            registry.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task on the registry's thread, for a caller that waits for it. */
    <T> Future<T> submit(Callable<T> task) {
        return registry.submit(task);
    }

    /** Runs a task on the registry's thread later, if there is one then. */
    void later(Runnable task, long millis) {
        try {
            registry.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The service ends", e);
        }
    }

    /** Runs a task on the registry's thread again and again. */
    void repeat(Runnable task, long firstDelay, long delay, TimeUnit unit) {
        registry.scheduleWithFixedDelay(guarded(task), firstDelay, delay, unit);
    }

    /** Runs what may block, elsewhere. */
    void runBlocking(Runnable task) {
        try {
            blocking.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The service ends", e);
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) { // nobody else would hear of it
                LOG.error("A task of the guests' registry failed", e);
            }
        };
    }

    void end() {
        registry.shutdownNow();
        blocking.shutdownNow();
    }
}
