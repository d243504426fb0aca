// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/** The server's end of the sound channel, byte for byte. */
class SoundChannelTest {

    private static final long MS = 1_000_000;

    private static final String PCM = "010002004" + "4ac000010b1020004001000" + "0000";
    private static final String MU_LAW = "0700020044ac0000885801000200080000" + "00";

    private static final String OFFER =
            "07002600" + "00000000".repeat(3) + "0000" + "0100" + "00" + "0800" + "00" + PCM;

    /** 20 ms, of which the first frame is 1, 2. */
    private static final SoundBlock BLOCK = new SoundBlock(new byte[3528]);

    static {
        BLOCK.samples()[0] = 1;
        BLOCK.samples()[2] = 2;
    }

    private final SoundChannel channel = new SoundChannel("rdpsnd");
    private long now = 5 * MS;

    private List<Pdu> receive(String hex) {
        return channel.message(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)), now);
    }

    private static String hex(List<Pdu> pdus) {
        ByteBuf out = Unpooled.buffer();
        pdus.forEach(pdu -> pdu.encode(out));
        return ByteBufUtil.hexDump(out);
    }

    /** What a client answers to the offer. */
    private static String formats(int version, String... formats) {
        int size = 20 + 18 * formats.length;
        return String.format(
                "0700%02x00" + "01000000" + "ffffffff" + "00000000" + "0000" + "%02x00" + "00" + "%02x00" + "00" + "%s",
                size, formats.length, version, String.join("", formats));
    }

    private void ready(int version) {
        receive(formats(version, PCM));
        receive("0600040005000000");
        assertTrue(channel.isPlaying());
    }

    private boolean plays() {
        return !channel.play(BLOCK, now).isEmpty();
    }

    private void confirm(int block) {
        receive(String.format("050004000000%02x00", block));
    }

    @Test
    void offersPcmAndTrainsAClientThatTakesIt() {
        assertEquals(OFFER, hex(channel.open(now)));
        assertFalse(plays());
        assertEquals("0600040005000000", hex(receive(formats(8, MU_LAW, PCM))));
        assertFalse(plays());
        assertFalse(channel.hasChanged());
        receive("0600040005000000");
        assertTrue(channel.hasChanged() && channel.isPlaying());
        assertFalse(channel.hasChanged());
        String wave = hex(channel.play(BLOCK, now));
        assertEquals(
                "0d00d40d" + "0500" + "0100" + "00" + "000000" + "05000000" + "01000200",
                wave.substring(0, 2 * (16 + 4)),
                "by its place in the client's list");
        assertEquals(2 * (16 + 3528), wave.length());
    }

    @Test
    void sendsTwoMessagesToAnOlderClient() {
        ready(5);
        List<Pdu> wave = channel.play(BLOCK, now);
        assertEquals("0200d00d" + "0500" + "0000" + "00" + "000000" + "01000200", hex(wave.subList(0, 1)));
        String rest = hex(wave.subList(1, 2));
        assertEquals(2 * 3528, rest.length());
        assertTrue(rest.startsWith("0000000000"));
    }

    @Test
    void leavesAClientInPeaceThatPlaysNothingItHas() {
        assertEquals(List.of(), receive(formats(8, MU_LAW)));
        assertEquals(List.of(), receive(formats(8)));
        receive("0600040005000000");
        assertFalse(channel.isPlaying() || plays());
    }

    @Test
    void whatIsUnderWayIsBounded() {
        ready(8);
        int sent = 0;
        while (plays()) {
            sent++;
        }
        assertEquals(15, sent, "300 ms before the first confirmation");
        confirm(0); // at once
        now += 60 * MS;
        for (int i = 1; i < 15; i++) {
            confirm(i);
        }
        sent = 0;
        while (plays()) {
            sent++;
        }
        assertEquals(5, sent, "100 ms beyond the quickest");
    }

    @Test
    void aLongWayIsNoFaultOfTheClient() {
        ready(8);
        for (int i = 0; i < 15; i++) {
            assertTrue(plays());
        }
        now += 280 * MS;
        confirm(14);
        int sent = 0;
        while (plays()) {
            sent++;
        }
        assertEquals(19, sent, "280 ms and 100 more");
    }

    @Test
    void aClientThatFallsBehindHasOnePauseInsteadOfMany() {
        ready(8);
        plays();
        confirm(0);
        for (int i = 0; i < 5; i++) {
            assertTrue(plays());
        }
        assertFalse(plays());
        confirm(1);
        assertFalse(plays(), "one block less is not enough");
        confirm(3);
        assertTrue(plays());
    }

    @Test
    void aClientThatConfirmsNothingIsTriedAgain() {
        ready(8);
        while (plays()) {
            now += 20 * MS;
        }
        now += SoundChannel.STUCK_NANOS - 20 * MS;
        assertFalse(plays());
        now += 40 * MS;
        assertTrue(plays());
        confirm(3); // which came too late
        assertTrue(plays());
    }

    @Test
    void confirmationsOfWhatWasNotSentChangeNothing() {
        ready(8);
        while (plays()) {
            confirm(200);
        }
        assertFalse(plays());
    }

    @Test
    void numbersOfBlocksBeginAnew() {
        ready(8);
        for (int i = 0; i < 1000; i++) {
            String wave = hex(channel.play(BLOCK, now));
            assertEquals(String.format("%02x", i & 0xff), wave.substring(16, 18));
            confirm(i & 0xff);
        }
    }

    @Test
    void aClientThatNamesItsFormatsAnewIsTrainedAnew() {
        ready(8);
        assertTrue(channel.hasChanged());
        assertEquals("0600040005000000", hex(receive(formats(8, PCM))));
        assertTrue(channel.hasChanged() && !channel.isPlaying());
        receive("0600040005000000");
        assertTrue(plays());
    }

    @Test
    void isSilentOnceItIsClosed() {
        ready(8);
        assertTrue(channel.hasChanged());
        channel.close();
        assertTrue(channel.hasChanged() && !channel.isPlaying());
        assertFalse(plays());
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThrows(PduException.class, () -> receive("05000400"));
    }

    @Test
    void passesOverWhatAnswersNothing() {
        for (String message : List.of("0c00040002000000", "0600040000000000", "0300040000000000", "0100000000")) {
            assertEquals(List.of(), receive(message));
        }
        assertFalse(channel.isPlaying());
    }
}
