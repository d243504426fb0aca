// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When to try again what failed: soon at first, then ever later. Confined to one thread. */
final class Backoff {
    private final WatcherOptions options;
    private int failures;
    private long nextNanos;

    Backoff(WatcherOptions options) {
        this.options = options;
    }

    /** Nothing has failed of late: the next attempt is due now. */
    void reset(long now) {
        failures = 0;
        nextNanos = now;
    }

    /** Another attempt has failed. Returns whether it is the first of a row. */
    boolean failed(long now) {
        nextNanos = now + wait(options, failures).toNanos();
        return failures++ == 0;
    }

    /** How long to wait for the next attempt; 0 if it is due. */
    long nanosLeft(long now) {
        return Math.max(0, nextNanos - now);
    }

    /** The wait before the next attempt: doubles up to the longest, less a random part so that not all come at once. */
    static Duration wait(WatcherOptions options, int failures) {
        long most = options.maxBackoff().toNanos();
        long wait = options.minBackoff().toNanos();
        for (int i = 0; i < failures && wait < most; i++) {
            wait *= 2;
        }
        wait = Math.min(wait, most);
        return Duration.ofNanos(wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1));
    }
}
