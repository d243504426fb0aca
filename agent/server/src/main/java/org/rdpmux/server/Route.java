// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;

/** Decides what the connections of a listener lead to, once their first bytes are read. */
public sealed interface Route {

    /** What the log calls connections that have not been led anywhere yet. */
    String name();

    /** All connections lead to the same: a port is a console. */
    record Fixed(Entry entry) implements Route {
        public Fixed {
            Objects.requireNonNull(entry);
        }

        @Override
        public String name() {
            return entry.console().name();
        }
    }

    /** Each connection leads to what is found for it, within seconds; too many look-ups at a time are refused. */
    record LookUp(String name, Finder finder) implements Route {
        public LookUp {
            Objects.requireNonNull(name);
            Objects.requireNonNull(finder);
        }
    }

    /** Finds what a connection leads to. Called on look-up threads, several at a time; may block for a bounded time. */
    @FunctionalInterface
    interface Finder {
        /** @return empty if there is nothing for the client */
        Optional<Entry> find(Opening opening, InetSocketAddress remote);
    }
}
