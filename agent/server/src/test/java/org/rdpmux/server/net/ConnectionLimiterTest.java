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
        ConnectionLimiter limiter = new ConnectionLimiter(limits);
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionLimiter.Slot first = limiter.enter(source).orElseThrow();
        limiter.enter(source).orElseThrow();
        assertEquals(Optional.empty(), limiter.enter(source));
        assertEquals(Optional.of(reason), limiter.reason(source));
        first.close();
        first.close();
        assertTrue(limiter.enter(source).isPresent());
        assertEquals(Optional.empty(), limiter.enter(source));
    }

    @Test
    void whoHasFinishedMakesRoomForOthersWhoHaveNot() throws UnknownHostException {
        ConnectionLimiter limiter = new ConnectionLimiter(new Limits(9, 9, 9, 1, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionLimiter.Slot first = limiter.enter(source).orElseThrow();
        assertEquals(Optional.empty(), limiter.enter(source));
        first.authenticated("a");
        first.authenticated("a");
        ConnectionLimiter.Slot second = limiter.enter(source).orElseThrow();
        first.close();
        assertEquals(Optional.empty(), limiter.enter(source));
        second.close();
        assertTrue(limiter.enter(source).isPresent());
    }

    @Test
    void oneSourceCannotTakeAllPlacesForTheUnfinished() throws UnknownHostException {
        ConnectionLimiter limiter = new ConnectionLimiter(new Limits(99, 99, 99, 10, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 5; i++) {
            limiter.enter(source).orElseThrow();
        }
        assertEquals(Optional.of("there are 5 unfinished connections from there already"), limiter.reason(source));
        limiter.enter(InetAddress.getByName("192.0.2.2")).orElseThrow();
    }

    @Test
    void aNetworkFullOfAddressesIsOneSource() throws UnknownHostException {
        ConnectionLimiter limiter = new ConnectionLimiter(new Limits(99, 99, 99, 10, ANY));
        for (int i = 0; i < 5; i++) {
            limiter.enter(InetAddress.getByName("2001:db8:1:2::" + i)).orElseThrow();
        }
        assertEquals(Optional.empty(), limiter.enter(InetAddress.getByName("2001:db8:1:2::99")));
        limiter.enter(InetAddress.getByName("2001:db8:1:3::1")).orElseThrow();
    }

    @Test
    void viewersAreCountedAtTheirEndpoint() throws UnknownHostException {
        ConnectionLimiter limiter = new ConnectionLimiter(new Limits(99, 1, 99, 99, ANY));
        InetAddress source = InetAddress.getByName("192.0.2.1");
        ConnectionLimiter.Slot first = limiter.enter(source).orElseThrow();
        ConnectionLimiter.Slot second = limiter.enter(source).orElseThrow();
        assertTrue(first.authenticated("a"));
        assertFalse(second.authenticated("a"));
        assertEquals(Optional.empty(), limiter.reason(source), "others may lead elsewhere");
        assertTrue(limiter.enter(source).orElseThrow().authenticated("b"));
        first.close();
        assertTrue(second.authenticated("a"));
        second.close();
        assertTrue(limiter.enter(source).isPresent());
    }

    @Test
    void sourcesAreCountedApart() throws UnknownHostException {
        ConnectionLimiter limiter = new ConnectionLimiter(new Limits(9, 9, 1, 9, ANY));
        assertTrue(limiter.enter(InetAddress.getByName("192.0.2.1")).isPresent());
        assertEquals(Optional.empty(), limiter.enter(InetAddress.getByName("192.0.2.1")));
        assertTrue(limiter.enter(InetAddress.getByName("192.0.2.2")).isPresent());
    }
}
