// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.event;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscriber's queue. Thread safe. */
public final class Subscription implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final int capacity;
    private final Executor executor;
    private final AgentEvents.Subscriber subscriber;
    private final Consumer<Subscription> whenClosed;
    private final Queue<AgentEvent> waiting = new ArrayDeque<>();
    private long lost;
    /** Whether a delivery is under way or waits for the executor. */
    private boolean delivering;

    private boolean closed;

    Subscription(
            int capacity, Executor executor, AgentEvents.Subscriber subscriber, Consumer<Subscription> whenClosed) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not 1 or more");
        }
        this.capacity = capacity;
        this.executor = executor;
        this.subscriber = subscriber;
        this.whenClosed = whenClosed;
    }

    void offer(AgentEvent event) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (waiting.size() == capacity) {
                waiting.remove();
                lost++;
            }
            waiting.add(event);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        schedule();
    }

    private void schedule() {
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            LOG.debug("a subscriber's executor has ended", e);
            close();
        }
    }

    /** What waits now; what comes meanwhile is for the next turn, so that the executor's other tasks have theirs. */
    private void deliver() {
        List<AgentEvent> events;
        long missed;
        synchronized (this) {
            events = List.copyOf(waiting);
            waiting.clear();
            missed = lost;
            lost = 0;
        }
        if (missed > 0) {
            guarded(() -> subscriber.lost(missed));
        }
        for (AgentEvent event : events) {
            guarded(() -> subscriber.received(event));
        }
        synchronized (this) {
            delivering = !closed && !waiting.isEmpty();
            if (!delivering) {
                return;
            }
        }
        schedule();
    }

    private void guarded(Runnable call) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        try {
            call.run();
        } catch (RuntimeException e) { // a defect of the subscriber, which goes on with the next event
            LOG.error("a subscriber failed at an event", e);
        }
    }

    /** Nothing more is delivered, but for the event that is being delivered. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
        whenClosed.accept(this);
    }
}
