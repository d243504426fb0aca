// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.rdpmux.server.OutputStatus;
import org.rdpmux.server.ViewerStatus.Codec;

/** What a console's viewers were sent. Written by the console's thread alone, read by any, as {@link ConsoleCounters}. */
final class OutputCounters {

    private static final long[] BOUNDS =
            OutputStatus.DELAY_NANOS.stream().mapToLong(n -> n).toArray();

    private final AtomicLongArray codecBytes = new AtomicLongArray(Codec.values().length);
    private final AtomicLongArray delays = new AtomicLongArray(BOUNDS.length + 1);
    private volatile long frames;
    private volatile long bytes;
    private volatile long delayNanos;

    void frame() {
        frames = frames + 1;
    }

    void pixels(Codec codec, int count) {
        add(codecBytes, codec.ordinal(), count);
    }

    void drained(int count) {
        bytes = bytes + count;
    }

    /** A frame took so long from the first change that it shows to the socket. */
    void delayed(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
            bucket++;
        }
        add(delays, bucket, 1);
        delayNanos = delayNanos + nanos;
    }

    /** There is one writer: no need for a locked instruction. */
    private static void add(AtomicLongArray array, int index, long count) {
        array.setRelease(index, array.getPlain(index) + count);
    }

    OutputStatus snapshot() {
        Map<Codec, Long> byCodec = new EnumMap<>(Codec.class);
        for (Codec codec : Codec.values()) {
            long count = codecBytes.getAcquire(codec.ordinal());
            if (count > 0) {
                byCodec.put(codec, count);
            }
        }
        List<Long> counts = new ArrayList<>(BOUNDS.length + 1);
        for (int i = 0; i <= BOUNDS.length; i++) {
            counts.add(delays.getAcquire(i));
        }
        return new OutputStatus(frames, bytes, byCodec, counts, delayNanos);
    }
}
