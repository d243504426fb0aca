// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {

    private static final String ERECT_DOMAIN = "0300000c02f0800401000100";
    private static final String ATTACH_USER = "0300000802f08028";
    private static final String JOIN_1007 = "0300000c02f08038000603ef";
    private static final String JOIN_1003 = "0300000c02f08038000603eb";
    private static final String KEY_DOWN = "0404001e";
    /** Sixteen events, their number in a byte of its own, the length in two bytes although one would do. */
    private static final String KEYS = "00802410" + "001e011e".repeat(8);

    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    /** mstsc sends Erect Domain, Attach User and what follows without waiting: frames end where TPKT says. */
    @Test
    void severalPdusMayComeInOneSegment() {
        feed(ERECT_DOMAIN + ATTACH_USER + JOIN_1007 + JOIN_1003);
        assertEquals(List.of(ERECT_DOMAIN, ATTACH_USER, JOIN_1007, JOIN_1003), frames());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 13, 40})
    void pdusMayComeInPiecesOfAnySize(int size) {
        String all = ERECT_DOMAIN + KEY_DOWN + ATTACH_USER + KEYS + KEY_DOWN + JOIN_1003;
        for (int at = 0; at < all.length(); at += 2 * size) {
            feed(all.substring(at, Math.min(all.length(), at + 2 * size)));
        }
        assertEquals(List.of(ERECT_DOMAIN, KEY_DOWN, ATTACH_USER, KEYS, KEY_DOWN, JOIN_1003), frames());
    }

    @Test
    void nothingIsReadBehindAPduThatCannotBe() {
        assertThrows(DecoderException.class, () -> feed(ATTACH_USER + "030000060000" + ATTACH_USER));
        assertEquals(List.of(ATTACH_USER), frames());
    }

    /** What a flooder sends with one write: the loop serves others after each turn. */
    @Test
    void theSmallestPdusOfOneReadTakeManyTurns() {
        AtomicLong now = new AtomicLong();
        EmbeddedChannel flooded = new EmbeddedChannel(new FrameDecoder(now::get));
        flooded.freezeTime();
        flooded.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(KEY_DOWN.repeat(10_000))));
        List<Integer> turns = new ArrayList<>();
        int total = 0;
        int firstSecond = 0;
        while (total < 10_000) {
            int turn = take(flooded);
            turns.add(turn);
            total += turn;
            firstSecond += now.get() < 1_000_000_000L ? turn : 0;
            assertFalse(turn > 0 && flooded.config().isAutoRead() && total < 10_000, "it is read from no further");
            now.addAndGet(1_000_000);
            flooded.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            flooded.runScheduledPendingTasks();
        }
        assertTrue(turns.stream().allMatch(turn -> turn <= FrameDecoder.TURN_PDUS), turns::toString);
        assertTrue(firstSecond <= FrameDecoder.BURST_PDUS + FrameDecoder.SECOND_PDUS + FrameDecoder.TURN_PDUS);
        assertTrue(firstSecond >= FrameDecoder.SECOND_PDUS, "a client that is fast is not cut off");
        now.addAndGet(1_000_000_000);
        flooded.advanceTimeBy(1, TimeUnit.SECONDS);
        flooded.runScheduledPendingTasks();
        assertTrue(flooded.config().isAutoRead(), "and read from again in the end");
        flooded.finishAndReleaseAll();
    }

    @Test
    void nothingIsPassedOnWhileAnybodyWantsTheClientToWait() {
        ReadGate gate = ReadGate.of(channel);
        gate.close(ReadGate.Reason.INPUT);
        gate.close(ReadGate.Reason.ROUTE);
        feed(ATTACH_USER + KEY_DOWN);
        assertEquals(List.of(), frames());
        gate.open(ReadGate.Reason.INPUT);
        assertEquals(List.of(), frames());
        assertFalse(channel.config().isAutoRead());
        gate.open(ReadGate.Reason.ROUTE);
        assertEquals(List.of(ATTACH_USER, KEY_DOWN), frames());
        assertTrue(channel.config().isAutoRead());
    }

    private static int take(EmbeddedChannel channel) {
        int taken = 0;
        for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frame.release();
            taken++;
        }
        return taken;
    }

    private void feed(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private List<String> frames() {
        List<String> frames = new ArrayList<>();
        for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frames.add(ByteBufUtil.hexDump(frame));
            frame.release();
        }
        return frames;
    }
}
