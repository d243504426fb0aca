// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

/** The clipboard channel, byte for byte, through the static channels. */
class ClipboardChannelTest {

    private static final int CLIPRDR = 1005;
    private static final int MAX_TEXT = 100_000;

    private static final String CLIENT_CAPS = "07000000 10000000 0100 0000 0100 0c00 02000000 0e000000";
    private static final String TEXT_LIST = "02000000 06000000 0d000000 0000";
    private static final String NO_LIST = "02000000 00000000";
    private static final String LIST_OK = "0300010000000000";
    private static final String REQUEST = "04000000040000000d000000";
    private static final String FAILED = "0500020000000000";
    private static final ClipboardEvent OFFER = new ClipboardEvent.Offer(true);

    private final ReassemblyBudget budget = new ReassemblyBudget(1 << 20);
    private final ClipboardChannel channel = new ClipboardChannel(MAX_TEXT);
    private final List<String> log = new ArrayList<>();
    private final List<Object> news = new ArrayList<>();
    private final StaticChannels channels = new StaticChannels(
            Map.of(CLIPRDR, new ChannelDef("cliprdr", 0)),
            new DynamicChannels(List.of(), budget, log::add),
            List.of(channel),
            budget,
            log::add);

    private List<String> receive(String pdu) {
        return receive(Chunks.hex(pdu));
    }

    /** In chunks, as clients send it. */
    private List<String> receive(byte[] pdu) {
        List<Outgoing> out = new ArrayList<>();
        for (int at = 0; at < pdu.length; at += 1600) {
            int end = Math.min(pdu.length, at + 1600);
            int flags = (at == 0 ? Chunks.FIRST : 0) | (end == pdu.length ? Chunks.LAST : 0);
            byte[] chunk = Arrays.copyOfRange(pdu, at, end);
            out.addAll(channels.received(CLIPRDR, new ChannelPduHeader(pdu.length, flags), chunk, 0));
        }
        return Chunks.said(out);
    }

    private List<String> say(ClipboardEvent event) {
        List<Outgoing> out = new ArrayList<>();
        for (Pdu pdu : channel.say(event)) {
            out.addAll(channels.send(channel, pdu));
        }
        return Chunks.said(out);
    }

    /** What was told since the last call. */
    private List<Object> news() {
        channel.tell(new ClipboardChannel.Listener() {
            @Override
            public void clipboard(ClipboardEvent event) {
                news.add(event);
            }

            @Override
            public void clipboardClosed() {
                news.add("closed");
            }
        });
        List<Object> told = List.copyOf(news);
        news.clear();
        return told;
    }

    @BeforeEach
    void open() {
        assertEquals(
                List.of("07000000100000000100000001000c000200000002000000", "0100000000000000"),
                Chunks.said(channels.activated(0)));
        assertEquals(List.of(), receive(CLIENT_CAPS));
        assertEquals(List.of(LIST_OK), receive(NO_LIST));
        assertEquals(List.of(ClipboardEvent.NOTHING), news());
    }

    @Test
    void clientCopiesAndIsAskedWhenTheGuestPastes() {
        assertEquals(List.of(LIST_OK), receive(TEXT_LIST));
        assertEquals(List.of(OFFER), news());
        assertEquals(List.of(REQUEST), say(new ClipboardEvent.Request()));
        assertEquals(List.of(), say(new ClipboardEvent.Request()), "it has not answered yet");
        receive("05000100 0c000000 c400 0d00 0a00 3dd8 00de 0000");
        assertEquals(List.of(new ClipboardEvent.Text("\u00c4\n\ud83d\ude00")), news());
    }

    @Test
    void guestCopiesAndTheClientPastes() {
        assertEquals(List.of("0200000006000000" + "0d000000" + "0000"), say(OFFER));
        assertEquals(List.of(), receive(REQUEST));
        assertEquals(List.of(new ClipboardEvent.Request()), news());
        assertEquals(
                List.of("050001000c000000" + "c4000d000a003dd800de0000"),
                say(new ClipboardEvent.Text("\u00c4\n\ud83d\ude00")));
    }

    @Test
    void clientWithoutLongNamesGetsShortOnes() {
        receive("07000000 10000000 0100 0000 0100 0c00 02000000 00000000");
        assertEquals(List.of("0200000024000000" + "0d000000" + "00".repeat(32)), say(OFFER));
        receive("02000000 24000000 0d000000" + "00".repeat(32));
        assertEquals(List.of(OFFER), news());
    }

    @Test
    void nextListWaitsForTheAnswerToTheLastAndTheNewestCounts() {
        assertEquals(1, say(OFFER).size());
        assertEquals(List.of(), say(ClipboardEvent.NOTHING));
        assertEquals(List.of(), say(OFFER));
        assertEquals(List.of(), say(ClipboardEvent.NOTHING));
        assertEquals(List.of("0200000000000000"), receive(LIST_OK));
        assertEquals(List.of(), receive(LIST_OK));
        assertEquals(1, say(OFFER).size());
    }

    /** As FreeRDP 3 does not. */
    @Test
    void emptyListNeedsNoAnswer() {
        assertEquals(1, say(ClipboardEvent.NOTHING).size());
        assertEquals(1, say(OFFER).size());
        assertEquals(List.of(), say(ClipboardEvent.NOTHING), "but one with text does");
    }

    @Test
    void everyRequestIsAnsweredOnceAndInItsTurn() {
        receive(REQUEST);
        receive(REQUEST);
        receive("04000000 04000000 01000000");
        assertEquals(List.of(new ClipboardEvent.Request()), news());
        List<String> answers = say(new ClipboardEvent.Text("a"));
        assertEquals(List.of("0500010004000000" + "61000000", FAILED, FAILED), answers);
        assertEquals(List.of(), say(new ClipboardEvent.Text("b")), "nobody asked");
        assertEquals(List.of(FAILED), receive("04000000 04000000 01000000"), "not what was offered");
    }

    @Test
    void clientThatAsksWithoutEndHasNoClipboardAnyMore() {
        for (int i = 0; i < 16; i++) {
            receive(REQUEST);
        }
        assertEquals(List.of(), log);
        receive(REQUEST);
        assertEquals(1, log.size());
        assertEquals(List.of("closed"), news());
        assertEquals(List.of(), receive(TEXT_LIST));
        assertEquals(List.of(), news());
    }

    @Test
    void textThatNobodyAskedForIsPassedOver() {
        receive("05000100 02000000 6100");
        assertEquals(List.of(), news());
    }

    @Test
    void textThatIsTooLongIsPassedOverAndTheChannelGoesOn() {
        receive(response(MAX_TEXT)); // nobody has asked
        assertEquals(List.of(), news());
        assertEquals(0, budget.taken());
        say(new ClipboardEvent.Request());
        receive(response(MAX_TEXT * 3));
        assertEquals(List.of(ClipboardEvent.EMPTY), news());
        say(new ClipboardEvent.Request());
        receive(response(MAX_TEXT + 2));
        assertEquals(List.of(ClipboardEvent.EMPTY), news());
        say(new ClipboardEvent.Request());
        receive(response(MAX_TEXT));
        assertEquals(List.of(new ClipboardEvent.Text("a".repeat(MAX_TEXT / 2))), news());
        assertEquals(List.of(), log);
        assertEquals(0, budget.taken());
        receive(REQUEST);
        assertEquals(List.of(FAILED), say(new ClipboardEvent.Text("\n".repeat(MAX_TEXT / 4 + 1))));
    }

    /** Text of so many bytes, without a NUL. */
    private static byte[] response(int bytes) {
        return Chunks.hex("05000100" + String.format("%08x", Integer.reverseBytes(bytes)) + "6100".repeat(bytes / 2));
    }

    /** FreeRDP 2 tells of one copy twice, and answers what was asked in between. */
    @Test
    void clientThatHasCopiedSomethingElseSinceCanBeAskedAgain() {
        say(new ClipboardEvent.Request());
        receive(TEXT_LIST);
        assertEquals(List.of(OFFER), news(), "its answer may yet come");
        assertEquals(List.of(REQUEST), say(new ClipboardEvent.Request()));
        assertEquals(List.of(), say(new ClipboardEvent.Request()));
        receive("05000100 02000000 6100");
        assertEquals(List.of(new ClipboardEvent.Text("a")), news());
        receive("05000100 02000000 6200");
        assertEquals(List.of(), news());
    }

    @Test
    void floodOfListsIsAnsweredAndToldOnce() {
        for (int i = 0; i < 1000; i++) {
            assertEquals(List.of(LIST_OK), receive(i % 2 == 0 ? NO_LIST : TEXT_LIST));
        }
        assertEquals(List.of(OFFER), news());
    }

    @Test
    void listThatCannotBeEndsTheChannel() {
        receive("02000000 05000000 0d000000 00");
        assertTrue(log.get(0).contains("cliprdr failed"), log.get(0));
        assertEquals(List.of("closed"), news());
    }

    @Test
    void locksAndFilesAreIgnored() {
        assertEquals(List.of(), receive("0a000000 04000000 01000000"));
        assertEquals(List.of(), receive("0b000000 04000000 01000000"));
        assertEquals(List.of(), receive("06000000 08020000" + "4100".repeat(260)));
        assertEquals(List.of(), news());
    }
}
