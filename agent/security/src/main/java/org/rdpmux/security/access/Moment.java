// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One moment on two clocks. Whoever sets the host's clock must neither end lock-outs and prolong tickets nor the other way
 * round, so durations are measured on a clock that does not jump.
 *
 * @param time on the wall's clock: for what is shown, logged, or compared with a date that somebody else set
 * @param nanos on a clock without a date that does not jump: for all that lasts
 */
public record Moment(Instant time, long nanos) {

    public Moment {
        Objects.requireNonNull(time);
    }

    /** @param wall for dates */
    public static Moment now(Clock wall) {
        return new Moment(wall.instant(), System.nanoTime());
    }

    public Moment plus(Duration duration) {
        return new Moment(time.plus(duration), nanos + duration.toNanos());
    }

    /** Whether less than {@code duration} has passed since {@code earlier}. */
    boolean isWithin(Duration duration, Moment earlier) {
        return earlier.until(this).compareTo(duration) < 0;
    }

    boolean isBefore(Moment other) {
        return nanos - other.nanos < 0;
    }

    /** From this to {@code later}; negative if that is earlier. */
    public Duration until(Moment later) {
        return Duration.ofNanos(later.nanos - nanos);
    }
}
