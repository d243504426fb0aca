// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.ServerOptions.Limits;

class ConnectionLimiterTest {

    private static final Duration ANY = Duration.ofSeconds(1);

    @Test
    void refusesAboveEachLimitAndLetsInAgainWhenSomebodyLeaves() throws UnknownHostException {
        check(new Limits(2, 9, 9, 9, ANY), "there are 2 connections already");
        check(new Limits(9, 9, 2, 9, ANY), "there are 2 connections from there already");
        check(new Limits(9, 9, 9, 2, ANY), "there are 2 unfinished connections already");
    }

    private static void check(Limits limits, String reason) throws UnknownHostException {
        ConnectionLimiter gate = new ConnectionLimiter(limits);
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionLimiter.Slot first = gate.enter(source, "a").orElseThrow();
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
        ConnectionLimiter gate = new ConnectionLimiter(new Limits(9, 9, 9, 1, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionLimiter.Slot first = gate.enter(source, "a").orElseThrow();
        assertEquals(Optional.empty(), gate.enter(source, "a"));
        first.authenticated();
        first.authenticated();
        ConnectionLimiter.Slot second = gate.enter(source, "a").orElseThrow();
        first.close();
        assertEquals(Optional.empty(), gate.enter(source, "a"));
        second.close();
        assertTrue(gate.enter(source, "a").isPresent());
    }

    @Test
    void oneSourceCannotTakeAllPlacesForTheUnfinished() throws UnknownHostException {
        ConnectionLimiter gate = new ConnectionLimiter(new Limits(99, 99, 99, 10, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 5; i++) {
            gate.enter(source, "a").orElseThrow();
        }
        assertEquals(Optional.of("there are 5 unfinished connections from there already"), gate.reason(source, "a"));
        gate.enter(InetAddress.getByName("192.0.2.2"), "a").orElseThrow();
    }

    @Test
    void aNetworkFullOfAddressesIsOneSource() throws UnknownHostException {
        ConnectionLimiter gate = new ConnectionLimiter(new Limits(99, 99, 99, 10, ANY));
        for (int i = 0; i < 5; i++) {
            gate.enter(InetAddress.getByName("2001:db8:1:2::" + i), "a").orElseThrow();
        }
        assertEquals(Optional.empty(), gate.enter(InetAddress.getByName("2001:db8:1:2::99"), "a"));
        gate.enter(InetAddress.getByName("2001:db8:1:3::1"), "a").orElseThrow();
    }

    @Test
    void viewersAreCountedAtTheirEndpoint() throws UnknownHostException {
        ConnectionLimiter gate = new ConnectionLimiter(new Limits(99, 1, 99, 99, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionLimiter.Slot first = gate.enter(source, "a").orElseThrow();
        ConnectionLimiter.Slot second = gate.enter(source, "a").orElseThrow();
        assertTrue(first.authenticated());
        assertFalse(second.authenticated());
        assertEquals(Optional.of("there are 1 viewers at this address already"), gate.reason(source, "a"));
        assertTrue(gate.enter(source, "b").orElseThrow().authenticated());
        first.close();
        assertTrue(second.authenticated());
        second.close();
        assertTrue(gate.enter(source, "a").isPresent());
    }

    @Test
    void sourcesAreCountedApart() throws UnknownHostException {
        ConnectionLimiter gate = new ConnectionLimiter(new Limits(9, 9, 1, 9, ANY));
        assertTrue(gate.enter(InetAddress.getByName("192.0.2.1"), "a").isPresent());
        assertEquals(Optional.empty(), gate.enter(InetAddress.getByName("192.0.2.1"), "b"));
        assertTrue(gate.enter(InetAddress.getByName("192.0.2.2"), "a").isPresent());
    }
}
