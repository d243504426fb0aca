// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes guessing passwords slow without letting a guesser lock others out. Attempts are counted three ways:
 *
 * <ul>
 *   <li>for a user from one source: delayed after a few failures, twice as long each time, then locked out for a while;
 *   <li>for a source, whatever the user: the same with a higher threshold, against trying many users;
 *   <li>for a user from anywhere: delayed a little after many failures, never locked out, so that whoever guesses a name
 *       from elsewhere costs its owner a moment at most.
 * </ul>
 *
 * <p>A source is an IPv4 address or an IPv6 network of 64 bits. An attempt counts as failed from its beginning until it
 * succeeds, so that many at once gain nothing. Counters are forgotten some time after the last failure, and the longest
 * untouched ones when there are too many. Thread safe; asks no clock.
 */
public final class GuessLimiter {

    /**
     * When limits apply.
     *
     * @param delayAfter failures of a user from a source before the first delay
     * @param firstDelay doubled with each further failure
     * @param maxDelay below the patience of clients
     * @param lockAfter failures of a user from a source before both are locked out together
     * @param sourceLockAfter failures of a source with any users before it is locked out; delays begin at half of it
     * @param lockTime how long a lock-out lasts, and after how long failures are forgotten
     * @param sharedSources addresses behind which many users are, such as a gateway, or of the IPv6 network that they are
     *     in: not limited as a source
     */
    public record Limits(
            int delayAfter,
            Duration firstDelay,
            Duration maxDelay,
            int lockAfter,
            int sourceLockAfter,
            Duration lockTime,
            Set<InetAddress> sharedSources) {

        /** Three free failures, delays of 1 to 8 seconds, locks of 15 minutes after 10 and 30 failures. */
        public static final Limits DEFAULT =
                new Limits(3, Duration.ofSeconds(1), Duration.ofSeconds(8), 10, 30, Duration.ofMinutes(15), Set.of());

        public Limits {
            if (delayAfter < 1 || lockAfter <= delayAfter || sourceLockAfter < lockAfter) {
                throw new IllegalArgumentException("expected 1 <= delayAfter < lockAfter <= sourceLockAfter, not "
                        + delayAfter + ", " + lockAfter + ", " + sourceLockAfter);
            }
            if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
                throw new IllegalArgumentException("expected 0 <= firstDelay <= maxDelay");
            }
            if (lockTime.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("a lock lasts 1 second at least");
            }
            sharedSources = Set.copyOf(sharedSources);
        }
    }

    /** Counters of each kind; each takes some hundred bytes. */
    static final int MAX_COUNTERS = 10_000;

    /** Failures of a user from anywhere before everybody who claims that name waits. */
    static final int USER_DELAY_AFTER = 20;

    /** How long: enough to slow a crowd, little enough for a person. */
    static final Duration USER_DELAY = Duration.ofSeconds(1);

    private static final int IPV6_PREFIX_BYTES = 8;

    private final Limits limits;
    private final Set<String> sharedNetworks;

    private final Counters<Pair> pairs = new Counters<>();
    private final Counters<String> sources = new Counters<>();
    private final Counters<String> users = new Counters<>();

    private record Pair(String user, String source) {}

    /** Guarded by the limiter. */
    private static final class Counter {
        int failures;
        Instant last = Instant.MIN;
        Instant lockedUntil = Instant.MIN;

        boolean isLocked(Instant now) {
            return now.isBefore(lockedUntil);
        }
    }

    /** Counters by key, the longest untouched first. */
    private final class Counters<K> {
        final Map<K, Counter> all = new LinkedHashMap<>(16, 0.75f, true);

        Counter of(K key, Instant now) {
            Counter counter = all.computeIfAbsent(key, absent -> new Counter());
            if (isForgotten(counter, now)) {
                counter.failures = 0;
            }
            if (all.size() > MAX_COUNTERS) {
                Iterator<Counter> eldest = all.values().iterator();
                eldest.next();
                eldest.remove();
            }
            return counter;
        }

        boolean isForgotten(Counter counter, Instant now) {
            return counter.failures > 0 && !counter.isLocked(now) && !now.isBefore(counter.last.plus(limits.lockTime));
        }
    }

    public GuessLimiter(Limits limits) {
        this.limits = limits;
        sharedNetworks =
                limits.sharedSources.stream().map(GuessLimiter::network).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * One attempt to log in. Exactly one outcome: {@link #succeeded}, {@link #notTried}, or none, which is a failure.
     */
    public final class Attempt {
        private final Pair pair;
        private final boolean shared;
        private final Duration delay;
        private final Optional<Instant> lockedUntil;

        private Attempt(Pair pair, boolean shared, Duration delay, Optional<Instant> lockedUntil) {
            this.pair = pair;
            this.shared = shared;
            this.delay = delay;
            this.lockedUntil = lockedUntil;
        }

        /** Present if the attempt must be refused without looking at its secret. */
        public Optional<Instant> lockedUntil() {
            return lockedUntil;
        }

        /** How long to wait before the secret is looked at. */
        public Duration delay() {
            return delay;
        }

        /** The user has proven to be who it says: its failures from this source are forgotten. */
        public void succeeded() {
            synchronized (GuessLimiter.this) {
                undo();
                pairs.all.remove(pair);
            }
        }

        /** The secret was never looked at. */
        public void notTried() {
            synchronized (GuessLimiter.this) {
                undo();
            }
        }

        private void undo() {
            if (lockedUntil.isEmpty()) {
                takeBack(pairs.all.get(pair), limits.lockAfter);
                takeBack(users.all.get(pair.user), Integer.MAX_VALUE);
                if (!shared) {
                    takeBack(sources.all.get(pair.source), limits.sourceLockAfter);
                }
            }
        }

        private void takeBack(Counter counter, int lockAfter) {
            if (counter != null && counter.failures > 0) {
                counter.failures--;
                if (counter.failures < lockAfter) {
                    counter.lockedUntil = Instant.MIN;
                }
            }
        }
    }

    /** Counts an attempt of {@code source} to be {@code claim}'s user. */
    public synchronized Attempt begin(InetAddress source, Claim claim, Instant now) {
        Pair pair = new Pair(UserName.bare(claim), network(source));
        boolean shared = sharedNetworks.contains(pair.source);
        Counter ofSource = shared ? new Counter() : sources.of(pair.source, now);
        // A source that is locked out must not push out others' counters by thinking of more names.
        Counter ofPair = ofSource.isLocked(now) ? ofSource : pairs.of(pair, now);
        if (ofPair.isLocked(now)) {
            return new Attempt(pair, shared, Duration.ZERO, Optional.of(ofPair.lockedUntil));
        }
        Counter ofUser = users.of(pair.user, now);
        Duration delay = longest(
                delay(ofPair.failures - limits.delayAfter),
                delay(ofSource.failures - limits.sourceLockAfter / 2),
                ofUser.failures >= USER_DELAY_AFTER ? USER_DELAY : Duration.ZERO);
        count(ofPair, limits.lockAfter, now);
        count(ofSource, limits.sourceLockAfter, now);
        count(ofUser, Integer.MAX_VALUE, now);
        return new Attempt(pair, shared, delay, Optional.empty());
    }

    private void count(Counter counter, int lockAfter, Instant now) {
        counter.failures++;
        counter.last = now;
        if (counter.failures >= lockAfter) {
            counter.lockedUntil = now.plus(limits.lockTime);
        }
    }

    /** @param over failures beyond the free ones; the first delay is due at 0 */
    private Duration delay(int over) {
        if (over < 0) {
            return Duration.ZERO;
        }
        Duration delay = limits.firstDelay;
        for (int i = 0; i < over && delay.compareTo(limits.maxDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(limits.maxDelay) < 0 ? delay : limits.maxDelay;
    }

    private static Duration longest(Duration... delays) {
        return Arrays.stream(delays).max(Duration::compareTo).orElseThrow();
    }

    /**
     * Who is locked out.
     *
     * @param user folded; empty if the source is locked out with any user
     * @param source an address, or an IPv6 network
     * @param until the moment the lock-out ends by itself
     */
    public record Lock(String user, String source, Instant until) {}

    /** Those who are locked out now. */
    public synchronized List<Lock> locks(Instant now) {
        List<Lock> locks = new ArrayList<>();
        sources.all.forEach((source, counter) -> {
            if (counter.isLocked(now)) {
                locks.add(new Lock("", source, counter.lockedUntil));
            }
        });
        pairs.all.forEach((pair, counter) -> {
            if (counter.isLocked(now)) {
                locks.add(new Lock(pair.user, pair.source, counter.lockedUntil));
            }
        });
        return locks;
    }

    /**
     * Forgets the failures of a source, with all users or with one.
     *
     * @param user empty for all
     * @param source as in {@link Lock#source}
     * @return whether there were any
     */
    public synchronized boolean lift(String user, String source) {
        if (!user.isEmpty()) {
            return pairs.all.remove(new Pair(UserName.fold(user), source)) != null;
        }
        boolean found = sources.all.remove(source) != null;
        return pairs.all.keySet().removeIf(pair -> pair.source.equals(source)) || found;
    }

    /** The largest number of counters of a kind. */
    synchronized int size() {
        return Math.max(pairs.all.size(), Math.max(sources.all.size(), users.all.size()));
    }

    /** What counts as one source: the address, or what IPv6 addresses of one customer have in common. */
    public static String network(InetAddress source) {
        if (!(source instanceof Inet6Address)) {
            return source.getHostAddress();
        }
        byte[] network = source.getAddress();
        Arrays.fill(network, IPV6_PREFIX_BYTES, network.length, (byte) 0);
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
