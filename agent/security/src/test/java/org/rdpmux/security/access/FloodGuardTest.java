// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FloodGuardTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final List<String> passed = new ArrayList<>();
    private final FloodGuard guard = new FloodGuard(
            event -> passed.add(event.reason() + " " + event.place().source()));

    @Test
    void holdsBackAFloodAndTellsInTimeHowMuchAndFromWhere() {
        for (int i = 0; i < 1000; i++) {
            guard.accept(event("locked-out", NOW.plusMillis(i), "192.0.2." + (i < 900 ? 1 : 2) + ":" + i));
        }
        guard.summarize(NOW.plus(FloodGuard.PERIOD).minusMillis(1));
        assertEquals(FloodGuard.MAX_CHEAP_REFUSALS, passed.size());

        guard.summarize(NOW.plus(FloodGuard.PERIOD));
        guard.accept(event("malformed", NOW.plus(FloodGuard.PERIOD), "192.0.2.3:1"));
        assertEquals(
                List.of("840-more-refused 192.0.2.1", "100-more-refused 192.0.2.2", "malformed 192.0.2.3:1"),
                passed.subList(60, passed.size()));
    }

    @Test
    void namesOnlySomeOfManySources() {
        for (int i = 0; i < 2 * HeldBack.MAX_SOURCES; i++) {
            guard.accept(event("locked-out", NOW, "10.0." + (i >> 8) + "." + (i & 0xff) + ":1"));
        }
        guard.summarize(NOW.plus(FloodGuard.PERIOD));
        int named = HeldBack.NAMED;
        int rest = 2 * HeldBack.MAX_SOURCES - FloodGuard.MAX_CHEAP_REFUSALS - named;
        assertEquals(FloodGuard.MAX_CHEAP_REFUSALS + named + 1, passed.size());
        assertEquals(rest + "-more-refused others", passed.get(passed.size() - 1));
    }

    @Test
    void aClockThatIsSetBackHoldsNothingBackForLong() {
        guard.accept(event("locked-out", NOW, "192.0.2.1:1"));
        for (int i = 0; i < 1000; i++) {
            guard.accept(event("locked-out", NOW.minus(Duration.ofHours(1)), "192.0.2.1:1"));
        }
        guard.summarize(NOW.minus(Duration.ofHours(1)).plus(FloodGuard.PERIOD));
        assertEquals("940-more-refused 192.0.2.1", passed.get(passed.size() - 1));
    }

    @Test
    void neverHoldsBackGuessesAndLogins() {
        for (int i = 0; i < 1000; i++) {
            guard.accept(event("wrong-credentials", NOW, ":"));
            guard.accept(event("anonymous", NOW, ":"));
            guard.accept(event(AuditEvent.OK, NOW, ":"));
        }
        assertEquals(1000, passed.stream().filter("wrong-credentials :"::equals).count());
        assertEquals(1000, passed.stream().filter("ok :"::equals).count());
        assertTrue(passed.size() <= 2000 + FloodGuard.MAX_CHEAP_REFUSALS);
    }

    private static AuditEvent event(String reason, Instant time, String source) {
        return new AuditEvent(
                time,
                AuditEvent.Action.LOGIN,
                reason,
                AuditEvent.Subject.UNKNOWN,
                new AuditEvent.Place(source, "", "", Optional.empty()),
                Duration.ZERO);
    }
}
