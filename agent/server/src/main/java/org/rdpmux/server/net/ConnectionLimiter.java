// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.server.ServerOptions.Limits;

/**
 * Counts connections, in all and by where they come from, and refuses those above the limits. One source can take half of
 * the places for unfinished connections, whatever addresses of its IPv6 network it uses, and unfinished ones take no place
 * at an endpoint, so that nobody keeps everybody else out. Safe for all threads.
 */
public final class ConnectionLimiter {

    private final Limits limits;
    private final Map<InetAddress, Integer> bySource = new HashMap<>();
    private final Map<String, Integer> unfinishedBySource = new HashMap<>();
    private final Map<Object, Integer> byEndpoint = new HashMap<>();
    private int connections;
    private int unauthenticated;

    public ConnectionLimiter(Limits limits) {
        this.limits = limits;
    }

    /** One connection's place; closed with it. */
    public final class Slot implements AutoCloseable {

        private final InetAddress source;
        /** What its viewer is counted at; null until it is one. */
        private Object endpoint;

        private boolean closed;

        private Slot(InetAddress source) {
            this.source = source;
        }

        /**
         * The client has come through the connection sequence. Idempotent.
         *
         * @param at what viewers of an endpoint are counted by
         * @return false if there are as many at its endpoint as may be
         */
        public boolean authenticated(Object at) {
            synchronized (ConnectionLimiter.this) {
                if (endpoint == null && !closed) {
                    if (byEndpoint.getOrDefault(at, 0) >= limits.perEndpoint()) {
                        return false;
                    }
                    endpoint = at;
                    finished();
                    byEndpoint.merge(endpoint, 1, Integer::sum);
                }
                return true;
            }
        }

        private void finished() {
            unauthenticated--;
            decrement(unfinishedBySource, GuessLimiter.network(source));
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
                decrement(bySource, source);
                if (endpoint != null) {
                    decrement(byEndpoint, endpoint);
                } else {
                    finished();
                }
            }
        }
    }

    /**
     * Asks for a place.
     *
     * @return empty if a limit is reached: see {@link #reason}
     */
    public synchronized Optional<Slot> enter(InetAddress source) {
        if (reason(source).isPresent()) {
            return Optional.empty();
        }
        connections++;
        unauthenticated++;
        bySource.merge(source, 1, Integer::sum);
        unfinishedBySource.merge(GuessLimiter.network(source), 1, Integer::sum);
        return Optional.of(new Slot(source));
    }

    /** Which limit keeps a connection out, for the log; empty if none does. */
    public synchronized Optional<String> reason(InetAddress source) {
        if (connections >= limits.connections()) {
            return Optional.of("there are " + connections + " connections already");
        }
        if (unauthenticated >= limits.unauthenticated()) {
            return Optional.of("there are " + unauthenticated + " unfinished connections already");
        }
        int unfinished = unfinishedBySource.getOrDefault(GuessLimiter.network(source), 0);
        if (unfinished >= Math.max(2, limits.unauthenticated() / 2)) {
            return Optional.of("there are " + unfinished + " unfinished connections from there already");
        }
        int fromSource = bySource.getOrDefault(source, 0);
        if (fromSource >= limits.perSource()) {
            return Optional.of("there are " + fromSource + " connections from there already");
        }
        return Optional.empty();
    }

    private static <K> void decrement(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }
}
