// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that all of the agent's state belongs to. The methods may be called on any thread. */
final class AgentThread {

    private static final Logger LOG = LoggerFactory.getLogger(AgentThread.class);

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("agent", true));

    AgentThread() {
        // At the end, what is under way is finished, so that no file is left half done; what waits is dropped.
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs something on the thread. */
    <T> CompletableFuture<T> call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        post(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) { // whoever asked hears of it
                result.completeExceptionally(e);
            } catch (Error e) { // and so does the log
                result.completeExceptionally(e);
                throw e;
            }
        });
        return result;
    }

    void post(Runnable task) {
        later(task, Duration.ZERO);
    }

    void later(Runnable task, Duration delay) {
        try {
            executor.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the agent ends", e);
        }
    }

    /** Runs something again and again, with so much time in between. */
    void repeat(Runnable task, Duration delay) {
        executor.scheduleWithFixedDelay(() -> run(task), delay.toMillis(), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // a defect; nobody else would hear of it, and a timer would end
            LOG.error("the agent stumbled and goes on", e);
        }
    }

    boolean isEnded() {
        return executor.isShutdown();
    }

    /** Takes nothing more, and waits so long for what is under way. Returns whether that has ended. */
    boolean end(Duration patience) throws InterruptedException {
        executor.shutdown();
        return executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
