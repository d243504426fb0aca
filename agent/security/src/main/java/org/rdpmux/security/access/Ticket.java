// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A ticket as everybody may see it: without its password.
 *
 * @param id for lists, logs and to revoke it by; no secret
 * @param user the name its bearer logs in with
 * @param console the one it opens
 * @param viewOnly its bearer only looks on
 * @param expires the moment from which on it is refused
 */
public record Ticket(String id, String user, ConsoleRef console, boolean viewOnly, Moment expires) {

    /**
     * What somebody wants of a ticket.
     *
     * @param console the one it opens
     * @param lifetime 1 second to {@link #MAX_LIFETIME}
     * @param viewOnly its bearer only looks on
     * @param user the name its bearer logs in with; one that nobody else has if empty
     */
    public record Terms(ConsoleRef console, Duration lifetime, boolean viewOnly, Optional<String> user) {

        /** Unless somebody asks for more: as long as it takes to paste it into a client. */
        public static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(120);

        /** A ticket is no account. */
        public static final Duration MAX_LIFETIME = Duration.ofDays(1);

        public Terms {
            Objects.requireNonNull(console);
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
                throw new IllegalArgumentException("a ticket lives 1 second to " + MAX_LIFETIME.toHours() + " hours");
            }
            user.ifPresent(UserEntry::checkName);
        }
    }

    /** A ticket just made, with its password, which exists nowhere else. */
    public static final class Issued {
        private final Ticket ticket;
        private final char[] password;

        Issued(Ticket ticket, char[] password) {
            this.ticket = ticket;
            this.password = password;
        }

        public Ticket ticket() {
            return ticket;
        }

        /** The array itself: show it once, then {@link #wipe()}. */
        public char[] password() {
            return password;
        }

        public void wipe() {
            Arrays.fill(password, '\0');
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Issued[" + ticket + "]";
        }
    }
}
