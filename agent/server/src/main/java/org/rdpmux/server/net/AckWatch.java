// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.concurrent.TimeUnit;

/**
 * Whether a client's machine still acknowledges what it is sent, from what the kernel says of its connection. A client that
 * reads nothing is not silent: its machine answers window probes, and then nothing waits. Used by one thread.
 *
 * <p>In place of TCP_USER_TIMEOUT, which also ends clients that acknowledge but keep their window shut, such as a stopped one;
 * and keep-alive does not run while something is unacknowledged.
 */
final class AckWatch {

    /** What is known of the client. */
    enum State {
        /** Nothing speaks against it. */
        ALIVE,
        /** It has not acknowledged anything for a while. */
        SILENT,
        /** It will not come back. */
        DEAD
    }

    /** How often to look. */
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Longer than a mobile network pauses; others wait as long for a button that a dead client holds. */
    static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(8);

    /** As long as keep-alive takes to end a connection on which nothing is sent. */
    static final long DEAD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long NONE = -1;

    private long waitsSince = NONE;

    /**
     * Notes what the kernel says.
     *
     * @param waiting segments that were sent and not acknowledged, and probes that were not answered: where there is no way to
     *     the client any more, nothing is sent but them
     * @param sinceAckNanos how long ago the last acknowledgement came
     * @param now in nanoseconds, 0 or more
     */
    State on(long waiting, long sinceAckNanos, long now) {
        if (waiting == 0) {
            waitsSince = NONE;
        } else if (waitsSince == NONE || sinceAckNanos < now - waitsSince) {
            waitsSince = now; // something was acknowledged meanwhile
        }
        long silent = waitsSince == NONE ? 0 : now - waitsSince;
        return silent >= DEAD_NANOS ? State.DEAD : silent >= SILENT_NANOS ? State.SILENT : State.ALIVE;
    }
}
