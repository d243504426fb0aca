// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.rdpmux.daemon.metrics.Metric.Counter;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.security.access.AuditSink;

/** Counts log-ins by their result. Thread safe. */
public final class LoginCounts implements AuditSink {

    /** Reasons are words of the program's own; should there ever be more, the others are counted together. */
    static final int MAX_REASONS = 32;

    private static final String OTHER = "other";

    private final Map<String, LongAdder> byReason = new ConcurrentHashMap<>();

    public LoginCounts() {
        byReason.put(AuditEvent.OK, new LongAdder());
    }

    @Override
    public void accept(AuditEvent event) {
        if (event.action() != AuditEvent.Action.LOGIN) {
            return;
        }
        LongAdder counted = byReason.get(event.reason());
        if (counted == null) {
            String reason = byReason.size() < MAX_REASONS ? event.reason() : OTHER;
            counted = byReason.computeIfAbsent(reason, added -> new LongAdder());
        }
        counted.increment();
    }

    Counter metric() {
        Counter metric = Counter.of(
                "rdpmux_logins", "Log-ins that were decided; the result is ok, or why not, such as wrong-credentials.");
        byReason.forEach((reason, count) -> metric.add(Labels.of("result", reason), count.sum()));
        return metric;
    }
}
