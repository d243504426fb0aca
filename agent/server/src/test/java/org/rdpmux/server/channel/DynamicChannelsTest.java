// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rdpmux.server.channel.Chunks.hex;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

/** Conversations on drdynvc: what the client says, what the server says to it, byte for byte. */
class DynamicChannelsTest {

    private static final int DRDYNVC = 1004;
    private static final int MAX_MESSAGE = 20_000;
    private static final long ANSWER = DynamicChannels.ANSWER_NANOS;

    private final ReassemblyBudget budget = new ReassemblyBudget(60_000);
    private final RecordingChannel a = new RecordingChannel("A", Priority.REALTIME, MAX_MESSAGE);
    private final RecordingChannel b = new RecordingChannel("B", Priority.LOW, MAX_MESSAGE);
    private final List<String> log = new ArrayList<>();
    private final StaticChannels channels = new StaticChannels(
            Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
            new DynamicChannels(List.of(a, b), budget, log::add),
            List.of(),
            budget,
            log::add);
    private long now = -5;

    private List<Outgoing> receive(byte[] pdu) {
        return channels.received(DRDYNVC, new ChannelPduHeader(pdu.length, Chunks.FIRST | Chunks.LAST), pdu, now);
    }

    /** Says one PDU; gives what is answered. */
    private List<String> say(String pdu) {
        return Chunks.said(receive(hex(pdu)));
    }

    /** As far as both channels are open: A is 1, B is 2. */
    private void open() {
        channels.activated(now);
        say("50 00 02 00");
        say("10 01 00 00 00 00");
        say("10 02 00 00 00 00");
    }

    @Test
    void offersVersion2WithTheSpecificationsPriorities() {
        assertEquals(List.of("50000200a803cc0c92245555"), Chunks.said(channels.activated(now)));
    }

    @Test
    void createsChannelsOnceTheClientHasAnswered() {
        channels.activated(now);
        assertEquals(List.of("10014100", "1c024200"), say("50 00 02 00"));
        assertEquals(List.of("300101"), say("10 01 00 00 00 00"));
        assertEquals(List.of("300201"), say("10 02 01 00 00 00")); // any status that is not negative
        assertEquals(List.of("open"), a.events);
        assertEquals(List.of("open"), b.events);
    }

    @ParameterizedTest
    @CsvSource({"50000100, 10024200", "50000200, 1c024200", "5c000300, 1c024200", "5000ffff, 1c024200"})
    void usesPrioritiesFromVersion2On(String response, String create) {
        channels.activated(now);
        assertEquals(create, say(response).get(1));
    }

    @Test
    void goesOnWithoutAChannelThatTheClientDoesNotHave() {
        channels.activated(now);
        say("50 00 02 00");
        assertEquals(List.of(), say("10 01 90 04 07 80"));
        assertEquals(List.of("300201"), say("10 02 00 00 00 00"));
        assertEquals(List.of("close"), a.events);
        assertEquals(List.of(), log);
    }

    @Test
    void passesMessagesToTheirChannel() {
        open();
        assertEquals(List.of(), say("30 01 0a 0b"));
        assertEquals(List.of("30028001"), say("30 02 80 01"));
        assertEquals(List.of(), say("30 01"));
        assertEquals(List.of("open", "0a0b", ""), a.events);
        assertEquals(List.of("open", "8001"), b.events);
    }

    @Test
    void sendsWithThePriorityOfTheChannel() {
        open();
        assertEquals(Priority.LOW, receive(hex("300280")).get(0).priority());
        assertEquals(
                Priority.REALTIME,
                channels.send(a, new RecordingChannel.Bytes(new byte[1])).get(0).priority());
    }

    @Test
    void fragmentsMessagesOfAnyLength() {
        open();
        for (int length : new int[] {0, 1, 1589, 1590, 1591, 3180, 3181, 70_000}) {
            byte[] message = new byte[length];
            Arrays.fill(message, (byte) length);
            List<byte[]> pdus = Chunks.messages(channels.send(b, new RecordingChannel.Bytes(message)));
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            for (int i = 0; i < pdus.size(); i++) {
                byte[] pdu = pdus.get(i);
                boolean first = i == 0 && pdus.size() > 1;
                int header = !first ? 2 : length <= 0xffff ? 4 : 6;
                assertEquals(first ? 2 : 3, pdu[0] >> 4);
                assertTrue(pdu.length - header <= 1590);
                back.write(pdu, header, pdu.length - header);
            }
            assertArrayEquals(message, back.toByteArray());
            assertEquals(length <= 1590 ? 1 : (length + 1589) / 1590, pdus.size());
        }
    }

    @Test
    void saysTheWholeLengthOfAFragmentedMessage() {
        open();
        List<String> pdus = Chunks.said(channels.send(b, new RecordingChannel.Bytes(new byte[0x0c7b])));
        assertEquals(
                List.of("24027b0c", "30020000", "30020000"),
                pdus.stream().map(pdu -> pdu.substring(0, 8)).toList());
    }

    /** Every way to cut eight bytes into data PDUs, mixed with another channel's fragments. */
    @Test
    void putsMessagesTogetherWhereverTheyAreCut() {
        open();
        for (int cuts = 0; cuts < 1 << 7; cuts++) {
            a.events.clear();
            b.events.clear();
            say("24 02 08 00 70 71 72 73");
            String header = "20 01 08";
            int start = 0;
            for (int end = 1; end <= 8; end++) {
                if (end == 8 || (cuts >> end - 1 & 1) != 0) {
                    say(header + "0001020304050607".substring(2 * start, 2 * end));
                    header = "30 01";
                    start = end;
                }
            }
            say("32 02 00 00 00 74 75 76 77");
            assertEquals(List.of("0001020304050607"), a.events);
            assertEquals(List.of("7071727374757677"), b.events);
        }
        assertEquals(0, budget.taken());
    }

    @Test
    void putsTheLongestMessageTogetherWithinBounds() {
        open();
        byte[] part = new byte[1592];
        part[0] = 0x30;
        part[1] = 0x01;
        say("24 01 20 4e"); // 20,000
        int sent = 0;
        while (sent + 1590 < MAX_MESSAGE) {
            receive(part);
            sent += 1590;
            assertTrue(budget.taken() <= Math.max(2 * sent, 4096));
        }
        receive(Arrays.copyOf(part, 2 + MAX_MESSAGE - sent));
        assertEquals(2, a.events.size());
        assertEquals(2 * MAX_MESSAGE, a.events.get(1).length());
        assertEquals(0, budget.taken());
    }

    @Test
    void closesAChannelWhenTheClientDoesWithoutAnAnswer() {
        open();
        assertEquals(List.of(), say("40 01"));
        assertEquals(List.of("open", "close"), a.events);
        assertEquals(List.of(), say("30 01 80"));
        assertEquals(List.of(), channels.send(a, new RecordingChannel.Bytes(new byte[1])));
        assertEquals(List.of(), say("40 01"));
        assertEquals(List.of("300280"), say("30 02 80"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 01 ff", // refused by the channel
                "24 01 21 4e 00", // longer than it may be
                "2a 01 00 00 00 ff ff ff ff", // far longer
                "20 01 01 00 00", // more than announced
                "70 01 00", // compressed
                "64 01 10 00 00" // the first part compressed
            })
    void aChannelsErrorClosesThatChannelAlone(String pdu) {
        open();
        assertEquals(
                List.of("4001"),
                say(pdu).stream().map(each -> each.substring(0, 4)).toList());
        assertTrue(a.isClosed());
        assertEquals(1, log.size());
        assertEquals(List.of(), say("30 01 80")); // was under way
        assertEquals(List.of(), say("40 01")); // the client's answer
        assertEquals(List.of("300280"), say("30 02 80"));
        assertEquals(0, budget.taken());
    }

    @Test
    void refusesAMessageWithinAnotherAndMoreThanWasAnnounced() {
        open();
        say("20 01 03 00");
        assertEquals(List.of("4001"), say("20 01 03 00"));
        say("20 02 03 00");
        assertEquals(List.of("4002"), say("30 02 00 00 00"));
        assertEquals(0, budget.taken());
    }

    /** Soft-Sync, commands of later versions, ids nobody gave, answers given twice. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "90 00 01 00 00 00 01 00 00 00",
                "f0",
                "50 00 03 00",
                "10 01 00 00 00 00",
                "10 01 ff ff ff ff",
                "10 09 00 00 00 00",
                "30 09 80",
                "24 09 ff ff 80",
                "70 09 00",
                "40 09",
                "32 01 00 00 01 80"
            })
    void passesOverWhatIsUnknownOrOutOfOrder(String pdu) {
        open();
        assertEquals(List.of(), say(pdu));
        assertEquals(List.of("300180"), say("30 01 80"));
        assertEquals(List.of("300280"), say("30 02 80"));
        assertEquals(List.of(), log);
    }

    @Test
    void passesOverWhatComesBeforeTheVersionIsAnswered() {
        channels.activated(now);
        for (String pdu : List.of("10 01 00 00 00 00", "30 01 80", "40 01")) {
            assertEquals(List.of(), say(pdu));
        }
        assertEquals(2, say("50 00 02 00").size());
        assertEquals(List.of(), say("30 01 80"), "requested, not open");
    }

    /** A PDU that cannot be read at all: what it belongs to is unknown. */
    @ParameterizedTest
    @ValueSource(strings = {"", "33 00", "10 01 00", "50 00 00 00", "28 01 00"})
    void endsAllDynamicChannelsWhenAPduCannotBeRead(String pdu) {
        channels.activated(now);
        if (!pdu.startsWith("50")) {
            say("50 00 02 00");
            say("10 01 00 00 00 00");
        }
        assertEquals(List.of(), say(pdu));
        assertTrue(a.isClosed() && b.isClosed());
        assertEquals(1, log.size());
        assertEquals(StaticChannels.NEVER, channels.nextDeadline());
        assertEquals(List.of(), say("30 01 80"));
    }

    @Test
    void givesUpOnClientsThatNeverAnswerTheOffer() {
        channels.activated(now);
        assertEquals(now + ANSWER, channels.nextDeadline());
        assertEquals(List.of(), channels.tick(now + ANSWER - 1));
        assertFalse(a.isClosed());
        channels.tick(now + ANSWER);
        assertTrue(a.isClosed() && b.isClosed());
        assertEquals(StaticChannels.NEVER, channels.nextDeadline());
        assertEquals(List.of(), say("50 00 02 00"), "too late");
        channels.close();
    }

    @Test
    void givesUpOnChannelsThatAreNeverAnswered() {
        channels.activated(now);
        now += 3;
        say("50 00 02 00");
        assertEquals(now + ANSWER, channels.nextDeadline());
        say("10 02 00 00 00 00");
        channels.tick(now + ANSWER);
        assertEquals(List.of("close"), a.events);
        assertEquals(StaticChannels.NEVER, channels.nextDeadline());
        assertEquals(List.of("4001"), say("10 01 00 00 00 00"), "opened too late");
        assertEquals(List.of(), say("30 01 80"));
        assertEquals(List.of("300280"), say("30 02 80"));
        channels.close();
        assertEquals(List.of("close"), a.events);
    }

    @Test
    void wakesNobodyOnceAllIsAnswered() {
        open();
        assertEquals(StaticChannels.NEVER, channels.nextDeadline());
    }

    @Test
    void closesEachChannelOnceAtTheEnd() {
        open();
        say("20 01 08 00");
        say("40 02");
        channels.close();
        channels.close();
        assertEquals(List.of("open", "close"), a.events);
        assertEquals(List.of("open", "close"), b.events);
        assertEquals(0, budget.taken());
    }

    @Test
    void keepsNothingOfAFloodOfCreatesAndCloses() {
        open();
        int answers = 0;
        for (int id = 0; id < 20_000; id++) {
            String bytes = String.format("%02x%02x%02x%02x", id & 0xff, id >> 8 & 0xff, id >> 16, 1);
            answers += say("12" + bytes + "00000000").size();
            answers += say("42" + bytes).size();
            answers += say("2a" + bytes + "00010000" + "00").size();
        }
        assertEquals(0, answers);
        assertEquals(0, budget.taken());
        assertEquals(List.of("300180"), say("30 01 80"));
    }

    @Test
    void boundsWhatUnfinishedMessagesOfAllChannelsKeep() {
        ReassemblyBudget small = new ReassemblyBudget(10_000);
        List<Channel> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(new RecordingChannel("C" + i, Priority.LOW, MAX_MESSAGE));
        }
        StaticChannels flooded = new StaticChannels(
                Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
                new DynamicChannels(many, small, log::add),
                List.of(),
                small,
                log::add);
        flooded.activated(now);
        ChannelPduHeader whole = new ChannelPduHeader(6, Chunks.FIRST | Chunks.LAST);
        flooded.received(DRDYNVC, new ChannelPduHeader(4, 3), hex("50000200"), now);
        for (int id = 1; id <= 20; id++) {
            flooded.received(DRDYNVC, whole, new byte[] {0x10, (byte) id, 0, 0, 0, 0}, now);
            flooded.received(DRDYNVC, whole, new byte[] {0x24, (byte) id, 0x20, 0x4e, 0, 0}, now);
            assertTrue(small.taken() <= 10_000);
        }
        assertEquals(18, log.size(), "two messages of 4,096 bytes fit");
        flooded.close();
        assertEquals(0, small.taken());
    }
}
