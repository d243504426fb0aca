// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.rdpmux.server.ViewerStatus;

/** What others may know of a viewer. Written by the console's thread alone, read by any. */
final class ViewerReport {

    /** A client whose socket takes nothing for this long is called slow. */
    static final long SLOW_NANOS = 1_000_000_000;

    private final long id;
    private final Instant since;
    private volatile ToConsole.Activated shown;
    private volatile long bytesSent;
    private volatile long framesSent;
    private volatile long drainingSince = -1;
    private volatile long latencyNanos = -1;
    private volatile long roundTripNanos = -1;
    private volatile boolean suspended;

    ViewerReport(long id, Instant since) {
        this.id = id;
        this.since = since;
    }

    long id() {
        return id;
    }

    void activated(ToConsole.Activated activated) {
        shown = activated;
    }

    void sent(long now) {
        framesSent = framesSent + 1;
        drainingSince = now;
    }

    void drained(int bytes) {
        bytesSent = bytesSent + bytes;
        drainingSince = -1;
    }

    void latency(OptionalLong nanos) {
        latencyNanos = nanos.orElse(-1);
    }

    void roundTrip(long nanos) {
        roundTripNanos = nanos;
    }

    void suspended(boolean isSuspended) {
        suspended = isSuspended;
    }

    /** Empty unless the client has begun to see the console. */
    Optional<ViewerStatus> status(long now) {
        ToConsole.Activated known = shown;
        if (known == null) {
            return Optional.empty();
        }
        return Optional.of(new ViewerStatus(
                id,
                known.identity().remote(),
                known.identity().clientName(),
                known.identity().user(),
                known.identity().viewOnly(),
                since,
                known.capabilities().width(),
                known.capabilities().height(),
                known.capabilities().profile().depth().bits(),
                bytesSent,
                framesSent,
                state(now),
                measured(latencyNanos),
                measured(roundTripNanos)));
    }

    private static OptionalLong measured(long nanos) {
        return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
    }

    private ViewerStatus.State state(long now) {
        if (suspended) {
            return ViewerStatus.State.SUSPENDED;
        }
        long draining = drainingSince;
        boolean slow = draining >= 0 && now - draining > SLOW_NANOS;
        return slow ? ViewerStatus.State.SLOW : ViewerStatus.State.ACTIVE;
    }
}
