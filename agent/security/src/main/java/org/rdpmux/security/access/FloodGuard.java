// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.time.Duration;
import java.time.Instant;

/**
 * Keeps the audit trail readable while somebody floods the port: of refusals that cost a client nothing, such as those of the
 * locked-out, only so many are passed on in a minute; then one event tells how many were not. Everything else is always
 * passed on. Thread safe.
 */
public final class FloodGuard implements AuditSink {

    /** In a minute. */
    static final int MAX_CHEAP_REFUSALS = 60;

    static final Duration PERIOD = Duration.ofMinutes(1);

    private final AuditSink next;
    private Instant periodEnd = Instant.MIN;
    private int passed;
    private int held;

    public FloodGuard(AuditSink next) {
        this.next = next;
    }

    @Override
    public void accept(AuditEvent event) {
        AuditEvent summary = null;
        boolean pass;
        synchronized (this) {
            if (!event.time().isBefore(periodEnd)) {
                summary = held == 0 ? null : summary(event);
                periodEnd = event.time().plus(PERIOD);
                passed = 0;
                held = 0;
            }
            pass = !isCheap(event) || passed++ < MAX_CHEAP_REFUSALS;
            held += pass ? 0 : 1;
        }
        if (summary != null) {
            next.accept(summary);
        }
        if (pass) {
            next.accept(event);
        }
    }

    private AuditEvent summary(AuditEvent event) {
        return new AuditEvent(
                event.time(),
                AuditEvent.Action.LOGIN,
                held + "-more-refused",
                AuditEvent.Subject.UNKNOWN,
                new AuditEvent.Place(null, "", ""),
                Duration.ZERO);
    }

    /** Such refusals need no guess that counts. */
    private static boolean isCheap(AuditEvent event) {
        return switch (event.reason()) {
            case "locked-out", "malformed", "unsupported", "anonymous", "store-unavailable", "gave-up" -> true;
            case "no-role", "ticket-used", "ticket-revoked", "ticket-for-other-console" -> true;
            default -> false;
        };
    }
}
