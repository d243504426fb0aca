// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkEstimateTest {

    private static final long MS = 1_000_000;

    /** A link that takes so many bytes in a millisecond, and a client that acknowledges what has come. */
    private static final class Link {
        private record Frame(int number, long shownAt) {}

        private final double bytesPerMs;
        private final long roundTrip;
        private final ArrayDeque<Frame> underWay = new ArrayDeque<>();
        private double freeAt;
        private long bytes;
        private double longestQueue;
        /** Whether the round trip is measured once a second, behind whatever waits in front of the link. */
        private boolean asks;

        Link(double bytesPerMs, long roundTripMs) {
            this.bytesPerMs = bytesPerMs;
            this.roundTrip = roundTripMs;
        }

        /** Sends as much as the window allows for a time, a picture that changes all the time. */
        void run(SendWindow window, int from, int to) {
            for (int ms = from; ms < to; ms++) {
                if (asks && ms % 1000 == 0) {
                    window.roundTrip((roundTrip + Math.max(0, (long) freeAt - ms)) * MS, ms * MS);
                }
                while (!underWay.isEmpty() && underWay.peek().shownAt() <= ms) {
                    window.acknowledged(underWay.poll().number(), 0, ms * MS);
                }
                while (window.isOpen(ms * MS)) {
                    int size = window.budget();
                    int number = window.sent(size, ms * MS);
                    window.drained(size, ms * MS);
                    longestQueue = Math.max(longestQueue, freeAt - ms);
                    freeAt = Math.max(freeAt, ms) + size / bytesPerMs;
                    bytes += size;
                    underWay.add(new Frame(number, (long) Math.ceil(freeAt) + roundTrip));
                }
            }
        }
    }

    /** 20 Mbit/s, 2 Mbit/s, a LAN. */
    @ParameterizedTest
    @CsvSource({"2500, 40", "250, 120", "100000, 2"})
    void keepsALinkBusyWithLittleInFrontOfIt(double bytesPerMs, long roundTripMs) {
        SendWindow window = new SendWindow(8);
        Link link = new Link(bytesPerMs, roundTripMs);
        window.roundTrip(roundTripMs * MS, 0); // clients answer an echo as soon as they can
        link.run(window, 0, 10_000); // finds out
        link.bytes = 0;
        link.longestQueue = 0;
        link.run(window, 10_000, 20_000);
        double share = link.bytes / (bytesPerMs * 10_000);
        assertTrue(share > 0.85, share + " of the link are used");
        assertTrue(link.longestQueue <= Math.max(roundTripMs, 50), link.longestQueue + " ms wait in front of it");
    }

    @Test
    void aRoundTripThatWaitedBehindPicturesMakesTheWindowNoLarger() {
        SendWindow window = new SendWindow(16);
        Link link = new Link(2500, 40);
        link.asks = true;
        link.run(window, 0, 60_000);
        link.longestQueue = 0;
        link.run(window, 60_000, 70_000);
        assertTrue(link.longestQueue <= 50, link.longestQueue + " ms wait in front of it");
    }

    @Test
    void aWayThatHasBecomeLongerIsFoundOutOnceLittleIsUnderWay() {
        LinkEstimate link = new LinkEstimate();
        link.sent(1, 100_000, 0);
        link.acknowledged(1, 40 * MS);
        link.roundTrip(40 * MS, 40 * MS);
        long window = link.window();
        for (int second = 1; second < 15; second++) {
            link.roundTrip(400 * MS, second * 1000 * MS);
        }
        assertTrue(link.window() > 3 * window, window + " became " + link.window());
    }

    @Test
    void aLinkThatBecomesSlowerIsFoundOut() {
        SendWindow window = new SendWindow(8);
        new Link(2500, 40).run(window, 0, 3000);
        int before = window.budget();
        new Link(250, 40).run(window, 10_000, 25_000);
        assertTrue(window.budget() < before / 4, before + " became " + window.budget());
    }

    @Test
    void smallFramesSayNothingOfTheRate() {
        LinkEstimate link = new LinkEstimate();
        for (int i = 1; i < 100; i++) {
            link.sent(i, 500, i * 100 * MS);
            link.acknowledged(i, (i * 100 + 40) * MS);
        }
        assertFalse(link.isKnown());
        assertEquals(0, link.underWay());
    }

    @Test
    void aPauseIsNotTakenForASlowLink() {
        LinkEstimate link = new LinkEstimate();
        link.sent(1, 100_000, 0);
        link.acknowledged(1, 40 * MS);
        long window = link.window();
        link.sent(2, 20_000, 5000 * MS);
        link.acknowledged(2, 5040 * MS);
        assertEquals(window, link.window());
    }

    /** It drew what it keeps, perhaps, or another window: the link carried little. */
    @Test
    void aClientThatIsBusyOnceIsNotTakenForASlowLink() {
        LinkEstimate link = new LinkEstimate();
        link.sent(1, 100_000, 0);
        link.acknowledged(1, 40 * MS);
        double rate = link.rate();
        for (int frame = 2; frame < 7; frame++) {
            link.sent(frame, frame == 2 ? 26_000 : 700, 1000 * MS);
        }
        for (int frame = 2; frame < 7; frame++) {
            link.acknowledged(frame, 1360 * MS);
        }
        assertEquals(rate, link.rate());
    }

    @Test
    void acknowledgementsThatComeTogetherSayOneThing() {
        LinkEstimate link = new LinkEstimate();
        link.sent(1, 100_000, 0);
        link.acknowledged(1, 40 * MS);
        double rate = link.rate();
        for (int frame = 2; frame < 7; frame++) {
            link.sent(frame, frame == 2 ? 90_000 : 700, 1000 * MS);
        }
        for (int frame = 2; frame < 7; frame++) {
            link.acknowledged(frame, 1360 * MS);
        }
        assertTrue(link.rate() < rate && link.rate() > rate * 0.7, rate + " became " + link.rate());
    }

    @Test
    void whatWasWrittenCountsNotWhatWasToBe() {
        LinkEstimate link = new LinkEstimate();
        link.sent(1, 100_000, 0);
        link.written(1, 50_000);
        assertEquals(50_000, link.underWay());
        link.acknowledged(1, 50 * MS);
        assertEquals(1e6, link.rate(), 1);
        link.written(1, 70_000); // said late
        assertEquals(0, link.underWay());
        link.sent(2, 10_000, 60 * MS);
        assertEquals(10_000, link.underWay());
    }

    @Test
    void anAcknowledgementOfNothingNewChangesNothing() {
        LinkEstimate link = new LinkEstimate();
        link.sent(1, 100_000, 0);
        link.sent(2, 100_000, 0);
        link.acknowledged(2, 80 * MS);
        long window = link.window();
        link.acknowledged(1, 5000 * MS);
        assertEquals(window, link.window());
        assertEquals(0, link.underWay());
    }

    /** Whatever a client acknowledges, and whatever round trips it makes believe. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void staysWithinBoundsWhateverAClientSays(long seed) {
        Random random = new Random(seed);
        SendWindow window = new SendWindow(1 + random.nextInt(16));
        long now = 0;
        int last = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(4) == 0 ? random.nextInt(2_000_000_000) : random.nextInt(3);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    if (window.isOpen(now)) {
                        last = window.sent(random.nextInt(SendWindow.MAX_BUDGET), now);
                        window.drained(random.nextInt(SendWindow.MAX_BUDGET), now);
                    }
                }
                case 2 -> window.acknowledged(last - random.nextInt(3), 0, now);
                case 3 -> window.acknowledged(random.nextInt(), random.nextInt(3) - 1, now);
                default -> window.roundTrip(random.nextBoolean() ? random.nextLong() : random.nextInt(), now);
            }
            assertTrue(window.budget() >= SendWindow.MIN_BUDGET && window.budget() <= SendWindow.MAX_BUDGET);
            assertTrue(window.rate() >= 0 && window.rate() <= LinkEstimate.MAX_RATE, "rate " + window.rate());
            assertTrue(window.isOpen(now + 4 * LinkEstimate.MAX_ROUND_TRIP_NANOS), "closed for ever");
        }
    }

    @Test
    void aRoundTripThatNoLinkHasIsCutToOneThatIsPossible() {
        LinkEstimate link = new LinkEstimate();
        link.roundTrip(Long.MAX_VALUE, 0);
        link.sent(1, 100_000, 0);
        link.acknowledged(1, 1); // as if it took a nanosecond
        assertEquals(LinkEstimate.MAX_RATE, link.rate());
        assertTrue(link.window() > 0 && link.window() <= 100e9, link.window() + " bytes");
        link.roundTrip(Long.MIN_VALUE, 0);
        assertEquals(link.batch(), link.window());
    }
}
