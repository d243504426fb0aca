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
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.disp.MonitorLayout;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

class DisplayControlChannelTest {

    private static final int DRDYNVC = 1004;

    private final ReassemblyBudget budget = new ReassemblyBudget(1000);
    private final DisplayControlChannel channel = new DisplayControlChannel();
    private final List<String> log = new ArrayList<>();
    private final StaticChannels channels = new StaticChannels(
            Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
            new DynamicChannels(List.of(channel), budget, log::add),
            List.of(),
            budget,
            log::add);

    private List<String> say(String pdu) {
        byte[] bytes = hex(pdu);
        return Chunks.said(
                channels.received(DRDYNVC, new ChannelPduHeader(bytes.length, Chunks.FIRST | Chunks.LAST), bytes, 0));
    }

    private static String layout(String width, String height) {
        return "30 01 02000000 38000000 28000000 01000000 01000000 00000000 00000000" + width + height
                + "00000000 00000000 00000000 00000000 00000000";
    }

    private void open() {
        channels.activated(0);
        say("50 00 02 00");
        assertEquals(
                List.of("3001" + "05000000" + "14000000" + "01000000" + "001e0000" + "e0100000"),
                say("10 01 00 00 00 00"));
    }

    @Test
    void saysFirstWhatItTakesAndKeepsTheNewestLayout() {
        open();
        assertEquals(Optional.empty(), channel.takeLayout());
        assertEquals(List.of(), say(layout("20030000", "58020000")));
        assertEquals(List.of(), say(layout("00040000", "00030000")));
        MonitorLayout.Monitor newest = channel.takeLayout().orElseThrow().primary();
        assertEquals("1024x768", newest.width() + "x" + newest.height());
        assertEquals(Optional.empty(), channel.takeLayout());
    }

    @Test
    void layoutThatCannotBeEndsTheChannelAlone() {
        open();
        assertEquals(List.of("4001"), say(layout("01000000", "58020000")), "DYNVC_CLOSE");
        assertEquals(Optional.empty(), channel.takeLayout());
        assertEquals(1, log.size());
        assertTrue(log.get(0).contains("Width"), log.get(0));
        assertEquals(List.of(), say(layout("20030000", "58020000")));
        assertEquals(Optional.empty(), channel.takeLayout());
    }
}
