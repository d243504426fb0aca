// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the audit trail readable while somebody floods the port: of refusals that cost a client nothing, such as those of the
 * locked-out, only so many are passed on in a minute; after it events tell how many were not, and from where. Everything else
 * is always passed on. Thread safe.
 */
public final class FloodGuard implements AuditSink {

    /** In a minute. */
    static final int MAX_CHEAP_REFUSALS = 60;

    static final Duration PERIOD = Duration.ofMinutes(1);

    private final AuditSink next;
    private final HeldBack held = new HeldBack();
    private Instant periodStart = Instant.MIN;
    private int passed;

    public FloodGuard(AuditSink next) {
        this.next = next;
    }

    @Override
    public void accept(AuditEvent event) {
        summarize(event.time());
        boolean pass;
        synchronized (this) {
            pass = !isCheap(event) || passed++ < MAX_CHEAP_REFUSALS;
            if (!pass) {
                held.add(withoutPort(event.place().source()));
            }
        }
        if (pass) {
            next.accept(event);
        }
    }

    /** Tells what was not passed on in the last minute, if it is over; to be called now and then. */
    public void summarize(Instant now) {
        List<HeldBack.Share> shares;
        synchronized (this) {
            // Somebody may set the clock back.
            if (!now.isBefore(periodStart) && now.isBefore(periodStart.plus(PERIOD))) {
                return;
            }
            periodStart = now;
            passed = 0;
            shares = held.drain();
        }
        shares.forEach(share -> next.accept(summary(share, now)));
    }

    private static AuditEvent summary(HeldBack.Share share, Instant now) {
        String source = share.source().isEmpty() ? "others" : share.source();
        return new AuditEvent(
                now,
                AuditEvent.Action.LOGIN,
                share.count() + "-more-refused",
                AuditEvent.Subject.UNKNOWN,
                new AuditEvent.Place(source, "", "", Optional.empty()),
                Duration.ZERO);
    }

    private static String withoutPort(String source) {
        return source.replaceFirst(":[0-9]+$", "");
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
