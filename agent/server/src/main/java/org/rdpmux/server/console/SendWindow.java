// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.OptionalLong;
import org.rdpmux.server.screen.Screen;

/**
 * When a client may be sent its next batch, and how large that may be. The window closes with each batch; it opens when
 * the socket has taken the batch and, for a client that acknowledges frames, when it has few enough to work on. So what
 * waits for a slow client is one batch, and what it gets next is what the guest shows then. Of a client that acknowledges the
 * link is known, too ({@link LinkEstimate}): batches are as large as it takes in a thirtieth of a second, and no more is under
 * way than keeps it busy.
 *
 * <p>Its many fields are what it has to remember of what was sent, acknowledged and measured.
 */
public final class SendWindow {

    /** Least bytes of a batch: some tiles of text, which take 2 Mbit/s some 30 ms. */
    static final int MIN_BUDGET = 8 << 10;

    /** Bytes of small changes that may be under way beyond a full window and a batch: their user waits for them. */
    static final int ECHO_ROOM = 16 << 10;

    static final int FIRST_BUDGET = 256 << 10;
    /** Bytes of a batch and frames under way while nothing is known of the link to a client that acknowledges. */
    static final int UNKNOWN_BUDGET = 32 << 10;

    private static final int UNKNOWN_FRAMES = 2;

    /** Most bytes of a batch: a full screen of noise is cut into several. */
    static final int MAX_BUDGET = 4 << 20;

    /** A full batch that drained this fast could have been larger. */
    static final long FAST_NANOS = 8_000_000;
    /** A batch that took this long was too large: what changes meanwhile has to wait behind it. */
    static final long SLOW_NANOS = 50_000_000;

    /**
     * A closed window opens after this time even if acknowledgements are missing, once the socket is free: some clients
     * acknowledge a frame only when the next one follows.
     */
    static final long TRICKLE_NANOS = 100_000_000;

    /** A client that announced acknowledgements but sent none for this many frames will not send any. */
    static final int FRAMES_WITHOUT_ACKNOWLEDGEMENT = 32;

    /** Queue depth by which a client says that it will send no acknowledgements for a while. */
    public static final int ACKNOWLEDGEMENTS_SUSPENDED = 0xffffffff;

    /** More frames in flight than this are pointless on any link. */
    private static final int MAX_FRAMES = 16;

    private static final int TIMES = 64;

    /** For so long a user waits for the echo of a key or a click. */
    private static final long TYPING_NANOS = 500_000_000;

    private final int frameLimit;
    private final LinkEstimate link = new LinkEstimate();
    private final long[] sentTimes = new long[TIMES];
    private boolean draining;
    private boolean suspended;
    private boolean everAcknowledged;
    /** On the wire its low 32 bits. */
    private long lastSent;

    private long lastAcknowledged;
    private int lastBytes;
    private long sentAt;
    private long typedAt = -TYPING_NANOS;
    private int budget = FIRST_BUDGET;
    private long latency = -1;

    /** @param frameLimit frames the client can have unacknowledged; 0 if it acknowledges none */
    public SendWindow(int frameLimit) {
        this.frameLimit = Math.max(0, Math.min(frameLimit, MAX_FRAMES));
    }

    public boolean isOpen(long now) {
        return !draining && (!awaitsAcknowledgement(0) || now >= sentAt + trickle());
    }

    /** Whether the client's user types, and it could be sent the echo, if that is small. */
    boolean isOpenForEcho(long now) {
        return isTyping(now) && !draining && !awaitsAcknowledgement(budget() + ECHO_ROOM);
    }

    /** Notes that the client's user has done more than to move the pointer. */
    void typed(long now) {
        typedAt = now;
    }

    /** Whether the client's user waits for the echo of a key or a click. */
    boolean isTyping(long now) {
        return now - typedAt < TYPING_NANOS;
    }

    /** When the window opens by itself; {@link Screen#NEVER} if it is open or only the client can open it. */
    public long nextDeadline() {
        return !draining && awaitsAcknowledgement(0) ? sentAt + trickle() : Screen.NEVER;
    }

    /** A client that is far away is not taken for one that does not acknowledge. */
    private long trickle() {
        return Math.max(TRICKLE_NANOS, 2 * latency);
    }

    /** True if the client has not taken the last batch from the socket for that long. */
    public boolean isStalled(long now, long nanos) {
        return draining && now - sentAt > nanos;
    }

    /** Bytes that the next batch should have at most. */
    public int budget() {
        if (link.isKnown()) {
            return Math.max(MIN_BUDGET, Math.min(link.batch(), MAX_BUDGET));
        }
        return frameLimit > 0 && !isSilent() ? UNKNOWN_BUDGET : budget;
    }

    /** Notes that a batch goes out as one frame, and returns the frame's number. */
    public int sent(int bytes, long now) {
        draining = true;
        lastBytes = bytes;
        sentAt = now;
        lastSent++;
        link.sent(lastSent, bytes, now);
        sentTimes[(int) lastSent & (TIMES - 1)] = now;
        return (int) lastSent;
    }

    /** Whether the socket still has the last batch to take. */
    public boolean isDraining() {
        return draining;
    }

    /** Notes that the socket has a batch to take that another window sent. */
    public void waitForDrained(long now) {
        draining = true;
        sentAt = now;
    }

    /** Bytes that the link takes in a second; 0 while that is not known. */
    double rate() {
        return link.rate();
    }

    /** Notes how long a message takes to the client and back. */
    public void roundTrip(long nanos, long now) {
        link.roundTrip(nanos, now);
    }

    /**
     * Notes that the socket has taken the last batch.
     *
     * @param bytes that were written: what a batch has is more where it was compressed, and less with what goes around it
     */
    public void drained(int bytes, long now) {
        if (!draining) {
            return;
        }
        draining = false;
        if (lastSent > 0) { // otherwise another window sent it
            lastBytes = bytes;
            link.written(lastSent, bytes);
        }
        long nanos = now - sentAt;
        if (nanos > SLOW_NANOS) {
            budget = Math.max(MIN_BUDGET, Math.min(budget, Math.max(lastBytes, MIN_BUDGET)) / 2);
        } else if (nanos < FAST_NANOS && lastBytes > budget / 2) {
            budget = Math.min(MAX_BUDGET, budget * 2);
        }
    }

    /**
     * Notes an acknowledgement (TS_FRAME_ACKNOWLEDGE_PDU). Clients skip numbers, repeat them, and send numbers far beyond
     * the last one to say "all".
     *
     * @param queueDepth as sent
     */
    public void acknowledged(int frame, int queueDepth, long now) {
        everAcknowledged = true;
        suspended = queueDepth == ACKNOWLEDGEMENTS_SUSPENDED;
        if (suspended) {
            link.forgetUnderWay();
        }
        long number = lastSent + (frame - (int) lastSent);
        if (number < 0 || number > lastSent) {
            lastAcknowledged = lastSent;
            link.forgetUnderWay();
        } else if (number > lastAcknowledged) {
            lastAcknowledged = number;
            if (lastSent - number < TIMES) {
                link.acknowledged(number, now);
                long sample = now - sentTimes[frame & (TIMES - 1)];
                latency = latency < 0 ? sample : latency + (sample - latency) / 8;
            }
        }
    }

    /** Time from a frame's sending to its acknowledgement in nanoseconds, smoothed. */
    public OptionalLong latency() {
        return latency < 0 ? OptionalLong.empty() : OptionalLong.of(latency);
    }

    /** @param room bytes that may be under way beyond what the link takes */
    private boolean awaitsAcknowledgement(int room) {
        long frames = lastSent - lastAcknowledged;
        boolean full = link.isKnown()
                ? frames >= frameLimit || frames > 0 && link.underWay() >= link.window() + room
                : frames >= Math.min(frameLimit, UNKNOWN_FRAMES);
        return frameLimit > 0 && !suspended && !isSilent() && full;
    }

    private boolean isSilent() {
        return !everAcknowledged && lastSent > FRAMES_WITHOUT_ACKNOWLEDGEMENT;
    }
}
