// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A loop that runs when a test says so, on the test's thread and with the test's time. */
final class ManualLoop implements ConsoleLoop {

    private record Scheduled(long at, long order, Runnable task, boolean[] cancelled) {}

    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private final PriorityQueue<Scheduled> scheduled = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
    private long order;
    private long now;

    @Override
    public void execute(Runnable task) {
        posted.add(task);
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        boolean[] cancelled = new boolean[1];
        scheduled.add(new Scheduled(now + delayNanos, order++, task, cancelled));
        return () -> cancelled[0] = true;
    }

    @Override
    public long now() {
        return now;
    }

    /** Runs what is posted, and what that posts. */
    void run() {
        for (int i = 0; i < 10_000; i++) {
            Runnable task = posted.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
        throw new AssertionError("the loop never comes to rest");
    }

    /** Lets time pass, running what becomes due on the way. */
    void pass(long nanos) {
        long end = now + nanos;
        run();
        while (!scheduled.isEmpty() && scheduled.peek().at() <= end) {
            Scheduled next = scheduled.poll();
            now = Math.max(now, next.at());
            if (!next.cancelled()[0]) {
                next.task().run();
                run();
            }
        }
        now = end;
    }

    /** Runs what other threads post until a condition holds. */
    void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        run();
        while (!condition.getAsBoolean()) {
            try {
                Runnable task = posted.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (task == null) {
                    throw new AssertionError("not within 20 s");
                }
                task.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            run();
        }
    }

    /** Number of tasks that wait. */
    int posted() {
        return posted.size();
    }

    /** Number of timers that wait. */
    long timers() {
        return new ArrayDeque<>(scheduled)
                .stream().filter(s -> !s.cancelled()[0]).count();
    }
}
