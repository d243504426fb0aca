// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Failures by whom they are counted for, the longest untouched first, which are forgotten when there are too many. */
final class FailureCounters<K> {

    private final int mostFailures;
    private final Duration memory;
    private final boolean oneByOne;
    private final Map<K, Counter> all = new LinkedHashMap<>(16, 0.75f, true);

    /** The failures of one key, oldest first. */
    static final class Counter {
        private final Deque<Moment> failures = new ArrayDeque<>();
        private Optional<Moment> lockedUntil = Optional.empty();

        int failures() {
            return failures.size();
        }

        Optional<Moment> lockedUntil(Moment now) {
            return lockedUntil.filter(now::isBefore);
        }
    }

    /**
     * @param mostFailures of one key that are remembered
     * @param memory for how long
     * @param oneByOne whether each failure is forgotten when it is that old; otherwise all of a key when its last one is, so
     *     that patience gains a guesser nothing
     */
    FailureCounters(int mostFailures, Duration memory, boolean oneByOne) {
        this.mostFailures = mostFailures;
        this.memory = memory;
        this.oneByOne = oneByOne;
    }

    /** A counter that nobody shares and that is never locked. */
    static Counter none() {
        return new Counter();
    }

    Counter of(K key, Moment now) {
        Counter counter = all.computeIfAbsent(key, absent -> new Counter());
        forget(counter, now);
        if (all.size() > GuessLimiter.MAX_COUNTERS) {
            Iterator<Counter> eldest = all.values().iterator();
            eldest.next();
            eldest.remove();
        }
        return counter;
    }

    private void forget(Counter counter, Moment now) {
        Deque<Moment> failures = counter.failures;
        if (oneByOne) {
            while (!failures.isEmpty() && !now.isWithin(memory, failures.peekFirst())) {
                failures.removeFirst();
            }
        } else if (!failures.isEmpty() && !now.isWithin(memory, failures.peekLast())) {
            failures.clear();
        }
    }

    /** One more failure. */
    void count(Counter counter, Moment now) {
        if (counter.failures.size() == mostFailures) {
            counter.failures.removeFirst();
        }
        counter.failures.addLast(now);
    }

    void lock(Counter counter, Moment until) {
        counter.lockedUntil = Optional.of(until);
    }

    /** Some failures were none; a lock that hung on them is lifted. */
    void takeBack(K key, Iterable<Moment> failures) {
        Counter counter = all.get(key);
        if (counter != null) {
            for (Moment failure : failures) {
                if (counter.failures.removeFirstOccurrence(failure)) {
                    counter.lockedUntil = Optional.empty();
                }
            }
        }
    }

    /** Forgets a key; its failures, none if it had none. */
    List<Moment> remove(K key) {
        Counter removed = all.remove(key);
        return removed == null ? List.of() : List.copyOf(removed.failures);
    }

    /** The keys that are known and fit. */
    List<K> keys(Predicate<K> fit) {
        return all.keySet().stream().filter(fit).toList();
    }

    /** Those that are locked. */
    List<Map.Entry<K, Moment>> locked(Moment now) {
        List<Map.Entry<K, Moment>> locked = new ArrayList<>();
        all.forEach((key, counter) -> counter.lockedUntil(now).ifPresent(until -> locked.add(Map.entry(key, until))));
        return locked;
    }

    int size() {
        return all.size();
    }
}
