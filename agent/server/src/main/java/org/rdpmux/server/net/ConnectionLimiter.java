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
        private final Object endpoint;
        private boolean authenticated;
        private boolean closed;

        private Slot(InetAddress source, Object endpoint) {
            this.source = source;
            this.endpoint = endpoint;
        }

        /**
         * The client has come through the connection sequence. Idempotent.
         *
         * @return false if there are as many at its endpoint as may be
         */
        public boolean authenticated() {
            synchronized (ConnectionLimiter.this) {
                if (!authenticated && !closed) {
                    if (byEndpoint.getOrDefault(endpoint, 0) >= limits.perEndpoint()) {
                        return false;
                    }
                    authenticated = true;
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
                if (authenticated) {
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
     * @param endpoint what connections per endpoint are counted by
     * @return empty if a limit is reached: see {@link #reason}
     */
    public synchronized Optional<Slot> enter(InetAddress source, Object endpoint) {
        if (reason(source, endpoint).isPresent()) {
            return Optional.empty();
        }
        connections++;
        unauthenticated++;
        bySource.merge(source, 1, Integer::sum);
        unfinishedBySource.merge(GuessLimiter.network(source), 1, Integer::sum);
        return Optional.of(new Slot(source, endpoint));
    }

    /** Which limit keeps a connection out, for the log; empty if none does. */
    public synchronized Optional<String> reason(InetAddress source, Object endpoint) {
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
        int atEndpoint = byEndpoint.getOrDefault(endpoint, 0);
        if (atEndpoint >= limits.perEndpoint()) {
            return Optional.of("there are " + atEndpoint + " viewers at this address already");
        }
        return Optional.empty();
    }

    private static <K> void decrement(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }
}
