// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/** Identifies a console for as long as anybody knows of it: over restarts of its guest, renames, and restarts of the agent. */
public sealed interface ConsoleId extends Comparable<ConsoleId> {

    /** The console of a libvirt domain. */
    record OfDomain(UUID uuid) implements ConsoleId {
        public OfDomain {
            Objects.requireNonNull(uuid);
        }

        @Override
        public String toString() {
            return "domain:" + uuid;
        }
    }

    /** A console that was configured or attached by address. */
    record Named(String name) implements ConsoleId {
        public Named {
            Objects.requireNonNull(name);
        }

        @Override
        public String toString() {
            return "console:" + name;
        }
    }

    @Override
    default int compareTo(ConsoleId other) {
        return Comparator.<ConsoleId, String>comparing(ConsoleId::toString).compare(this, other);
    }

    /**
     * Reads what {@code toString} gives.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static ConsoleId parse(String text) {
        if (text.startsWith("domain:")) {
            return new OfDomain(UUID.fromString(text.substring("domain:".length())));
        }
        if (text.startsWith("console:") && text.length() > "console:".length()) {
            return new Named(text.substring("console:".length()));
        }
        throw new IllegalArgumentException("'" + text + "' is neither domain:UUID nor console:NAME");
    }
}
