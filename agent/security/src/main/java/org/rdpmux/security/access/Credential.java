// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Optional;

/** One secret that a store holds against a claim: if the client proves to know it, it is who the credential says. */
public interface Credential {

    /** What NTLM needs of the secret. Not the caller's to wipe. */
    NtHash ntHash();

    /** Who the client then is, for roles and the audit trail: the store's spelling, never the client's. */
    String account();

    /** Which kind of store holds it. */
    Source source();

    /** Whether it lets its bearer only look. */
    boolean viewOnly();

    /**
     * Why it may not be used although the secret is right; empty if it may. The client is not told the reason.
     */
    Optional<Denial> denial(Moment now);

    /**
     * Uses the credential, once the login is complete in every other respect. Of several attempts to use a credential that
     * works once, exactly one succeeds.
     *
     * @return why it cannot be used after all; empty if it is used now
     */
    default Optional<Denial> redeem(Moment now) {
        return denial(now);
    }

    /** Of the session that begins with this credential, once it is redeemed. */
    default Login.Session session() {
        return Login.Session.UNLIMITED;
    }

    /** Kinds of stores, as the audit trail has them. */
    enum Source {
        USERS_FILE("users-file"),
        SAM_FILE("sam-file"),
        TICKET("ticket"),
        CONSOLE_PASSWORD("console-password");

        private final String text;

        Source(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Reasons for which a right secret is refused, as the audit trail has them. */
    enum Denial {
        NO_SUCH_USER("no-such-user"),
        USED("ticket-used"),
        EXPIRED("expired"),
        REVOKED("ticket-revoked"),
        OTHER_CONSOLE("ticket-for-other-console"),
        DISABLED("disabled"),
        EMPTY_PASSWORD("empty-password");

        private final String text;

        Denial(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
