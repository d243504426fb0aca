// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * Measures the time that a message takes to the client and back: the virtual channel echo ([MS-RDPEECO]), for clients that
 * know no network auto-detection. It measures once when it opens, and from then on only while output flows: a client whose
 * screen rests is sent nothing. One request at a time is under way. What waits in front of the client counts: a round trip
 * grows with the queue. Used by one thread.
 */
public final class EchoChannel implements Channel {

    /** The least time between two requests. */
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Each measurement counts for this part of the smoothed time (RFC 6298 section 2, alpha). */
    private static final int SMOOTHING = 8;

    private static final String NAME = "ECHO_RESPONSE_PDU";

    /**
     * ECHO_REQUEST_PDU and ECHO_RESPONSE_PDU ([MS-RDPEECO] 2.2.1, 2.2.2), which are the same bytes, at least one, of the server's
     * choice: here a number.
     */
    private record EchoPdu(long number) implements Pdu {

        private static final int SIZE = Long.BYTES;

        static EchoPdu decode(ByteBuf in) {
            PduException.need(in, SIZE, NAME, "echoResponse");
            EchoPdu pdu = new EchoPdu(in.readLongLE()); // 8 bytes
            PduException.end(in, NAME);
            return pdu;
        }

        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeLongLE(number);
        }
    }

    private boolean open;
    private boolean underWay;
    private long number;
    private long sentAt;
    private OptionalLong smoothed = OptionalLong.empty();

    @Override
    public String name() {
        return "ECHO";
    }

    @Override
    public Priority priority() {
        return Priority.REALTIME;
    }

    @Override
    public int maxMessage() {
        return EchoPdu.SIZE;
    }

    @Override
    public List<Pdu> open(long now) {
        open = true;
        return request(now);
    }

    @Override
    public List<Pdu> message(ByteBuf message, long now) {
        EchoPdu response = EchoPdu.decode(message);
        if (!underWay || response.number != number) {
            throw new PduException(NAME, "echoResponse", "is not what was asked for");
        }
        underWay = false;
        long sample = now - sentAt;
        long before = smoothed.orElse(sample);
        smoothed = OptionalLong.of(before + (sample - before) / SMOOTHING);
        return List.of();
    }

    @Override
    public void close() {
        open = false;
    }

    /**
     * Output flows: a good time to measure, if the last is long enough ago.
     *
     * @return what to send
     */
    public List<Pdu> outputFlows(long now) {
        return open && !underWay && now - sentAt >= INTERVAL_NANOS ? request(now) : List.of();
    }

    private List<Pdu> request(long now) {
        underWay = true;
        sentAt = now;
        number++;
        return List.of(new EchoPdu(number));
    }

    /** The smoothed round-trip time in nanoseconds; empty until the first answer has come. */
    public OptionalLong roundTripNanos() {
        return smoothed;
    }
}
