// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.rdpmux.security.access.AuditEvent;

class LoginCountsTest {

    private final LoginCounts counts = new LoginCounts();

    private void happened(AuditEvent.Action action, String reason) {
        counts.accept(new AuditEvent(
                Instant.EPOCH,
                action,
                reason,
                AuditEvent.Subject.UNKNOWN,
                AuditEvent.Place.local("", Optional.empty()),
                Duration.ZERO));
    }

    private Map<String, Double> told() {
        return ((CounterSnapshot) counts.metric().snapshot())
                .getDataPoints().stream()
                        .collect(Collectors.toMap(
                                point -> point.getLabels().get("result"),
                                CounterSnapshot.CounterDataPointSnapshot::getValue));
    }

    @Test
    void countsLogInsAndNothingElseByTheirResult() {
        assertEquals(Map.of("ok", 0.0), told());
        happened(AuditEvent.Action.LOGIN, AuditEvent.OK);
        happened(AuditEvent.Action.LOGIN, "wrong-credentials");
        happened(AuditEvent.Action.LOGIN, "wrong-credentials");
        happened(AuditEvent.Action.TICKET_ISSUED, AuditEvent.OK);
        assertEquals(Map.of("ok", 1.0, "wrong-credentials", 2.0), told());
    }

    @Test
    void hasOnlySoManySeries() {
        for (int i = 0; i < 100; i++) {
            happened(AuditEvent.Action.LOGIN, "reason-" + i);
        }
        assertEquals(LoginCounts.MAX_REASONS + 1, told().size());
        assertEquals(100.0, told().values().stream().mapToDouble(count -> count).sum());
    }
}
