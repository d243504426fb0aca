// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rdpmux.server.channel.Chunks.hex;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.gfx.CapabilitySet;
import org.rdpmux.pdu.gfx.FrameAcknowledge;

class GfxChannelTest {

    private static final int DRDYNVC = 1004;

    private final ReassemblyBudget budget = new ReassemblyBudget(ReassemblyBudget.DEFAULT_BYTES);
    private final GfxChannel channel = new GfxChannel();
    private final List<String> events = new ArrayList<>();
    private final StaticChannels channels = new StaticChannels(
            Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
            new DynamicChannels(List.of(channel), budget, events::add),
            List.of(),
            budget,
            events::add);

    private final class Events implements GfxChannel.Listener {

        @Override
        public void graphicsConfirmed(CapabilitySet set) {
            events.add("confirmed " + Integer.toHexString(set.version()) + "/" + set.flags());
        }

        @Override
        public void frameAcknowledged(FrameAcknowledge acknowledge) {
            events.add("acknowledged " + acknowledge.frameId() + " depth " + acknowledge.queueDepth());
        }

        @Override
        public void graphicsClosed() {
            events.add("closed");
        }
    }

    private List<String> say(String pdu) {
        byte[] bytes = hex(pdu);
        List<String> said = Chunks.said(
                channels.received(DRDYNVC, new ChannelPduHeader(bytes.length, Chunks.FIRST | Chunks.LAST), bytes, 0));
        channel.tell(new Events());
        return said;
    }

    private void open() {
        channels.activated(0);
        say("50 00 02 00");
        assertEquals(List.of(), say("10 01 00 00 00 00"), "nothing before the client advertises");
        assertEquals(List.of(), events);
    }

    private static String advertise(String... sets) {
        String all = String.join("", sets).replace(" ", "");
        return "30 01 1200 0000" + little(10 + all.length() / 2, 4) + little(sets.length, 2) + all;
    }

    private static String little(int value, int bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            hex.append(String.format("%02x", value >> 8 * i & 0xff));
        }
        return hex.toString();
    }

    @Test
    void confirmsTheNewestVersionThatBothEndsKnow() {
        open();
        List<String> said = say(advertise(
                "05010800 04000000 10000000", // 8.1
                "00060a00 04000000 00000000", // 10.6
                "00040a00 04000000 02000000", // 10.4
                "ff0f0c00 04000000 00000000")); // of the future
        assertEquals(List.of("3001" + "e004" + "1300000014000000" + "00060a00" + "04000000" + "00000000"), said);
        assertEquals(List.of("confirmed a0600/0"), events);
        assertEquals(Optional.of(new DynamicPath(DRDYNVC, 1, 0)), channels.path(channel));
    }

    /** AVC_DISABLED and AVC_THINCLIENT. */
    @ParameterizedTest
    @CsvSource({"01070a00, 60, 20", "01070a00, 40, 40", "01070a00, 22, 22", "05010800, 10, 10"})
    void confirmsNoFlagsThatContradictEachOther(String version, String advertised, String confirmed) {
        open();
        List<String> said = say(advertise(version + "04000000" + advertised + "000000"));
        assertEquals(List.of("3001e0041300000014000000" + version + "04000000" + confirmed + "000000"), said);
    }

    @Test
    void confirmsAgainWhenTheClientAdvertisesAgain() {
        open();
        String pdu = advertise("01070a00 04000000 00000000");
        say(pdu);
        assertEquals(1, say(pdu).size());
        assertEquals(List.of("confirmed a0701/0", "confirmed a0701/0"), events);
    }

    @Test
    void handsOnTheNewestAcknowledgementOfAMessage() {
        open();
        say(advertise("01070a00 04000000 00000000"));
        events.clear();
        String one = "0d00 0000 14000000 00000000 01000000 01000000";
        String two = "0d00 0000 14000000 ffffffff 02000000 02000000";
        assertEquals(List.of(), say("30 01" + one + two));
        assertEquals(List.of("acknowledged 2 depth -1"), events);
    }

    @Test
    void passesOverAnAcknowledgementBeforeTheVersion() {
        open();
        say("30 01 0d00 0000 14000000 00000000 01000000 01000000");
        assertEquals(List.of(), events);
    }

    @Test
    void wantsNothingOfAClientsCacheAndSaysSoOnce() {
        open();
        say(advertise("01070a00 04000000 00000000"));
        String offer = "1000 0000 16000000 0100 1122334455667788 00100000";
        assertEquals(List.of("3001e004110000000a0000000000"), say("30 01" + offer + offer));
        assertEquals(List.of(), say("30 01" + offer));
    }

    @Test
    void endsTheChannelOfAClientWhoseVersionsNobodyKnows() {
        open();
        assertEquals(List.of("4001"), say(advertise("ff0f0c00 04000000 00000000")));
        assertEquals("closed", events.get(events.size() - 1));
        assertTrue(events.get(0).contains("no version that is known here"), events::toString);
        assertEquals(Optional.empty(), channels.path(channel));
    }

    @Test
    void endsTheChannelOfAClientThatAdvertisesTwiceInOneMessage() {
        open();
        String pdu = advertise("01070a00 04000000 00000000");
        assertEquals(List.of("4001"), say(pdu + pdu.substring("30 01".length())));
        assertEquals("closed", events.get(events.size() - 1));
    }

    @Test
    void saysSoIfTheClientHasNoGraphics() {
        channels.activated(0);
        say("50 00 02 00");
        say("10 01 01 00 00 80"); // refused
        assertEquals(List.of("closed"), events);
    }

    @Test
    void hasNoPathWhileNoShareIsActive() {
        open();
        say(advertise("01070a00 04000000 00000000"));
        channels.deactivated();
        assertEquals(Optional.empty(), channels.path(channel));
    }
}
