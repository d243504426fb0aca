// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

/**
 * Says when the next frame may begin: at the frame rate while there is always something new, but at once after a pause,
 * since a keystroke's echo is not to be held back for a frame. What a guest draws in two steps is not held back either: after
 * a pause one frame more may follow as soon as {@link #SPACING_NANOS} later. Passive; used by one thread.
 */
final class FrameClock {

    /** The least time between two frames. */
    static final long SPACING_NANOS = 2_000_000;

    private final long intervalNanos;
    /** When the frame after the last one would be due if all came at the frame rate. */
    private long scheduled = Long.MIN_VALUE / 2;

    private long last = Long.MIN_VALUE / 2;

    /** @param intervalNanos time between two frames at the frame rate */
    FrameClock(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /** The earliest time for the next frame; long gone after a pause. */
    long next() {
        return Math.max(scheduled - intervalNanos, last + Math.min(SPACING_NANOS, intervalNanos));
    }

    /** Notes that a frame began. */
    void tick(long now) {
        last = now;
        scheduled = Math.max(scheduled, now) + intervalNanos;
    }
}
