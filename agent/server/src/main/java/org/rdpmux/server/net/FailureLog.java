// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs connections that failed, a line each, but only so many lines a minute: whoever can reach the port can make them.
 * Safe for all threads.
 */
public final class FailureLog {

    static final int LINES = 30;
    static final long PERIOD_NANOS = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private long periodStart = Long.MIN_VALUE;
    private int lines;
    private int left;

    /** @param now monotonic time in nanoseconds */
    void failed(Object remote, String console, String reason, long now) {
        int before;
        synchronized (this) {
            if (periodStart == Long.MIN_VALUE || now - periodStart >= PERIOD_NANOS) {
                periodStart = now;
                lines = 0;
            }
            if (lines >= LINES) {
                left++;
                LOG.debug("{}: connection from {} failed: {}", console, remote, reason);
                return;
            }
            lines++;
            before = left;
            left = 0;
        }
        if (before > 0) {
            LOG.info("{} more connections failed", before);
        }
        LOG.info("{}: connection from {} failed: {}", console, remote, reason);
    }
}
