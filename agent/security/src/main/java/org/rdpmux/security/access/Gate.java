// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * Decides who comes in, in one place for all ways of proving something: limits on guessing, the stores, the roles, and one
 * line in the audit trail for each decision. Thread safe.
 */
public final class Gate {

    final GuessLimiter limiter;
    final Supplier<Authorization> authorization;
    final AuditSink audit;

    /** @param authorization asked at each login */
    public Gate(GuessLimiter limiter, Supplier<Authorization> authorization, AuditSink audit) {
        this.limiter = Objects.requireNonNull(limiter);
        this.authorization = Objects.requireNonNull(authorization);
        this.audit = Objects.requireNonNull(audit);
    }

    /** Puts something else than a log-in into the audit trail. */
    public void audit(AuditEvent event) {
        audit.accept(event);
    }

    /**
     * A connection's way through the gate.
     *
     * @param store where the secrets are that count for this connection
     */
    public Admission admission(LoginRequest request, CredentialStore store) {
        return new Admission(this, request, store);
    }
}
