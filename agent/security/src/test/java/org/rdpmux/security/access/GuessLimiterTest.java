// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.security.access.GuessLimiter.Attempt;
import org.rdpmux.security.access.GuessLimiter.Limits;
import org.rdpmux.security.access.GuessLimiter.Lock;

class GuessLimiterTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration LOCK = Limits.DEFAULT.lockTime();
    private static final InetAddress MALLORY = address("203.0.113.66");
    private static final InetAddress OWNER = address("192.0.2.1");

    private final GuessLimiter limiter = new GuessLimiter(Limits.DEFAULT);

    @Test
    void delaysGrowThenTheUserIsLockedOutFromThatSource() {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            delays.add(attempt(MALLORY, "alice").delay().toSeconds());
        }
        assertEquals(List.of(0L, 0L, 0L, 1L, 2L, 4L, 8L, 8L, 8L, 8L), delays);

        Attempt locked = attempt(MALLORY, "alice");
        assertEquals(NOW.plus(LOCK), locked.lockedUntil().orElseThrow());
        assertEquals(List.of(new Lock("alice", "203.0.113.66", NOW.plus(LOCK))), limiter.locks(NOW));
    }

    @Test
    void theUserIsLetInFromElsewhereMeanwhile() {
        fail(MALLORY, "alice", 200);

        Attempt owner = attempt(OWNER, "alice");
        assertTrue(owner.lockedUntil().isEmpty());
        assertEquals(Duration.ZERO, owner.delay(), "one guesser is locked out before others notice");
    }

    @Test
    void aCrowdOfSourcesSlowsEverybodyDownALittle() {
        for (int i = 0; i < GuessLimiter.USER_DELAY_AFTER; i++) {
            fail(address("198.51.100." + i), "alice", 1);
        }
        assertEquals(GuessLimiter.USER_DELAY, attempt(OWNER, "alice").delay());
        assertEquals(Duration.ZERO, attempt(OWNER, "bob").delay());
    }

    @Test
    void spellingsOfANameAreOneUser() {
        for (String spelling : List.of("alice", "ALICE", "alice@a", "alice@b", "D\\alice", "E\\Alice", "x\\alice@y")) {
            fail(MALLORY, spelling, 1);
        }
        fail(MALLORY, "alice", 3);

        assertTrue(attempt(MALLORY, "aLiCe").lockedUntil().isPresent());
    }

    @Test
    void aSourceThatTriesManyUsersIsLockedOut() {
        for (int i = 0; i < 30; i++) {
            attempt(MALLORY, "user" + i);
        }
        assertTrue(attempt(MALLORY, "fresh").lockedUntil().isPresent());
        assertTrue(attempt(OWNER, "fresh").lockedUntil().isEmpty());
    }

    @Test
    void successForgetsTheUsersFailuresButNotTheSources() {
        for (int i = 0; i < 29; i++) {
            attempt(MALLORY, "user" + i);
            attempt(MALLORY, "own").succeeded();
        }
        assertEquals(Duration.ZERO, delayOf("own"));
        attempt(MALLORY, "another");
        assertTrue(attempt(MALLORY, "own").lockedUntil().isPresent());
    }

    private Duration delayOf(String user) {
        Attempt attempt = attempt(OWNER, user);
        attempt.notTried();
        return attempt.delay();
    }

    @Test
    void theRightPasswordAtTheLastChanceOpens() {
        fail(OWNER, "alice", 9);
        attempt(OWNER, "alice").succeeded();

        assertTrue(limiter.locks(NOW).isEmpty());
        assertEquals(Duration.ZERO, attempt(OWNER, "alice").delay());
    }

    @Test
    void manyAtOnceGainNothing() {
        List<Attempt> pending = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pending.add(attempt(MALLORY, "alice"));
        }
        assertEquals(
                10, pending.stream().filter(one -> one.lockedUntil().isEmpty()).count());
    }

    @Test
    void whatWasNotTriedDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            attempt(OWNER, "alice").notTried();
        }
        assertEquals(Duration.ZERO, attempt(OWNER, "alice").delay());
    }

    @Test
    void locksEndByThemselvesAndFailuresAreForgotten() {
        fail(MALLORY, "alice", 10);

        assertTrue(limiter.begin(MALLORY, claim("alice"), NOW.plus(LOCK).minusMillis(1))
                .lockedUntil()
                .isPresent());
        Attempt later = limiter.begin(MALLORY, claim("alice"), NOW.plus(LOCK));
        assertTrue(later.lockedUntil().isEmpty());
        assertEquals(Duration.ZERO, later.delay());
        assertTrue(limiter.locks(NOW.plus(LOCK)).isEmpty());
    }

    @Test
    void tryingWhileLockedOutDoesNotProlongIt() {
        fail(MALLORY, "alice", 10);
        for (int minute = 0; minute < 15; minute++) {
            limiter.begin(MALLORY, claim("alice"), NOW.plus(Duration.ofMinutes(minute)));
        }
        assertTrue(limiter.begin(MALLORY, claim("alice"), NOW.plus(LOCK))
                .lockedUntil()
                .isEmpty());
    }

    @Test
    void locksCanBeLifted() {
        fail(MALLORY, "alice", 10);
        fail(OWNER, "bob", 10);

        assertTrue(limiter.lift("Alice", "203.0.113.66"));
        assertFalse(limiter.lift("alice", "203.0.113.66"));
        assertTrue(attempt(MALLORY, "alice").lockedUntil().isEmpty());
        assertTrue(limiter.lift("", "192.0.2.1"));
        assertTrue(attempt(OWNER, "bob").lockedUntil().isEmpty());
        assertFalse(limiter.lift("", "192.0.2.99"));
    }

    @Test
    void aGatewayIsNotLimitedAsASource() {
        Limits limits = new Limits(3, Duration.ofSeconds(1), Duration.ofSeconds(8), 10, 30, LOCK, Set.of(MALLORY));
        GuessLimiter behindGateway = new GuessLimiter(limits);
        for (int i = 0; i < 100; i++) {
            behindGateway.begin(MALLORY, claim("user" + i), NOW);
        }
        Attempt next = behindGateway.begin(MALLORY, claim("alice"), NOW);
        assertTrue(next.lockedUntil().isEmpty());
        assertEquals(Duration.ZERO, next.delay());
    }

    @Test
    void aNetworkThatManyUsersShareIsNamedByAnyOfItsAddresses() {
        Limits limits = new Limits(
                3, Duration.ofSeconds(1), Duration.ofSeconds(8), 10, 30, LOCK, Set.of(address("2001:db8:1:2::1")));
        GuessLimiter office = new GuessLimiter(limits);
        for (int i = 0; i < 100; i++) {
            office.begin(address("2001:db8:1:2::" + i), claim("user" + i), NOW);
        }
        Attempt colleague = office.begin(address("2001:db8:1:2::99"), claim("alice"), NOW);
        assertTrue(colleague.lockedUntil().isEmpty());
    }

    @Test
    void whoIsLockedOutCannotPushOutWhatIsKnownOfOthers() {
        fail(OWNER, "bob", 10);
        for (int i = 0; i < 30; i++) {
            attempt(MALLORY, "name" + i);
        }
        for (int i = 0; i < 2 * GuessLimiter.MAX_COUNTERS; i++) {
            assertTrue(attempt(MALLORY, "made-up" + i).lockedUntil().isPresent());
        }
        assertTrue(attempt(OWNER, "bob").lockedUntil().isPresent());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1,192.0.2.1", "2001:db8:1:2:3:4:5:6,2001:db8:1:2:0:0:0:0/64", "::ffff:192.0.2.1,192.0.2.1"})
    void aSourceIsAnAddressOrACustomersNetwork(String address, String source) {
        assertEquals(source, GuessLimiter.network(address(address)));
    }

    @Test
    void memoryIsBoundedHoweverManyCome() {
        fail(MALLORY, "alice", 10);
        for (int i = 0; i < 3 * GuessLimiter.MAX_COUNTERS; i++) {
            limiter.begin(address("10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256), claim("u" + i), NOW);
        }
        assertEquals(GuessLimiter.MAX_COUNTERS, limiter.size());
    }

    @Test
    void refusesSettingsThatContradictThemselves() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new Limits(3, second, second, 3, 30, LOCK, Set.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new Limits(3, second, Duration.ZERO, 10, 30, LOCK, Set.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new Limits(3, second, second, 10, 30, Duration.ZERO, Set.of()));
    }

    private void fail(InetAddress source, String user, int times) {
        for (int i = 0; i < times; i++) {
            attempt(source, user);
        }
    }

    private Attempt attempt(InetAddress source, String user) {
        return limiter.begin(source, claim(user), NOW);
    }

    private static Claim claim(String user) {
        return new Claim(user, "", "");
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
