// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.access.HeldBack;
import org.rdpmux.server.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs connections that failed, a line each, but only so many lines a minute: whoever can reach the port can make them. After
 * the minute a line tells how many were left out, and from where. Counts them all. Safe for all threads.
 */
public final class FailureLog {

    static final int LINES = 30;

    /** Longer reasons hold what the client sent: Netty writes out whatever is no record of TLS. */
    static final int MAX_REASON = 200;

    static final long PERIOD_NANOS = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final HeldBack heldBack = new HeldBack();
    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);
    private long periodStart = Long.MIN_VALUE;
    private int logged;

    public FailureLog() {
        for (Refusal refusal : Refusal.values()) {
            counts.put(refusal, new LongAdder());
        }
    }

    /** How many connections failed so far, for each kind of failure. */
    public Map<Refusal, Long> counts() {
        Map<Refusal, Long> totals = new EnumMap<>(Refusal.class);
        counts.forEach((refusal, count) -> totals.put(refusal, count.sum()));
        return totals;
    }

    /** @param now monotonic time in nanoseconds */
    void failed(InetSocketAddress remote, String console, Refusal refusal, String reason, long now) {
        counts.get(refusal).increment();
        summarize(now);
        String line = console + ": connection from " + remote + " failed: " + harmless(reason);
        if (mayLog(GuessLimiter.network(remote.getAddress()))) {
            LOG.info(line);
        } else {
            LOG.debug(line);
        }
    }

    /** Logs what was left out of the last minute, if it is over; to be called now and then. */
    public void summarize(long now) {
        String summary = summary(now);
        if (!summary.isEmpty()) {
            LOG.info(summary);
        }
    }

    /** Reasons may repeat what a client sent: it must neither fill the log nor write lines of its own. */
    static String harmless(String reason) {
        StringBuilder text = new StringBuilder();
        reason.codePoints()
                .limit(MAX_REASON)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    /** Whether one more failure has its line. */
    synchronized boolean mayLog(String source) {
        if (logged >= LINES) {
            heldBack.add(source);
            return false;
        }
        logged++;
        return true;
    }

    /** What was left out, if a minute is over and something was; otherwise empty. */
    synchronized String summary(long now) {
        if (periodStart != Long.MIN_VALUE && now - periodStart < PERIOD_NANOS) {
            return "";
        }
        periodStart = now;
        logged = 0;
        int total = heldBack.total();
        String sources = heldBack.drain().stream()
                .map(share -> share.count() + " from " + (share.source().isEmpty() ? "elsewhere" : share.source()))
                .collect(Collectors.joining(", "));
        return total == 0 ? "" : total + " more connections failed: " + sources;
    }
}
