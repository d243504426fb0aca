// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rdpmux.server.channel.Chunks.FIRST;
import static org.rdpmux.server.channel.Chunks.LAST;
import static org.rdpmux.server.channel.Chunks.hex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

class StaticChannelsTest {

    private static final int FILES = 1004;
    private static final int DRDYNVC = 1005;
    private static final int CLIPRDR = 1006;
    private static final int MAX_MESSAGE = 20_000;

    private final ReassemblyBudget budget = new ReassemblyBudget(30_000);
    private final RecordingChannel clipboard = new RecordingChannel("cliprdr", Priority.LOW, MAX_MESSAGE);
    private final RecordingChannel files = new RecordingChannel("rdpdr", Priority.LOW, MAX_MESSAGE);
    private final List<String> log = new ArrayList<>();
    private final StaticChannels channels = channels(Map.of(
            FILES, new ChannelDef("rdpdr", 0),
            DRDYNVC, new ChannelDef("drdynvc", 0),
            CLIPRDR, new ChannelDef("CLIPRDR", ChannelDef.OPTION_SHOW_PROTOCOL)));

    private StaticChannels channels(Map<Integer, ChannelDef> announced) {
        DynamicChannels dynamic = new DynamicChannels(List.of(), budget, log::add);
        return new StaticChannels(announced, dynamic, List.of(files, clipboard), budget, log::add);
    }

    private List<Outgoing> receive(int channel, long length, int flags, byte[] data) {
        return channels.received(channel, new ChannelPduHeader(length, flags), data, 0);
    }

    private List<Outgoing> receive(long length, int flags, String data) {
        return receive(CLIPRDR, length, flags, hex(data));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        if (size > 0) {
            bytes[0] = 0x42;
        }
        return bytes;
    }

    @Test
    void opensWhatTheClientAnnounced() {
        List<Outgoing> greetings = channels.activated(0);
        assertEquals(
                List.of(FILES, DRDYNVC, CLIPRDR),
                greetings.stream().map(Outgoing::channelId).sorted().toList());
        assertEquals(List.of("open"), clipboard.events);
    }

    @Test
    void closesWhatTheClientDidNotAnnounce() {
        StaticChannels none = channels(Map.of(FILES, new ChannelDef("rdpsnd", 0)));
        assertEquals(List.of(), none.activated(0));
        assertEquals(List.of("close"), clipboard.events);
        assertEquals(List.of(), none.send(clipboard, new RecordingChannel.Bytes(new byte[1])));
        none.close();
    }

    @Test
    void showsHeadersToThoseWhoAskedForThem() {
        for (Outgoing greeting : channels.activated(0)) {
            int show = greeting.channelId() == CLIPRDR ? ChannelPduHeader.FLAG_SHOW_PROTOCOL : 0;
            assertEquals(FIRST | LAST | show, greeting.header().flags());
        }
    }

    @Test
    void cutsMessagesOfAnyLength() {
        channels.activated(0);
        List<Integer> lengths = new ArrayList<>(List.of(0, 1, 2, 5000, 100_000));
        for (int around : new int[] {1600, 3200, 4800}) {
            lengths.addAll(List.of(around - 1, around, around + 1));
        }
        for (int length : lengths) {
            byte[] message = random(length);
            List<Outgoing> chunks = channels.send(clipboard, new RecordingChannel.Bytes(message));
            assertEquals(Math.max(1, (length + 1599) / 1600), chunks.size(), "chunks of " + length);
            List<byte[]> back = Chunks.messages(chunks);
            assertEquals(1, back.size());
            assertArrayEquals(message, back.get(0));
        }
    }

    /** All ways to cut a message of ten bytes, and a message of nothing. */
    @Test
    void putsMessagesTogetherWhereverTheyAreCut() {
        channels.activated(0);
        byte[] message = random(10);
        for (int cuts = 0; cuts < 1 << 9; cuts++) {
            clipboard.events.clear();
            int start = 0;
            for (int end = 1; end <= 10; end++) {
                if (end == 10 || (cuts >> end - 1 & 1) != 0) {
                    int flags = (start == 0 ? FIRST : 0) | (end == 10 ? LAST : 0);
                    receive(CLIPRDR, 10, flags, Arrays.copyOfRange(message, start, end));
                    start = end;
                }
            }
            assertEquals(List.of(HexFormat.of().formatHex(message)), clipboard.events);
        }
        receive(0, FIRST | LAST, "");
        assertEquals("", clipboard.events.get(1));
        assertEquals(0, budget.taken());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1590, 1600, 4096, 4097, 8192, MAX_MESSAGE})
    void putsLongMessagesTogether(int length) {
        channels.activated(0);
        byte[] message = random(length);
        for (int at = 0; at < length; at += 1000) {
            int end = Math.min(at + 1000, length);
            int flags = (at == 0 ? FIRST : 0) | (end == length ? LAST : 0);
            receive(CLIPRDR, length, flags, Arrays.copyOfRange(message, at, end));
            assertTrue(budget.taken() <= Math.max(2 * end, 4096));
        }
        assertEquals(List.of("open", HexFormat.of().formatHex(message)), clipboard.events);
        assertEquals(0, budget.taken());
    }

    @Test
    void takesChunksOfSeveralChannelsMixed() {
        channels.activated(0);
        receive(FILES, 3, FIRST, hex("0a"));
        receive(CLIPRDR, 2, FIRST, hex("01"));
        receive(FILES, 3, 0, hex("0b"));
        receive(CLIPRDR, 2, LAST, hex("02"));
        receive(FILES, 3, LAST, hex("0c"));
        assertEquals(List.of("open", "0102"), clipboard.events);
        assertEquals(List.of("open", "0a0b0c"), files.events);
    }

    /** Suspend and resume are for clients alone, and other bits mean nothing here. */
    @Test
    void passesOverOtherFlags() {
        channels.activated(0);
        receive(1, FIRST | LAST | 0x10 | 0x20 | 0x40 | 0x80, "05");
        assertEquals(List.of("open", "05"), clipboard.events);
    }

    @Test
    void answersOnTheChannelThatWasAsked() {
        channels.activated(0);
        List<Outgoing> replies = receive(2, FIRST | LAST, "8007");
        assertEquals(List.of("8007"), Chunks.said(replies));
        assertEquals(CLIPRDR, replies.get(0).channelId());
        assertEquals(Priority.LOW, replies.get(0).priority());
    }

    private void assertOnlyClipboardFailed() {
        assertTrue(clipboard.isClosed());
        assertEquals(1, log.size(), log::toString);
        assertEquals(0, budget.taken());
        int events = clipboard.events.size();
        assertEquals(List.of(), receive(1, FIRST | LAST, "80"));
        assertEquals(List.of(), channels.send(clipboard, new RecordingChannel.Bytes(new byte[1])));
        assertEquals(events, clipboard.events.size());
        assertEquals(List.of("80"), Chunks.said(receive(FILES, 1, FIRST | LAST, hex("80"))));
        channels.close();
        assertTrue(files.isClosed());
    }

    @Test
    void aRefusedMessageEndsItsChannelAlone() {
        channels.activated(0);
        receive(1, FIRST | LAST, "ff");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesMessagesThatAreTooLongBeforeTheyCome() {
        channels.activated(0);
        receive(0xffff_ffffL, FIRST, "01");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesMoreThanWasAnnounced() {
        channels.activated(0);
        receive(3, FIRST, "0102");
        receive(3, 0, "0304");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesLessThanWasAnnounced() {
        channels.activated(0);
        receive(3, FIRST, "01");
        receive(3, LAST, "02");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesAMessageWithoutEnd() {
        channels.activated(0);
        receive(2, FIRST, "01");
        receive(2, 0, "02");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesAMessageWithoutBeginning() {
        channels.activated(0);
        receive(2, LAST, "0102");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesAMessageWithinAnother() {
        channels.activated(0);
        receive(4, FIRST, "0102");
        receive(4, FIRST, "0102");
        assertOnlyClipboardFailed();
    }

    @Test
    void refusesCompressionWhichWasNotOffered() {
        channels.activated(0);
        receive(2, FIRST | LAST | ChannelPduHeader.FLAG_COMPRESSED, "0102");
        assertOnlyClipboardFailed();
    }

    /** Each channel within its bound, all together beyond the client's: the one that goes too far ends. */
    @Test
    void boundsWhatAllChannelsOfAClientKeep() {
        channels.activated(0);
        receive(FILES, 19_000, FIRST, random(16_000));
        receive(CLIPRDR, 19_000, FIRST, random(16_000));
        assertTrue(clipboard.isClosed());
        assertTrue(budget.taken() <= 30_000);
        receive(FILES, 19_000, LAST, random(3_000));
        assertEquals(2, files.events.size());
        assertEquals(0, budget.taken());
    }

    @Test
    void passesOverChannelsThatNobodyHasAndWhatComesTooEarly() {
        assertEquals(List.of(), receive(1, FIRST | LAST, "80"));
        channels.activated(0);
        assertEquals(List.of(), receive(1003, 1, FIRST | LAST, hex("80")));
        assertEquals(List.of(), receive(2000, 1, FIRST, hex("80")));
        assertEquals(List.of("open"), clipboard.events);
    }

    /** No PDU may be sent between Deactivate All and the end of the next activation. */
    @Test
    void holdsAnswersWhileNoShareIsActive() {
        channels.activated(0);
        channels.deactivated();
        assertEquals(List.of(), receive(2, FIRST | LAST, "8001"));
        assertEquals(List.of(), channels.send(clipboard, new RecordingChannel.Bytes(hex("02"))));
        assertEquals(List.of("8001", "02"), Chunks.said(channels.activated(0)));
        channels.deactivated();
        assertEquals(List.of(), channels.activated(0));
        assertEquals(List.of("open", "8001"), clipboard.events);
    }

    @Test
    void boundsWhatItHoldsWhileNoShareIsActive() {
        channels.activated(0);
        channels.deactivated();
        byte[] asked = random(10_000);
        asked[0] = (byte) 0x80;
        for (int i = 0; i < 1000; i++) {
            receive(CLIPRDR, asked.length, FIRST | LAST, asked);
        }
        assertTrue(clipboard.isClosed());
        int held = channels.activated(0).stream().mapToInt(Outgoing::size).sum();
        assertTrue(held > 10_000 && held <= StaticChannels.MAX_HELD, "held " + held);
        assertOnlyClipboardFailed();
    }

    @Test
    void forgetsUnfinishedMessagesAtTheEnd() {
        channels.activated(0);
        receive(10_000, FIRST, "01");
        assertTrue(budget.taken() > 0);
        channels.close();
        assertEquals(0, budget.taken());
        assertEquals(List.of(), receive(1, FIRST | LAST, "80"));
    }
}
