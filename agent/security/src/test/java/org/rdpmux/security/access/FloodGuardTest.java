// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloodGuardTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final List<String> passed = new ArrayList<>();
    private final FloodGuard guard = new FloodGuard(event -> passed.add(event.reason()));

    @Test
    void holdsBackAFloodAndTellsHowMuch() {
        for (int i = 0; i < 1000; i++) {
            guard.accept(event("locked-out", NOW.plusMillis(i)));
        }
        assertEquals(FloodGuard.MAX_CHEAP_REFUSALS, passed.size());

        guard.accept(event("malformed", NOW.plus(FloodGuard.PERIOD)));
        assertEquals("940-more-refused", passed.get(60));
        assertEquals("malformed", passed.get(61));
    }

    @Test
    void neverHoldsBackGuessesAndLogins() {
        for (int i = 0; i < 1000; i++) {
            guard.accept(event("wrong-credentials", NOW));
            guard.accept(event("anonymous", NOW));
            guard.accept(event(AuditEvent.OK, NOW));
        }
        assertEquals(1000, passed.stream().filter("wrong-credentials"::equals).count());
        assertEquals(1000, passed.stream().filter(AuditEvent.OK::equals).count());
        assertTrue(passed.size() <= 2000 + FloodGuard.MAX_CHEAP_REFUSALS);
    }

    private static AuditEvent event(String reason, Instant time) {
        return new AuditEvent(
                time,
                AuditEvent.Action.LOGIN,
                reason,
                AuditEvent.Subject.UNKNOWN,
                new AuditEvent.Place(null, "", ""),
                Duration.ZERO);
    }
}
