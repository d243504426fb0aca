// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.time.Duration;

/**
 * How patient a watcher is.
 *
 * @param callDeadline after this a call to libvirt is given up: its caller goes on, and what it returns is discarded
 * @param minBackoff the wait before the first attempt to reconnect; doubles with each failure
 * @param maxBackoff the longest such wait
 */
public record WatcherOptions(Duration callDeadline, Duration minBackoff, Duration maxBackoff) {

    /** 10 s for a call; 100 ms to 5 s between attempts, so that a restarted libvirtd is found soon. */
    public static final WatcherOptions DEFAULT =
            new WatcherOptions(Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(5));

    public WatcherOptions {
        if (callDeadline.isNegative() || callDeadline.isZero()) {
            throw new IllegalArgumentException("a call needs time: " + callDeadline);
        }
        if (minBackoff.isNegative() || minBackoff.isZero() || maxBackoff.compareTo(minBackoff) < 0) {
            throw new IllegalArgumentException("back-off from " + minBackoff + " to " + maxBackoff);
        }
    }
}
