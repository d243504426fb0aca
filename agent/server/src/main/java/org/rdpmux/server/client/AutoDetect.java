// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.rdpmux.pdu.autodetect.AutoDetectRequest;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.autodetect.NetworkCharacteristicsResult;
import org.rdpmux.pdu.autodetect.RttMeasureRequest;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Share;

/**
 * Network auto-detection with one client ([MS-RDPBCGR] 1.3.8, 2.2.14). It asks for a round trip once before the licence, without
 * waiting for the answer, and from then on only while pictures flow: a client whose screen rests is sent nothing. Who answered
 * the first request is asked again, and is told what was found out.
 *
 * <p>A client that acknowledges no frames is asked behind each picture: its answer says that the picture has arrived. So what is
 * under way to it is known, and bounded, as for others.
 *
 * <p>INVARIANT: an answer counts once, and only if its number was asked for and is one of the last {@value #TIMES}; all else is
 * passed over. A client that answers before it has read can harm its own picture alone. Lives on the client's loop. Its many
 * fields are what was asked, measured and told.
 */
final class AutoDetect {

    /** The least time between two measurements of the round trip. */
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Requests that are remembered; more pictures are never under way. */
    static final int TIMES = 64;

    /** Each measurement counts for this part of the mean (RFC 6298 section 2, alpha). */
    private static final int SMOOTHING = 8;

    /** The client is told again once a figure differs from what it was told by more than this part. */
    private static final int NOTABLE = 4;

    private static final int NUMBERS = 1 << 16;
    private static final int NO_CHANNEL = 0;
    private static final int NOTHING = -1;

    /** Who is told of answers. */
    interface Listener {

        /** A measurement came. @param nanos the round trip, smoothed */
        void roundTrip(long nanos);

        /** The picture with this number has arrived, and all before it. */
        void arrived(int frame);
    }

    private final ClientOutput output;
    private final Listener listener;
    private final int[] asked = new int[TIMES];
    private final long[] askedAt = new long[TIMES];
    /** The picture that a request follows; {@link #NOTHING} if it measures the round trip. */
    private final int[] frames = new int[TIMES];

    private int channelId = NO_CHANNEL;
    private int number;
    /** When the round trip was asked for last. */
    private long measuredAt;

    private long base = Long.MAX_VALUE;
    private OptionalLong mean = OptionalLong.empty();
    private long toldMillis = NOTHING;
    private long toldKilobits;

    /** @param before the number before the first request's, 0 to 65535 */
    AutoDetect(ClientOutput output, int before, Listener listener) {
        this.output = output;
        this.number = before;
        this.listener = listener;
        Arrays.fill(asked, NOTHING);
    }

    /** The client has a message channel and takes requests there; its licence is next. */
    void begin(int messageChannel, long now) {
        channelId = messageChannel;
        measure(Kind.ANSWER, true, now);
    }

    /** Whether the client answers. Known as soon as its first share is: it has had the request before all of that. */
    boolean answers() {
        return mean.isPresent();
    }

    /** The round trip in nanoseconds, smoothed; empty while the client {@linkplain #answers() has not answered}. */
    OptionalLong roundTrip() {
        return mean;
    }

    /**
     * A picture is on its way to the client; a share is active.
     *
     * @param frame its number
     * @param acknowledged whether the client acknowledges it otherwise
     * @param rate bytes that the link takes in a second; 0 if that is not known
     */
    void pictureSent(int frame, boolean acknowledged, double rate, long now) {
        if (!answers()) {
            return;
        }
        if (!acknowledged) {
            ask(Kind.PIXELS, false, frame, now);
        }
        if (now - measuredAt >= INTERVAL_NANOS) {
            tell((long) Math.min(0xffffffffL, rate * Byte.SIZE / 1000));
            measure(Kind.REALTIME, false, now);
        }
    }

    private void measure(Kind kind, boolean connectTime, long now) {
        measuredAt = now;
        ask(kind, connectTime, NOTHING, now);
    }

    private void ask(Kind kind, boolean connectTime, int frame, long now) {
        RttMeasureRequest request = new RttMeasureRequest(next(), connectTime);
        int slot = request.sequenceNumber() % TIMES;
        asked[slot] = request.sequenceNumber();
        askedAt[slot] = now;
        frames[slot] = frame;
        send(kind, request);
    }

    private int next() {
        number = (number + 1) % NUMBERS;
        return number;
    }

    /** Where too much waits already it is not sent, and not answered. */
    private void send(Kind kind, AutoDetectRequest request) {
        SecurityHeader header = new SecurityHeader(SecurityHeader.SEC_AUTODETECT_REQ);
        SendData mcs = SendData.indication(Share.SERVER_CHANNEL, channelId, header.size() + request.size());
        output.send(kind, DataFrame.of(mcs, header, request));
    }

    /** Tells the client what is known, if that differs notably from what it was told. */
    private void tell(long kilobits) {
        long millis = TimeUnit.NANOSECONDS.toMillis(mean.orElseThrow());
        boolean news = toldMillis == NOTHING || differs(millis, toldMillis) || differs(kilobits, toldKilobits);
        if (news) {
            toldMillis = millis;
            toldKilobits = kilobits;
            OptionalLong bandwidth = kilobits > 0 ? OptionalLong.of(kilobits) : OptionalLong.empty();
            long least = TimeUnit.NANOSECONDS.toMillis(base);
            send(Kind.REALTIME, new NetworkCharacteristicsResult(next(), least, bandwidth, millis));
        }
    }

    private static boolean differs(long now, long told) {
        return Math.abs(now - told) > told / NOTABLE;
    }

    /** The client said something on its message channel. */
    void received(AutoDetectResponse response, long now) {
        int slot = response.sequenceNumber() % TIMES;
        if (response.responseType() != AutoDetectResponse.RTT || asked[slot] != response.sequenceNumber()) {
            return;
        }
        asked[slot] = NOTHING;
        if (frames[slot] != NOTHING) {
            listener.arrived(frames[slot]);
            return;
        }
        long sample = now - askedAt[slot];
        base = Math.min(base, sample);
        long before = mean.orElse(sample);
        mean = OptionalLong.of(before + (sample - before) / SMOOTHING);
        listener.roundTrip(mean.getAsLong());
    }
}
