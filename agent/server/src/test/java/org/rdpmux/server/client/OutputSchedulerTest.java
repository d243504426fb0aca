// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.server.client.OutputScheduler.Kind;

/** PDUs here are fast-path, and their fourth byte says of which kind they are. */
class OutputSchedulerTest {

    private static final int PDU = 8000;

    private final OutputScheduler scheduler = new OutputScheduler();

    @AfterEach
    void release() {
        scheduler.clear();
        assertNull(scheduler.next());
    }

    @Test
    void urgentThingsOvertakeAPictureThatIsUnderWay() {
        offer(Kind.PIXELS, 100);
        assertNext(Kind.PIXELS, 8);
        offer(Kind.POSITION, 1);
        offer(Kind.ANSWER, 1);
        assertNext(Kind.ANSWER, 1);
        assertNext(Kind.POSITION, 1);
        assertNext(Kind.PIXELS, 8);
    }

    /** A key's echo is a few tiles, and somebody pastes a file. */
    @Test
    void aSmallPictureOvertakesBulk() {
        offer(Kind.BULK, 1, 10);
        assertNext(Kind.BULK, 1);
        assertNext(Kind.BULK, 1);
        offer(Kind.PIXELS, 1);
        assertNext(Kind.PIXELS, 1);
        assertNext(Kind.BULK, 1);
    }

    @Test
    void nobodyStarvesWhileEveryKindAlwaysHasMore() {
        Map<Kind, Integer> sent = new EnumMap<>(Kind.class);
        for (int i = 0; i < 5000; i++) {
            for (Kind kind : Kind.values()) {
                if (!scheduler.waits(kind)) {
                    offer(kind, 1);
                }
            }
            ByteBuf piece = scheduler.next();
            sent.merge(kindOf(piece), piece.readableBytes(), Integer::sum);
            piece.release();
        }
        assertEquals(Kind.values().length, sent.size());
        assertEquals(8, (double) sent.get(Kind.PIXELS) / sent.get(Kind.BULK), 0.5);
        assertEquals(8, (double) sent.get(Kind.ANSWER) / sent.get(Kind.PIXELS), 0.5);
    }

    @Test
    void whatWasSentAloneIsNotHeldAgainstItLater() {
        for (int i = 0; i < 50; i++) {
            offer(Kind.PIXELS, 100);
            while (scheduler.waits(Kind.PIXELS)) {
                scheduler.next().release();
            }
        }
        offer(Kind.BULK, 1, 3);
        offer(Kind.PIXELS, 1);
        assertNext(Kind.PIXELS, 1);
        assertNext(Kind.BULK, 1);
    }

    @Test
    void piecesEndWherePdusEnd() {
        ByteBuf all = Unpooled.buffer();
        Random random = new Random(1);
        while (all.readableBytes() < 1 << 20) {
            all.writeBytes(pdu(Kind.PIXELS, 4 + random.nextInt(PDU)));
        }
        byte[] expected = all.array().clone();
        int length = all.readableBytes();
        assertTrue(scheduler.offer(Kind.PIXELS, all));
        ByteBuf got = Unpooled.buffer();
        for (ByteBuf piece = scheduler.next(); piece != null; piece = scheduler.next()) {
            assertTrue(piece.readableBytes() <= OutputScheduler.PIECE);
            got.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
            while (piece.isReadable()) {
                piece.skipBytes(FrameSplitter.nextLength(piece, FrameSplitter.MAX_LENGTH));
            }
            piece.release();
        }
        assertEquals(Unpooled.wrappedBuffer(expected, 0, length), got);
    }

    @Test
    void nothingComesBetweenTheFragmentsOfAShape() {
        offer(Kind.SHAPE, 60);
        assertNext(Kind.SHAPE, 8);
        offer(Kind.ANSWER, 1);
        offer(Kind.POSITION, 1);
        offer(Kind.PIXELS, 1);
        for (int left = 52; left > 0; left -= 8) {
            assertNext(Kind.SHAPE, Math.min(8, left));
        }
        assertNext(Kind.ANSWER, 1);
    }

    @Test
    void ofSomeKindsTheNewestCountsAlone() {
        offer(Kind.INDICATORS, 1);
        offer(Kind.INDICATORS, 2);
        offer(Kind.POSITION, 3);
        offer(Kind.POSITION, 1);
        assertNext(Kind.INDICATORS, 2);
        assertNext(Kind.POSITION, 1);
        assertNull(scheduler.next());
    }

    @Test
    void whatWaitsAtAFenceGoesFirst() {
        offer(Kind.PIXELS, 20);
        offer(Kind.BULK, 1);
        assertNext(Kind.PIXELS, 8);
        scheduler.fence();
        offer(Kind.ANSWER, 1);
        scheduler.fence();
        offer(Kind.POSITION, 1);
        assertTrue(scheduler.waits(Kind.PIXELS));
        assertEquals(List.of(Kind.BULK, Kind.PIXELS, Kind.PIXELS, Kind.ANSWER, Kind.POSITION), rest());
    }

    @Test
    void memoryIsBoundedForEachKindAndInAll() {
        for (Kind kind : List.of(Kind.ANSWER, Kind.SHAPE, Kind.REALTIME, Kind.PIXELS, Kind.BULK)) {
            int taken = 0;
            while (scheduler.offer(kind, pdu(kind, PDU))) {
                taken += PDU;
            }
            assertTrue(taken <= 8 << 20, kind + ": " + taken);
            assertTrue(taken >= 56000, kind + ": " + taken);
        }
        int fenced = 0;
        do {
            scheduler.fence();
        } while (scheduler.offer(Kind.ANSWER, pdu(Kind.ANSWER, PDU)) && fenced++ < 1000);
        assertTrue(fenced < 1000, "fences let in more without end");
    }

    @Test
    void roomComesBackWithWhatIsSent() {
        while (scheduler.offer(Kind.ANSWER, pdu(Kind.ANSWER, PDU))) {
            // until it is full
        }
        assertFalse(scheduler.offer(Kind.ANSWER, pdu(Kind.ANSWER, PDU)));
        assertNext(Kind.ANSWER, 1);
        assertTrue(scheduler.offer(Kind.ANSWER, pdu(Kind.ANSWER, PDU)));
    }

    @Test
    void whatIsDiscardedIsNotSent() {
        offer(Kind.INDICATORS, 1);
        scheduler.discard(Kind.INDICATORS);
        assertFalse(scheduler.waits(Kind.INDICATORS));
        assertNull(scheduler.next());
    }

    private List<Kind> rest() {
        List<Kind> kinds = new ArrayList<>();
        for (ByteBuf piece = scheduler.next(); piece != null; piece = scheduler.next()) {
            kinds.add(kindOf(piece));
            piece.release();
        }
        return kinds;
    }

    private void assertNext(Kind kind, int pdus) {
        ByteBuf piece = scheduler.next();
        assertEquals(kind, kindOf(piece));
        assertEquals(pdus * PDU, piece.readableBytes());
        piece.release();
    }

    private void offer(Kind kind, int pdus) {
        offer(kind, pdus, 1);
    }

    private void offer(Kind kind, int pdus, int times) {
        for (int i = 0; i < times; i++) {
            assertTrue(scheduler.offer(
                    kind,
                    Unpooled.wrappedBuffer(Collections.nCopies(pdus, pdu(kind, PDU)).stream()
                            .map(ByteBuf::copy)
                            .toArray(ByteBuf[]::new))));
        }
    }

    private static Kind kindOf(ByteBuf piece) {
        return Kind.values()[piece.getByte(piece.readerIndex() + 3)];
    }

    /** TS_FP_UPDATE_PDU ([MS-RDPBCGR] 2.2.9.1.2): fpOutputHeader, length1, length2, then anything. */
    private static ByteBuf pdu(Kind kind, int size) {
        ByteBuf pdu = Unpooled.buffer(size, size);
        return pdu.writeByte(0)
                .writeShort(0x8000 | size)
                .writeByte(kind.ordinal())
                .writeZero(size - 4);
    }
}
