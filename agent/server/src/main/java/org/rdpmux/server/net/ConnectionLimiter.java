// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.server.ServerOptions.Limits;

/**
 * Counts connections, in all and by where they come from. Unfinished ones, whose clients have not come through the
 * connection sequence, never keep a newcomer out: where there are too many, the newcomer displaces one of them, at whatever
 * stage it has stopped.
 *
 * <ul>
 *   <li>A quarter of the places for unfinished connections is kept for sources that have logged in: as long as those take no
 *       more than that, they are not displaced.
 *   <li>Among the others, the source with the most loses its oldest. Where each has but {@value #FEW}, the source that has
 *       the most within the network ({@link #group}) that has the most.
 * </ul>
 *
 * <p>A source is an IPv4 address or an IPv6 network of 64 bits. Safe for all threads.
 */
public final class ConnectionLimiter {

    /** As many unfinished connections may people at one address have: clients open a second one while they ask. */
    static final int FEW = 4;

    /** One in so many places for unfinished connections is kept for sources that have logged in. */
    private static final int KEPT_SHARE = 4;

    /** So many sources that logged in are remembered, the last ones; each takes some hundred bytes. */
    static final int MAX_KNOWN = 4096;

    private static final int IPV4_GROUP_BYTES = 3;
    private static final int IPV6_GROUP_BYTES = 6;
    private static final int IPV4_BYTES = 4;

    private final Limits limits;
    /** Those that have a connection. */
    private final Map<String, Source> sources = new HashMap<>();

    private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_KNOWN;
        }
    };
    private long entered;
    private int connections;
    private int unfinished;
    /** Of the unfinished ones, those of known sources. */
    private int unfinishedKnown;

    public ConnectionLimiter(Limits limits) {
        this.limits = limits;
    }

    /** What a source has; guarded by the limiter. */
    private static final class Source {
        private final String name;
        private final String group;
        /** Oldest first. */
        private final LinkedHashSet<Slot> unfinished = new LinkedHashSet<>();

        private int connections;
        private boolean known;

        private Source(String name, String group, boolean known) {
            this.name = name;
            this.group = group;
            this.known = known;
        }
    }

    /** Whether there is a place. */
    public sealed interface Answer {
        /** There is one. */
        record Entered(Slot slot) implements Answer {}

        /** There is none; the reason is for the log. */
        record Full(String reason) implements Answer {}
    }

    /** One connection's place; closed with it. */
    public final class Slot implements AutoCloseable {

        /** Older ones have lower numbers. */
        private final long number = ++entered;

        private final Source source;
        private final Consumer<String> displaced;
        private boolean finished;
        private boolean closed;

        private Slot(Source source, Consumer<String> displaced) {
            this.source = source;
            this.displaced = displaced;
        }

        /** The client has proven who it is, by a secret. */
        public void loggedIn() {
            synchronized (ConnectionLimiter.this) {
                known.put(source.name, true);
                if (!source.known) {
                    source.known = true;
                    unfinishedKnown += source.unfinished.size();
                }
            }
        }

        /**
         * The client has come through the connection sequence. Idempotent.
         *
         * @return false if it has just been displaced
         */
        public boolean authenticated() {
            synchronized (ConnectionLimiter.this) {
                if (!closed && !finished) {
                    finished = true;
                    noLongerUnfinished();
                }
                return !closed;
            }
        }

        private void noLongerUnfinished() {
            source.unfinished.remove(this);
            unfinished--;
            unfinishedKnown -= source.known ? 1 : 0;
        }

        /** Idempotent. */
        @Override
        public void close() {
            synchronized (ConnectionLimiter.this) {
                if (closed) {
                    return;
                }
                closed = true;
                connections--;
                if (--source.connections == 0) {
                    sources.remove(source.name);
                }
                if (!finished) {
                    noLongerUnfinished();
                }
            }
        }
    }

    /**
     * Asks for a place.
     *
     * @param displaced told why, if the connection has to make way for another before it is finished: it has lost its place
     *     and is to end. Called on the thread of the other one; must not block
     */
    public Answer enter(InetAddress address, Consumer<String> displaced) {
        Slot victim;
        String reason = "";
        Slot slot;
        synchronized (this) {
            String name = GuessLimiter.network(address);
            Source source = sources.get(name);
            if (source != null && source.connections >= limits.perSource()) {
                reason = "there are " + source.connections + " connections from there already";
                victim = oldest(source).orElse(null);
            } else if (connections >= limits.connections()) {
                reason = "there are " + connections + " connections already";
                victim = mostDispensable().orElse(null);
            } else if (unfinished >= limits.unauthenticated()) {
                reason = "there are " + unfinished + " unfinished connections already";
                victim = mostDispensable().orElse(null);
            } else {
                victim = null;
            }
            if (victim == null && !reason.isEmpty()) {
                return new Answer.Full(reason);
            }
            if (victim != null) {
                reason += ", " + victim.source.unfinished.size() + " of them unfinished ones of " + victim.source.name;
                victim.close();
            }
            slot = add(name, address, displaced);
        }
        if (victim != null) {
            victim.displaced.accept("it made way for a newer connection: " + reason);
        }
        return new Answer.Entered(slot);
    }

    private Slot add(String name, InetAddress address, Consumer<String> displaced) {
        Source source = sources.computeIfAbsent(name, n -> new Source(n, group(address), known.containsKey(n)));
        Slot slot = new Slot(source, displaced);
        source.connections++;
        source.unfinished.add(slot);
        connections++;
        unfinished++;
        unfinishedKnown += source.known ? 1 : 0;
        return slot;
    }

    /** Which connection makes way; nothing if all that may are finished. */
    private Optional<Slot> mostDispensable() {
        boolean keepKnown = unfinishedKnown <= limits.unauthenticated() / KEPT_SHARE;
        Collection<Source> candidates = sources.values().stream()
                .filter(source -> !source.unfinished.isEmpty() && !(keepKnown && source.known))
                .toList();
        Source most = null;
        Map<String, Integer> byGroup = new HashMap<>();
        for (Source source : candidates) {
            byGroup.merge(source.group, source.unfinished.size(), Integer::sum);
            most = larger(most, source);
        }
        if (most == null || most.unfinished.size() > FEW) {
            return oldest(most);
        }
        int largestGroup = byGroup.values().stream().mapToInt(n -> n).max().orElse(0);
        Source mostOfGroup = null;
        for (Source source : candidates) {
            if (byGroup.get(source.group) == largestGroup) {
                mostOfGroup = larger(mostOfGroup, source);
            }
        }
        return oldest(mostOfGroup);
    }

    /** The one with more, or else the one whose oldest came first. */
    private static Source larger(Source a, Source b) {
        if (a == null || a.unfinished.size() != b.unfinished.size()) {
            return a == null || b.unfinished.size() > a.unfinished.size() ? b : a;
        }
        return oldest(b).orElseThrow().number < oldest(a).orElseThrow().number ? b : a;
    }

    private static Optional<Slot> oldest(Source source) {
        return source == null ? Optional.empty() : source.unfinished.stream().findFirst();
    }

    /** What addresses that one party can have at once share: 24 bits of an IPv4 address, 48 of an IPv6 address. */
    static String group(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length = bytes.length == IPV4_BYTES ? IPV4_GROUP_BYTES : IPV6_GROUP_BYTES;
        StringBuilder group = new StringBuilder();
        for (int i = 0; i < length; i++) {
            group.append(bytes[i]).append('.');
        }
        return group.toString();
    }
}
