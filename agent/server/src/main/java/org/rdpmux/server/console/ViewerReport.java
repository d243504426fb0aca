// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.PixelDepth;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.ViewerStatus.Codec;

/** What others may know of a viewer. Written by the console's thread alone, read by any. */
final class ViewerReport {

    /** A client whose socket takes nothing for this long is called slow. */
    static final long SLOW_NANOS = 1_000_000_000;

    private final long id;
    private final Instant since;
    private volatile ToConsole.Activated shown;
    private volatile long drainingSince = -1;
    private volatile long latencyNanos = -1;
    private volatile long roundTripNanos = -1;
    private volatile boolean suspended;
    /** Replaced when one more is used. */
    private volatile Set<Codec> codecs = Set.of();

    private final ViewerOutput output;

    /** @param output counts what the console's viewers are sent */
    ViewerReport(long id, Instant since, OutputCounters output) {
        this.id = id;
        this.since = since;
        this.output = new ViewerOutput(output);
    }

    long id() {
        return id;
    }

    void activated(ToConsole.Activated activated) {
        shown = activated;
        codecs = Set.of();
        output.forget();
    }

    /** The guest's screen differs since then from what the viewer was sent. */
    void changed(long at) {
        output.changed(at);
    }

    void sent(FrameBatch batch, long now) {
        drainingSince = now;
        output.sent();
        Set<Codec> used = EnumSet.noneOf(Codec.class);
        for (int i = 0; i < batch.count(); i++) {
            if (!batch.isKept(i)) {
                Codec codec = codec(batch.encoding(i));
                used.add(codec);
                output.pixels(codec, batch.bytes(i).readableBytes());
            }
        }
        for (FrameBatch.VideoPart part : batch.video()) {
            used.add(Codec.H264);
            output.pixels(Codec.H264, part.bytes().readableBytes());
        }
        if (!codecs.containsAll(used)) {
            used.addAll(codecs);
            codecs = used;
        }
    }

    private Codec codec(Encoding encoding) {
        return switch (encoding) {
            case COMPRESSED ->
                shown.capabilities().profile().depth() == PixelDepth.XRGB8888 ? Codec.PLANAR : Codec.INTERLEAVED;
            case RAW -> Codec.UNCOMPRESSED;
            case SOLID -> Codec.SOLID;
            case CLEAR -> Codec.CLEAR;
            case PROGRESSIVE -> Codec.PROGRESSIVE;
            case REMOTEFX -> Codec.REMOTEFX;
        };
    }

    void drained(int bytes, long now) {
        drainingSince = -1;
        output.drained(bytes, now);
    }

    void latency(OptionalLong nanos) {
        latencyNanos = nanos.orElse(-1);
    }

    void roundTrip(long nanos) {
        roundTripNanos = nanos;
    }

    void suspended(boolean isSuspended) {
        suspended = isSuspended;
        if (isSuspended) {
            output.forget();
        }
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
                output.bytes(),
                output.frames(),
                codecs,
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
