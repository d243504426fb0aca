// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

/**
 * What the way to a client takes, learnt from frames that it acknowledges: how many bytes arrive in a second, and how long a
 * byte and its acknowledgement take at least. From these follows how much may be under way, so that the link is busy and
 * little waits in front of it. Small frames say nothing of the rate, and a link in front of which nothing waits, or which had
 * little to carry, is never taken for slower: a client takes its time for other reasons, too. Reads no clock.
 *
 * <p>Its many fields are what has to be remembered of each frame under way.
 */
final class LinkEstimate {

    /** Least bytes between two acknowledgements that say something of the rate. */
    static final int LEAST_SAMPLE = 8 << 10;

    /** Most bytes of a frame that, sent into an idle link, says how long a byte takes. */
    private static final int SMALL = 8 << 10;

    /** A batch is what the link takes in this time: what changes meanwhile waits no longer. */
    private static final long BATCH_NANOS = 33_000_000;

    /** The shortest round trip of these and the last such time counts: routes change. */
    private static final long PERIOD_NANOS = 5_000_000_000L;

    /** Most bytes that a link has to have had to carry before it is taken for slower; otherwise half a batch. */
    private static final int MUCH = 64 << 10;

    private static final int TIMES = 64;
    private static final double SECOND = 1e9;

    /** Bytes a second; a client may say anything, and no link takes more. */
    static final double MAX_RATE = 1.25e9;

    /** No way to a client is longer. */
    static final long MAX_ROUND_TRIP_NANOS = 60_000_000_000L;

    /** More is sent than would arrive by the estimate: how else could it be found too low? */
    private static final double GAIN = 1.25;

    /** What a lower rate counts for against the one that was known. */
    private static final double SMOOTHING = 0.25;

    private final long[] sentAt = new long[TIMES];
    private final long[] sentBytes = new long[TIMES];
    private final long[] deliveredBefore = new long[TIMES];
    private final long[] deliveredBeforeAt = new long[TIMES];
    private final int[] size = new int[TIMES];
    private long sent;
    private long delivered;
    private long deliveredAt;
    /** Bytes that had arrived when the rate was learnt last. */
    private long learnt;
    /** Bytes per second; 0 while it is not known. */
    private double rate;

    /** Of this period and the one before. */
    private long shortest = Long.MAX_VALUE;

    private long shortestBefore = Long.MAX_VALUE;
    private long periodBegan;

    /** A frame goes out. Frames are numbered in order. */
    void sent(long frame, int bytes, long now) {
        if (sent == delivered) {
            deliveredAt = now; // the link was idle
        }
        sent += bytes;
        int slot = (int) frame & TIMES - 1;
        sentAt[slot] = now;
        sentBytes[slot] = sent;
        size[slot] = bytes;
        deliveredBefore[slot] = delivered;
        deliveredBeforeAt[slot] = deliveredAt;
    }

    /** What the last frame really takes is known. Of one that has arrived in the meantime it does not matter any more. */
    void written(long frame, int bytes) {
        int slot = (int) frame & TIMES - 1;
        if (sentBytes[slot] > delivered) {
            sent += bytes - size[slot];
            sentBytes[slot] = sent;
            size[slot] = bytes;
        }
    }

    /** The client has a frame, which is one of the last {@value #TIMES}, and all before it. */
    void acknowledged(long frame, long now) {
        int slot = (int) frame & TIMES - 1;
        if (sentBytes[slot] <= delivered) {
            return;
        }
        long latency = now - sentAt[slot];
        long bytes = sentBytes[slot] - deliveredBefore[slot];
        boolean alone = bytes == size[slot];
        if (alone && bytes <= SMALL || roundTrip() == Long.MAX_VALUE) {
            roundTrip(latency, now);
        }
        if (bytes >= LEAST_SAMPLE) {
            long nanos = Math.max(1, now - deliveredBeforeAt[slot]);
            boolean telling = isTelling(slot, bytes);
            learnRate(Math.min(MAX_RATE, bytes * SECOND / nanos), latency, telling);
            learnt = telling ? sentBytes[slot] : learnt;
        }
        delivered = sentBytes[slot];
        deliveredAt = now;
    }

    /**
     * A message has gone to the client and back in this time. While much is under way it has waited, too: then it never makes
     * the round trip longer. Otherwise more and more could be under way, and wait.
     */
    void roundTrip(long measured, long now) {
        long nanos = Math.max(0, Math.min(measured, MAX_ROUND_TRIP_NANOS));
        if (now - periodBegan > PERIOD_NANOS && underWay() <= SMALL) {
            shortestBefore = shortest;
            shortest = nanos;
            periodBegan = now;
        }
        shortest = Math.min(shortest, nanos);
    }

    private long roundTrip() {
        return Math.min(shortest, shortestBefore);
    }

    /**
     * Whether it was the link that took the time: it had much to carry, and most of that was not counted before. Where a client
     * that was busy acknowledges many small frames at once, each would say the same.
     */
    private boolean isTelling(int slot, long bytes) {
        return bytes >= Math.min(MUCH, batch() / 2) && sentBytes[slot] - learnt >= LEAST_SAMPLE;
    }

    private void learnRate(double sample, long latency, boolean telling) {
        boolean queued = latency > roundTrip() * GAIN + 2 * BATCH_NANOS;
        if (sample >= rate) {
            rate = sample;
        } else if (queued && telling) {
            rate += (sample - rate) * SMOOTHING;
        }
    }

    /** The client acknowledges nothing for a while, or all at once: what is under way is not known. */
    void forgetUnderWay() {
        delivered = sent;
    }

    /** Bytes that arrive in a second; 0 while that is not known. */
    double rate() {
        return rate;
    }

    /** Bytes that were sent and not acknowledged. */
    long underWay() {
        return sent - delivered;
    }

    /** False until something is known of the rate. */
    boolean isKnown() {
        return rate > 0;
    }

    /** Bytes that may be under way. */
    long window() {
        return (long) (rate * roundTrip() / SECOND * GAIN) + batch();
    }

    /** Bytes that the next batch should have at most. */
    int batch() {
        return (int) Math.min(Integer.MAX_VALUE, rate * BATCH_NANOS / SECOND * GAIN);
    }
}
