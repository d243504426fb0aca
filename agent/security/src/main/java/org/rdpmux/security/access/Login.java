// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Objects;
import java.util.Optional;

/**
 * Somebody who was let in.
 *
 * @param account as the store spells it; empty where nobody has to prove anything
 * @param source the store; empty likewise
 * @param role what it may do
 * @param session what the credential says of the session that begins
 */
public record Login(String account, Optional<Credential.Source> source, Role role, Session session) {

    /** What a credential says of the session that it begins. Safe for all threads. */
    public interface Session {

        /** Goes on for as long as the client likes, and nobody has to know of its end. */
        Session UNLIMITED = new Session() {};

        /** By when it has to end. */
        default Optional<Moment> end() {
            return Optional.empty();
        }

        /** It has ended without a farewell, such as by a network that failed: the client may want to go on with it. */
        default void lost(Moment now) {}
    }

    public Login {
        Objects.requireNonNull(account);
        Objects.requireNonNull(source);
        Objects.requireNonNull(role);
        Objects.requireNonNull(session);
    }

    /** Without limits on the session. */
    public Login(String account, Optional<Credential.Source> source, Role role) {
        this(account, source, role, Session.UNLIMITED);
    }
}
