// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The stream of {@link AgentEvent}s. Publishing never blocks, and costs one read of a field while nobody subscribes. Each
 * subscriber has a bounded queue of its own: one that is slow loses the oldest events, and delays nobody. Thread safe.
 */
public final class AgentEvents {

    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    /** Takes events, one call at a time, in the order in which they were published. */
    public interface Subscriber {

        void received(AgentEvent event);

        /**
         * Events were lost before the next one: what is known from events is to be looked up anew.
         *
         * @param count how many, 1 or more
         */
        void lost(long count);
    }

    /**
     * Subscribes to what happens from now on.
     *
     * @param capacity events that wait for the subscriber at most, 1 or more
     * @param executor runs the subscriber
     */
    public Subscription subscribe(int capacity, Executor executor, Subscriber subscriber) {
        Subscription subscription = new Subscription(capacity, executor, subscriber, subscriptions::remove);
        subscriptions.add(subscription);
        return subscription;
    }

    /** Tells every subscriber. From any thread; the event is made only if somebody subscribes. */
    public void publish(Supplier<? extends AgentEvent> event) {
        if (subscriptions.isEmpty()) {
            return;
        }
        AgentEvent made = event.get();
        subscriptions.forEach(subscription -> subscription.offer(made));
    }
}
