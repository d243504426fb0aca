// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.autodetect.AutoDetectRequest;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.autodetect.NetworkCharacteristicsResult;
import org.rdpmux.pdu.autodetect.RttMeasureRequest;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.client.OutputScheduler.Kind;

/** What a client is asked and told of its network, byte for byte, and what becomes of what it answers. */
class AutoDetectTest {

    private static final int CHANNEL = 1006;
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = AutoDetect.INTERVAL_NANOS;
    private static final int PIXELS = 0x77;

    private final EmbeddedChannel socket = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ClientOutput output = new ClientOutput(socket.pipeline().firstContext(), () -> {});
    private final List<String> events = new ArrayList<>();
    private final AutoDetect network = new AutoDetect(output, 0, new Events());

    private final class Events implements AutoDetect.Listener {
        @Override
        public void roundTrip(long nanos) {
            events.add("round trip " + nanos / MS);
        }

        @Override
        public void arrived(int frame) {
            events.add("arrived " + frame);
        }
    }

    @AfterEach
    void close() {
        output.clear();
        socket.finishAndReleaseAll();
    }

    /** What was written to the socket since the last call; null stands for pixels. */
    private List<AutoDetectRequest> written() {
        output.flush();
        List<AutoDetectRequest> requests = new ArrayList<>();
        for (ByteBuf out = socket.readOutbound(); out != null; out = socket.readOutbound()) {
            requests.add(out.getUnsignedByte(0) == PIXELS ? null : read(out));
            out.release();
        }
        return requests;
    }

    private static AutoDetectRequest read(ByteBuf frame) {
        ByteBuf payload = DataFrame.decodePayload(frame);
        SendData mcs = (SendData) DomainPdu.decode(payload);
        assertTrue(mcs.indication() && mcs.channelId() == CHANNEL, mcs::toString);
        assertTrue(SecurityHeader.decode(payload).has(SecurityHeader.SEC_AUTODETECT_REQ));
        return AutoDetectRequest.decode(payload);
    }

    private void answer(int number, long now) {
        network.received(new AutoDetectResponse(number, AutoDetectResponse.RTT), now);
    }

    /** A client that is 40 ms away and has answered so before its first share. */
    private void begin() {
        network.begin(CHANNEL, 0);
        assertEquals(List.of(new RttMeasureRequest(1, true)), written());
        assertFalse(network.answers());
        answer(1, 40 * MS);
        assertTrue(network.answers());
        assertEquals(List.of("round trip 40"), events);
        events.clear();
    }

    @Test
    void whoDoesNotAnswerIsNotAskedAgain() {
        network.begin(CHANNEL, 0);
        written();
        network.pictureSent(1, false, 0, 9 * SECOND);
        assertEquals(List.of(), written());
        assertEquals(OptionalLong.empty(), network.roundTrip());
    }

    @Test
    void asksAgainOnlyWhilePicturesFlowAndOnceASecond() {
        begin();
        network.pictureSent(1, true, 0, SECOND - 1);
        assertEquals(List.of(), written());
        network.pictureSent(2, true, 0, SECOND);
        network.pictureSent(3, true, 0, SECOND + 1);
        assertEquals(
                List.of(
                        new NetworkCharacteristicsResult(2, 40, OptionalLong.empty(), 40),
                        new RttMeasureRequest(3, false)),
                written());
        answer(3, SECOND + 120 * MS);
        assertEquals(List.of("round trip 50"), events); // an eighth of the way from 40 to 120
    }

    @Test
    void tellsWhatItFoundOutOnceAndAgainWhenItDiffersNotably() {
        begin();
        network.pictureSent(1, true, 2.5e6, SECOND);
        network.pictureSent(2, true, 2.6e6, 2 * SECOND);
        network.pictureSent(3, true, 250e3, 3 * SECOND);
        network.pictureSent(4, true, 1e300, 4 * SECOND);
        List<AutoDetectRequest> told = written().stream()
                .filter(NetworkCharacteristicsResult.class::isInstance)
                .toList();
        assertEquals(
                List.of(
                        new NetworkCharacteristicsResult(2, 40, OptionalLong.of(20_000), 40),
                        new NetworkCharacteristicsResult(5, 40, OptionalLong.of(2000), 40),
                        new NetworkCharacteristicsResult(7, 40, OptionalLong.of(0xffffffffL), 40)),
                told);
    }

    @Test
    void asksBehindEachPictureThatIsNotAcknowledgedWhetherItHasArrived() {
        begin();
        output.send(Kind.PIXELS, Unpooled.buffer().writeByte(PIXELS));
        network.pictureSent(7, false, 0, MS);
        output.send(Kind.PIXELS, Unpooled.buffer().writeByte(PIXELS));
        network.pictureSent(8, false, 0, 2 * MS);
        List<AutoDetectRequest> expected = new ArrayList<>();
        expected.add(null);
        expected.add(new RttMeasureRequest(2, false));
        expected.add(null);
        expected.add(new RttMeasureRequest(3, false));
        assertEquals(expected, written());
        answer(2, 41 * MS);
        answer(3, 42 * MS);
        assertEquals(List.of("arrived 7", "arrived 8"), events);
        assertEquals(OptionalLong.of(40 * MS), network.roundTrip()); // a picture's time is not the network's
    }

    @Test
    void passesOverWhatWasNotAskedOrIsAnsweredTwice() {
        answer(0, 0); // nothing was ever asked
        begin();
        answer(1, 41 * MS);
        answer(2, 41 * MS);
        answer(0xffff, 41 * MS);
        network.pictureSent(1, false, 0, MS);
        network.received(new AutoDetectResponse(2, 0x0b), 42 * MS); // a bandwidth that it has measured itself
        assertEquals(List.of(), events);
        answer(2, 42 * MS);
        answer(2, 43 * MS);
        assertEquals(List.of("arrived 1"), events);
    }

    @Test
    void forgetsWhatWasAskedLongAgo() {
        begin();
        for (int frame = 1; frame <= AutoDetect.TIMES + 1; frame++) {
            network.pictureSent(frame, false, 0, MS);
        }
        answer(2, 2 * MS);
        assertEquals(List.of(), events);
        answer(3, 2 * MS);
        assertEquals(List.of("arrived 2"), events);
    }

    @Test
    void countsOnFromZeroBehindTheLastNumber() {
        AutoDetect old = new AutoDetect(output, 0xfffe, new Events());
        old.begin(CHANNEL, 0);
        old.received(new AutoDetectResponse(0xffff, AutoDetectResponse.RTT), 40 * MS);
        old.pictureSent(5, false, 0, 50 * MS);
        assertEquals(List.of(new RttMeasureRequest(0xffff, true), new RttMeasureRequest(0, false)), written());
        old.received(new AutoDetectResponse(0, AutoDetectResponse.RTT), 90 * MS);
        assertEquals(List.of("round trip 40", "arrived 5"), events);
    }

    @Test
    void stillCountsRightAfterAFloodOfAnswers() {
        begin();
        Random random = new Random(9);
        long now = 40 * MS;
        for (int frame = 1; frame <= 1000; frame++) {
            now += random.nextInt(20) * MS;
            network.pictureSent(frame, false, random.nextInt(1 << 20), now);
            for (int answers = random.nextInt(400); answers > 0; answers--) {
                answer(random.nextInt(1200), now);
            }
            if (frame % 100 == 0) {
                written();
            }
        }
        written();
        events.clear();
        network.pictureSent(1001, false, 0, now);
        for (AutoDetectRequest request : written()) {
            answer(request.sequenceNumber(), now + 5 * MS);
        }
        assertTrue(events.contains("arrived 1001"), events::toString);
    }
}
