// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * is known that it was none, so that many at once gain nothing. A source's failures are forgotten one by one, so that
 * those of a house with many people do not add up over days; a user's from one source all together, some time after the
 * last. The longest untouched counters are forgotten when there are too many. Thread safe; asks no clock.
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
     *     in: not limited as a source; loopback addresses, where tunnels and gateways come from, never are
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

    private final FailureCounters<Pair> pairs;
    private final FailureCounters<String> sources;
    private final FailureCounters<String> users;

    private record Pair(String user, String source) {}

    public GuessLimiter(Limits limits) {
        this.limits = limits;
        sharedNetworks =
                limits.sharedSources.stream().map(GuessLimiter::network).collect(Collectors.toUnmodifiableSet());
        pairs = new FailureCounters<>(limits.lockAfter, limits.lockTime, false);
        sources = new FailureCounters<>(limits.sourceLockAfter, limits.lockTime, true);
        users = new FailureCounters<>(USER_DELAY_AFTER, limits.lockTime, false);
    }

    /**
     * One attempt to log in: a failure, unless {@link #succeeded} or {@link #noGuess} says otherwise.
     */
    public final class Attempt {
        private final Pair pair;
        private final Moment began;
        private final Duration delay;
        private final Optional<Moment> lockedUntil;

        private Attempt(Pair pair, Moment began, Duration delay, Optional<Moment> lockedUntil) {
            this.pair = pair;
            this.began = began;
            this.delay = delay;
            this.lockedUntil = lockedUntil;
        }

        /** Present if the attempt must be refused without looking at its secret. */
        public Optional<Moment> lockedUntil() {
            return lockedUntil;
        }

        /** How long to wait before the secret is looked at. */
        public Duration delay() {
            return delay;
        }

        /**
         * The user has proven to be who it says: its failures from this source are forgotten, and the source and the user
         * elsewhere owe them no more either.
         */
        public void succeeded() {
            synchronized (GuessLimiter.this) {
                if (lockedUntil.isEmpty()) {
                    pay(pair);
                }
            }
        }

        /** The secret was not looked at, or it was right although it may not be used. */
        public void noGuess() {
            synchronized (GuessLimiter.this) {
                if (lockedUntil.isEmpty()) {
                    pairs.takeBack(pair, List.of(began));
                    sources.takeBack(pair.source, List.of(began));
                    users.takeBack(pair.user, List.of(began));
                }
            }
        }
    }

    /** Forgets a pair's failures wherever they were counted. */
    private boolean pay(Pair pair) {
        List<Moment> owed = pairs.remove(pair);
        sources.takeBack(pair.source, owed);
        users.takeBack(pair.user, owed);
        return !owed.isEmpty();
    }

    /** Counts an attempt of {@code source} to be {@code claim}'s user. */
    public synchronized Attempt begin(InetAddress source, Claim claim, Moment now) {
        Pair pair = new Pair(UserName.bare(claim), network(source));
        boolean shared = source.isLoopbackAddress() || sharedNetworks.contains(pair.source);
        FailureCounters.Counter ofSource = shared ? FailureCounters.none() : sources.of(pair.source, now);
        Optional<Moment> sourceLock = ofSource.lockedUntil(now);
        if (sourceLock.isPresent()) {
            // It must not push out others' counters by thinking of more names.
            return new Attempt(pair, now, Duration.ZERO, sourceLock);
        }
        FailureCounters.Counter ofPair = pairs.of(pair, now);
        Optional<Moment> pairLock = ofPair.lockedUntil(now);
        if (pairLock.isPresent()) {
            return new Attempt(pair, now, Duration.ZERO, pairLock);
        }
        FailureCounters.Counter ofUser = users.of(pair.user, now);
        Duration delay = longest(
                delay(ofPair.failures() - limits.delayAfter),
                delay(ofSource.failures() - limits.sourceLockAfter / 2),
                ofUser.failures() >= USER_DELAY_AFTER ? USER_DELAY : Duration.ZERO);
        pairs.count(ofPair, now);
        if (ofPair.failures() >= limits.lockAfter) {
            pairs.lock(ofPair, now.plus(limits.lockTime));
        }
        if (!shared) {
            sources.count(ofSource, now);
            if (ofSource.failures() >= limits.sourceLockAfter) {
                sources.lock(ofSource, now.plus(limits.lockTime));
            }
        }
        users.count(ofUser, now);
        return new Attempt(pair, now, delay, Optional.empty());
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
    public record Lock(String user, String source, Moment until) {}

    /** Those who are locked out now. */
    public synchronized List<Lock> locks(Moment now) {
        List<Lock> locks = new ArrayList<>();
        sources.locked(now).forEach(lock -> locks.add(new Lock("", lock.getKey(), lock.getValue())));
        pairs.locked(now)
                .forEach(lock -> locks.add(new Lock(lock.getKey().user, lock.getKey().source, lock.getValue())));
        return locks;
    }

    /**
     * Forgets the failures of a source, with all users.
     *
     * @param source as in {@link Lock#source}
     * @return whether there were any
     */
    public synchronized boolean liftSource(String source) {
        boolean found = !sources.remove(source).isEmpty();
        for (Pair pair : pairs.keys(known -> known.source.equals(source))) {
            found |= pay(pair);
        }
        return found;
    }

    /**
     * Forgets the failures of a user, from wherever they came, also where they count for the source.
     *
     * @param user in whatever spelling
     * @return whether there were any
     */
    public synchronized boolean liftUser(String user) {
        String bare = UserName.bare(new Claim(user, "", ""));
        boolean found = !users.remove(bare).isEmpty();
        for (Pair pair : pairs.keys(known -> known.user.equals(bare))) {
            found |= pay(pair);
        }
        return found;
    }

    /** The largest number of counters of a kind. */
    synchronized int size() {
        return Math.max(pairs.size(), Math.max(sources.size(), users.size()));
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
