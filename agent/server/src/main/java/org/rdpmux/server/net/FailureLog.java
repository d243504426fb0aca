// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs connections that failed, a line each, but only so many lines a minute: whoever can reach the port can make them.
 * Safe for all threads.
 */
public final class FailureLog {

    static final int LINES = 30;

    /** Longer reasons hold what the client sent: Netty writes out whatever is no record of TLS. */
    static final int MAX_REASON = 200;

    static final long PERIOD_NANOS = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private long periodStart = Long.MIN_VALUE;
    private int logged;
    private int left;

    /** @param now monotonic time in nanoseconds */
    void failed(Object remote, String console, String reason, long now) {
        String line = console + ": connection from " + remote + " failed: " + harmless(reason);
        List<String> lines = lines(line, now);
        if (lines.isEmpty()) {
            LOG.debug(line);
        }
        lines.forEach(LOG::info);
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

    /** What is to be logged about one more failure: nothing, its line, or the number of those left out before and it. */
    synchronized List<String> lines(String line, long now) {
        if (periodStart == Long.MIN_VALUE || now - periodStart >= PERIOD_NANOS) {
            periodStart = now;
            logged = 0;
        }
        if (logged >= LINES) {
            left++;
            return List.of();
        }
        logged++;
        if (left == 0) {
            return List.of(line);
        }
        String summary = left + " more connections failed";
        left = 0;
        return List.of(summary, line);
    }
}
