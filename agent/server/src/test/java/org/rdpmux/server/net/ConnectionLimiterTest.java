// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.ServerOptions.Limits;
import org.rdpmux.server.net.ConnectionLimiter.Answer;

class ConnectionLimiterTest {

    private static final Duration ANY = Duration.ofSeconds(1);

    /** Who lost a place, in order: the address it came from. */
    private final List<String> displaced = new ArrayList<>();

    private ConnectionLimiter limiter = new ConnectionLimiter(new Limits(999, 99, 99, 999, 40, ANY));

    @Test
    void finishedConnectionsAboveALimitKeepOthersOut() {
        check(new Limits(2, 9, 99, 9, 9, ANY), "there are 2 connections already");
        check(new Limits(9, 9, 99, 2, 9, ANY), "there are 2 connections from there already");
    }

    private void check(Limits limits, String reason) {
        limiter = new ConnectionLimiter(limits);
        ConnectionLimiter.Slot first = enter("192.0.2.1");
        assertTrue(first.authenticated());
        assertTrue(enter("192.0.2.1").authenticated());
        assertEquals(new Answer.Full(reason), ask("192.0.2.1"));
        first.close();
        first.close();
        assertTrue(enter("192.0.2.1").authenticated());
        assertEquals(new Answer.Full(reason), ask("192.0.2.1"));
        assertEquals(List.of(), displaced);
    }

    @Test
    void anUnfinishedOneMakesWayWhereALimitIsReached() {
        limiter = new ConnectionLimiter(new Limits(3, 9, 99, 2, 9, ANY));
        assertTrue(enter("192.0.2.1").authenticated());
        enter("192.0.2.1");
        enter("192.0.2.1"); // of the same source
        enter("192.0.2.2");
        enter("192.0.2.3"); // of all
        assertEquals(List.of("192.0.2.1", "192.0.2.1"), displaced);
    }

    @Test
    void whoHasFinishedMakesRoomForOthersWhoHaveNot() {
        limiter = new ConnectionLimiter(new Limits(9, 9, 99, 9, 1, ANY));
        ConnectionLimiter.Slot first = enter("192.0.2.1");
        assertTrue(first.authenticated());
        assertTrue(first.authenticated());
        ConnectionLimiter.Slot second = enter("192.0.2.2");
        first.close();
        assertEquals(List.of(), displaced);
        enter("192.0.2.3");
        assertEquals(List.of("192.0.2.2"), displaced);
        assertFalse(second.authenticated(), "it lost its place");
    }

    @Test
    void whoHasMostLosesItsOldest() {
        enter(30, "192.0.2.1");
        enter(10, "198.51.100.1");
        for (int i = 1; i <= 20; i++) {
            enter("203.0.113." + i);
        }
        assertEquals(20, displaced.stream().filter("192.0.2.1"::equals).count());
        assertEquals(20, displaced.size());
    }

    @Test
    void theOldestOfASourceGoesFirst() {
        limiter = new ConnectionLimiter(new Limits(9, 9, 99, 9, 2, ANY));
        ConnectionLimiter.Slot first = enter("192.0.2.1");
        ConnectionLimiter.Slot second = enter("192.0.2.1");
        ConnectionLimiter.Slot third = enter("192.0.2.1");
        assertFalse(first.authenticated());
        assertTrue(second.authenticated());
        assertTrue(third.authenticated());
    }

    /** Nobody has more than a person may have: then the network that has most gives way. */
    @Test
    void aNetworkOfManyAddressesGivesWayBeforeScatteredOnes() {
        for (int i = 0; i < 30; i++) {
            enter("192.0.2." + i);
        }
        enter(2, "198.51.100.1");
        for (int i = 0; i < 8; i++) {
            enter("203.0." + i + ".1");
        }
        assertEquals(List.of(), displaced);
        for (int i = 0; i < 20; i++) {
            enter("203.1." + i + ".1");
        }
        assertEquals(20, displaced.size());
        assertTrue(displaced.stream().allMatch(address -> address.startsWith("192.0.2.")), displaced::toString);
    }

    @Test
    void anIpv6SubnetIsOneSourceAndACustomersPrefixOneNetwork() {
        for (int i = 0; i < 20; i++) {
            enter("2001:db8:1:1::" + i);
            enter("2001:db8:2:" + i + "::1");
        }
        for (int i = 0; i < 16; i++) {
            enter("2001:db8:" + (100 + i) + "::1");
        }
        assertTrue(
                displaced.stream().allMatch(address -> address.startsWith("2001:db8:1:1:")),
                "a source with 20 goes first");
        for (int i = 0; i < 10; i++) {
            enter("2001:db8:" + (200 + i) + "::1");
        }
        assertEquals(26, displaced.size());
        assertTrue(
                displaced.subList(16, 26).stream().allMatch(address -> address.startsWith("2001:db8:2:")),
                "then the customer with 20: " + displaced);
    }

    @Test
    void aQuarterOfThePlacesIsKeptForSourcesThatLoggedIn() {
        List<ConnectionLimiter.Slot> friends = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ConnectionLimiter.Slot slot = enter("192.0." + i + ".1");
            slot.loggedIn();
            slot.close();
            friends.add(enter("192.0." + i + ".1"));
        }
        for (int i = 0; i < 100; i++) {
            enter("203.0." + i + ".1"); // each from a network of its own
        }
        assertTrue(friends.stream().allMatch(slot -> slot.authenticated()), displaced::toString);
    }

    @Test
    void aSourceThatLoggedInOnceCannotTakeMoreThanThat() {
        ConnectionLimiter.Slot insider = enter("192.0.2.1");
        insider.loggedIn();
        enter(60, "192.0.2.1");
        ConnectionLimiter.Slot other = enter("198.51.100.1");
        enter(60, "192.0.2.1");
        assertTrue(other.authenticated());
        assertTrue(displaced.stream().allMatch("192.0.2.1"::equals), displaced::toString);
    }

    @Test
    void onlySoManySourcesAreRemembered() {
        for (int i = 0; i <= ConnectionLimiter.MAX_KNOWN; i++) {
            ConnectionLimiter.Slot slot = enter("10.0." + (i >> 8) + "." + (i & 0xff));
            slot.loggedIn();
            slot.close();
        }
        ConnectionLimiter.Slot first = enter("10.0.0.0");
        ConnectionLimiter.Slot last = enter("10.0." + (ConnectionLimiter.MAX_KNOWN >> 8) + ".0");
        enter(38, "10.0.0.0");
        enter("203.0.113.1");
        assertFalse(first.authenticated(), "forgotten");
        assertTrue(last.authenticated());
    }

    private void enter(int count, String address) {
        for (int i = 0; i < count; i++) {
            enter(address);
        }
    }

    private ConnectionLimiter.Slot enter(String address) {
        return assertInstanceOf(Answer.Entered.class, ask(address)).slot();
    }

    private Answer ask(String address) {
        try {
            return limiter.enter(InetAddress.getByName(address), reason -> displaced.add(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
