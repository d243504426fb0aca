// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** A log that guests cannot fill: so many lines a minute, and the number of those left out. Safe for use by all threads. */
final class BoundedLog {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final int linesPerMinute;
    private final LongSupplier nanoClock;
    private long minuteStart;
    private int lines;
    private long leftOut;

    BoundedLog(Logger log, int linesPerMinute, LongSupplier nanoClock) {
        this.log = log;
        this.linesPerMinute = linesPerMinute;
        this.nanoClock = nanoClock;
        this.minuteStart = nanoClock.getAsLong();
    }

    void warn(String format, Object... arguments) {
        if (mayLog()) {
            log.warn(format, arguments);
        }
    }

    void info(String format, Object... arguments) {
        if (mayLog()) {
            log.info(format, arguments);
        }
    }

    private boolean mayLog() {
        long skipped;
        synchronized (this) {
            long now = nanoClock.getAsLong();
            if (now - minuteStart >= MINUTE) {
                minuteStart = now;
                lines = 0;
            }
            if (lines == linesPerMinute) {
                leftOut++;
                return false;
            }
            lines++;
            skipped = leftOut;
            leftOut = 0;
        }
        if (skipped > 0) {
            log.warn("{} more lines like these were left out", skipped);
        }
        return true;
    }
}
