// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A sink that lets a test wait for events. */
final class EventRecorder implements Consumer<DomainEvent> {
    static final long SECONDS = 60;

    private final BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();
    private final List<String> taken = new ArrayList<>();

    @Override
    public void accept(DomainEvent event) {
        events.add(event);
    }

    /** The next event; it has to be of this kind. */
    <T extends DomainEvent> T next(Class<T> kind) throws InterruptedException {
        DomainEvent event = events.poll(SECONDS, TimeUnit.SECONDS);
        taken.add(String.valueOf(event));
        if (!kind.isInstance(event)) {
            throw new AssertionError("expected " + kind.getSimpleName() + ", got " + event + " after " + taken);
        }
        return kind.cast(event);
    }

    /** Passes over events up to the next of this kind. */
    <T extends DomainEvent> T skipTo(Class<T> kind) throws InterruptedException {
        return skipTo(kind, event -> true);
    }

    /** Passes over events up to the next of this kind that satisfies the condition. */
    <T extends DomainEvent> T skipTo(Class<T> kind, Predicate<T> condition) throws InterruptedException {
        while (true) {
            DomainEvent event = events.poll(SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no " + kind.getSimpleName() + " after " + taken);
            }
            taken.add(event.toString());
            if (kind.isInstance(event) && condition.test(kind.cast(event))) {
                return kind.cast(event);
            }
        }
    }

    /** All events that have come and were not taken yet. */
    List<DomainEvent> rest() {
        List<DomainEvent> rest = new ArrayList<>();
        events.drainTo(rest);
        return rest;
    }
}
