// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that make calls which may never return. A call that takes longer than the deadline is given up: whoever waits for
 * it learns so, the thread stays with it, and what it returns in the end is disposed of. Calls that wait for a thread when
 * their deadline passes are not made at all.
 */
final class CallPool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallPool.class);

    /** Calls that may wait for a thread; more than that and something is wrong. */
    private static final int QUEUE = 256;

    private static final long IDLE_SECONDS = 30;

    /** A call given up. */
    static final class TimedOutException extends Exception {
        private static final long serialVersionUID = 1;

        TimedOutException(String message) {
            super(message);
        }
    }

    /**
     * A call under way.
     *
     * @param result what it returns or throws, or {@link TimedOutException} when its deadline has passed; a caller that
     *     loses interest may cancel it
     * @param ended completes when it no longer occupies a thread, after {@code result} as a rule
     */
    record Call<T>(CompletableFuture<T> result, CompletableFuture<Void> ended) {}

    private final Duration deadline;
    private final ThreadPoolExecutor executor;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicInteger stuck = new AtomicInteger();
    private final LongAdder returned = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    CallPool(String name, int threads, Duration deadline) {
        this.deadline = deadline;
        executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), daemons(name));
        executor.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, daemons(name + "-deadline"));
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Makes a call on one of the threads.
     *
     * @param what completes the sentence "libvirt did not ... within 10 s"
     * @param discard is given what the call returns if that is too late
     */
    <T> Call<T> submit(String what, Callable<T> callable, Consumer<? super T> discard) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        result.whenComplete((value, error) -> count(error));
        try {
            Future<?> alarm = timer.schedule(
                    () -> result.completeExceptionally(new TimedOutException(
                            "libvirt did not " + what + " within " + deadline.toMillis() / 1000.0 + " s")),
                    deadline.toNanos(),
                    TimeUnit.NANOSECONDS);
            result.whenComplete((value, error) -> alarm.cancel(false));
            executor.execute(() -> run(callable, result, ended, discard));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new LibvirtCallException(
                    executor.isShutdown()
                            ? "the connection to libvirt is closed"
                            : "too many calls to libvirt are waiting (" + stuck() + " of them for good)",
                    e));
            ended.complete(null);
        }
        return new Call<>(result, ended);
    }

    private void count(Throwable error) {
        if (error == null) {
            returned.increment();
        } else if (error instanceof TimedOutException) {
            timedOut.increment();
        } else {
            failed.increment();
        }
    }

    CallStatistics statistics() {
        return new CallStatistics(returned.sum(), failed.sum(), timedOut.sum(), nanos.sum());
    }

    private <T> void run(
            Callable<T> callable,
            CompletableFuture<T> result,
            CompletableFuture<Void> ended,
            Consumer<? super T> discard) {
        AtomicInteger counted = new AtomicInteger();
        try {
            if (result.isDone()) {
                return;
            }
            result.whenComplete((value, error) -> {
                if (error instanceof TimedOutException && counted.compareAndSet(0, 1)) {
                    stuck.incrementAndGet();
                }
            });
            T value = timed(callable);
            boolean late = !result.complete(value);
            if (late) {
                discard.accept(value);
            }
        } catch (Exception e) {
            result.completeExceptionally(e);
        } catch (LinkageError e) { // a defect, which the log must show whoever waits
            LOG.error("a call to libvirt failed", e);
            result.completeExceptionally(e);
        } finally {
            if (!counted.compareAndSet(0, 2)) {
                stuck.decrementAndGet();
            }
            ended.complete(null);
        }
    }

    private <T> T timed(Callable<T> callable) throws Exception {
        long start = System.nanoTime();
        try {
            return callable.call();
        } finally {
            nanos.add(System.nanoTime() - start);
        }
    }

    /** How many threads are in calls that nobody waits for any more. */
    int stuck() {
        return stuck.get();
    }

    /** No more calls; those under way go on, on threads that do not keep the process alive. */
    @Override
    public void close() {
        executor.shutdown();
        timer.shutdown();
    }
}
