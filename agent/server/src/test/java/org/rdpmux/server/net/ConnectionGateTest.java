// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.ServerOptions.Limits;

class ConnectionGateTest {

    private static final Duration ANY = Duration.ofSeconds(1);

    @Test
    void refusesAboveEachLimitAndLetsInAgainWhenSomebodyLeaves() throws UnknownHostException {
        check(new Limits(2, 9, 9, 9, ANY), "there are 2 connections already");
        check(new Limits(9, 2, 9, 9, ANY), "there are 2 connections to this console already");
        check(new Limits(9, 9, 2, 9, ANY), "there are 2 connections from there already");
        check(new Limits(9, 9, 9, 2, ANY), "there are 2 unfinished connections already");
    }

    private static void check(Limits limits, String reason) throws UnknownHostException {
        ConnectionGate gate = new ConnectionGate(limits);
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionGate.Ticket first = gate.enter(source, "a").orElseThrow();
        gate.enter(source, "a").orElseThrow();
        assertEquals(Optional.empty(), gate.enter(source, "a"));
        assertEquals(Optional.of(reason), gate.reason(source, "a"));
        first.close();
        first.close();
        assertTrue(gate.enter(source, "a").isPresent());
        assertEquals(Optional.empty(), gate.enter(source, "a"));
    }

    @Test
    void whoHasFinishedMakesRoomForOthersWhoHaveNot() throws UnknownHostException {
        ConnectionGate gate = new ConnectionGate(new Limits(9, 9, 9, 1, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionGate.Ticket first = gate.enter(source, "a").orElseThrow();
        assertEquals(Optional.empty(), gate.enter(source, "a"));
        first.authenticated();
        first.authenticated();
        ConnectionGate.Ticket second = gate.enter(source, "a").orElseThrow();
        first.close();
        assertEquals(Optional.empty(), gate.enter(source, "a"));
        second.close();
        assertTrue(gate.enter(source, "a").isPresent());
    }

    @Test
    void sourcesAndEndpointsAreCountedApart() throws UnknownHostException {
        ConnectionGate gate = new ConnectionGate(new Limits(9, 1, 1, 9, ANY));
        assertTrue(gate.enter(InetAddress.getByName("192.0.2.1"), "a").isPresent());
        assertTrue(gate.enter(InetAddress.getByName("192.0.2.2"), "b").isPresent());
        assertEquals(Optional.empty(), gate.enter(InetAddress.getByName("192.0.2.1"), "c"));
        assertEquals(Optional.empty(), gate.enter(InetAddress.getByName("192.0.2.3"), "a"));
    }
}
