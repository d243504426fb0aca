// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rdpmux.server.channel.Chunks.hex;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

class EchoChannelTest {

    private static final int DRDYNVC = 1004;
    private static final long MS = 1_000_000;
    private static final long SECOND = EchoChannel.INTERVAL_NANOS;

    private final ReassemblyBudget budget = new ReassemblyBudget(100);
    private final EchoChannel echo = new EchoChannel();
    private final List<String> log = new ArrayList<>();
    private final StaticChannels channels = new StaticChannels(
            Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
            new DynamicChannels(List.of(echo), budget, log::add),
            List.of(),
            budget,
            log::add);

    private List<String> say(String pdu, long now) {
        byte[] bytes = hex(pdu);
        return Chunks.said(
                channels.received(DRDYNVC, new ChannelPduHeader(bytes.length, Chunks.FIRST | Chunks.LAST), bytes, now));
    }

    private List<String> open(long now) {
        channels.activated(now);
        assertEquals(List.of("10014543484f00"), say("50 00 02 00", now));
        return say("10 01 00 00 00 00", now);
    }

    private List<String> flow(long now) {
        List<String> said = new ArrayList<>();
        for (Pdu pdu : echo.outputFlows(now)) {
            said.addAll(Chunks.said(channels.send(echo, pdu)));
        }
        return said;
    }

    @Test
    void measuresOnceWhenItOpens() {
        assertEquals(List.of("30010100000000000000"), open(-100));
        assertEquals(OptionalLong.empty(), echo.roundTripNanos());
        assertEquals(List.of(), say("30 01 0100000000000000", 900));
        assertEquals(OptionalLong.of(1000), echo.roundTripNanos());
        assertEquals(StaticChannels.NEVER, channels.nextDeadline());
    }

    @Test
    void measuresAgainOnlyWhileOutputFlowsAndNotTooOften() {
        open(0);
        say("30 01 0100000000000000", 5 * MS);
        assertEquals(List.of(), flow(6 * MS));
        assertEquals(List.of(), flow(SECOND - 1));
        assertEquals(List.of("30010200000000000000"), flow(SECOND));
        assertEquals(List.of(), flow(SECOND + 1));
    }

    @Test
    void hasOneRequestUnderWayAtATime() {
        open(0);
        assertEquals(List.of(), flow(100 * SECOND));
        say("30 01 0100000000000000", 100 * SECOND);
        assertEquals(List.of("30010200000000000000"), flow(100 * SECOND));
    }

    @Test
    void smoothsWhatItMeasures() {
        open(0);
        say("30 01 0100000000000000", 8 * MS);
        flow(SECOND);
        say("30 01 0200000000000000", SECOND + 16 * MS);
        assertEquals(OptionalLong.of(9 * MS), echo.roundTripNanos());
        flow(2 * SECOND);
        say("30 01 0300000000000000", 2 * SECOND + MS);
        assertEquals(OptionalLong.of(8 * MS), echo.roundTripNanos());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 01 0200000000000000", // another number
                "30 01 01000000000000", // too short
                "30 01 010000000000000000", // too long
                "30 01"
            })
    void closesOnAnAnswerToWhatWasNotAsked(String answer) {
        open(0);
        assertEquals(List.of("4001"), say(answer, MS));
        assertEquals(OptionalLong.empty(), echo.roundTripNanos());
        assertEquals(List.of(), flow(SECOND));
        assertEquals(1, log.size());
    }

    @Test
    void closesOnASecondAnswer() {
        open(0);
        say("30 01 0100000000000000", MS);
        assertEquals(List.of("4001"), say("30 01 0100000000000000", MS));
        assertEquals(OptionalLong.of(MS), echo.roundTripNanos());
    }

    @Test
    void asksNothingOfClientsThatDoNotHaveIt() {
        channels.activated(0);
        say("50 00 01 00", 0);
        say("10 01 ff ff ff ff", 0);
        assertEquals(List.of(), flow(SECOND));
        assertEquals(OptionalLong.empty(), echo.roundTripNanos());
        assertTrue(log.isEmpty());
    }
}
