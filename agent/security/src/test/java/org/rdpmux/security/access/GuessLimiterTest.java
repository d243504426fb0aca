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

    private static final Moment NOW = new Moment(Instant.parse("2026-11-22T12:00:00Z"), 7);
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
    void successForgetsTheUsersFailuresButNotTheOthersOfItsSource() {
        for (int i = 0; i < 29; i++) {
            attempt(MALLORY, "user" + i);
            attempt(MALLORY, "own").succeeded();
        }
        assertEquals(Duration.ZERO, delayOf("own"));
        attempt(MALLORY, "another");
        assertTrue(attempt(MALLORY, "own").lockedUntil().isPresent());
    }

    @Test
    void successPaysWhatTheUserOwesAtItsSource() {
        for (int i = 0; i < 5; i++) {
            fail(OWNER, "alice", 9);
            attempt(OWNER, "alice").succeeded();
        }
        Attempt colleague = attempt(OWNER, "bob");
        assertTrue(colleague.lockedUntil().isEmpty());
        assertEquals(Duration.ZERO, colleague.delay());
        assertEquals(Duration.ZERO, attempt(MALLORY, "alice").delay(), "nor do others wait for her sake");
    }

    @Test
    void typosOfAHouseDoNotAddUpOverDays() {
        for (int hour = 0; hour < 29; hour++) {
            for (int minute = 0; minute < 60; minute += 3) {
                Moment now = NOW.plus(Duration.ofMinutes(60L * hour + minute));
                if (minute % 9 == 0) {
                    limiter.begin(OWNER, claim("typist" + hour + "-" + minute), now);
                }
                Attempt rightly = limiter.begin(OWNER, claim("colleague"), now);
                assertEquals(Duration.ZERO, rightly.delay());
                rightly.succeeded();
            }
        }
    }

    @Test
    void aGuesserGainsNothingByPatience() {
        for (int i = 0; i < 10; i++) {
            limiter.begin(MALLORY, claim("alice"), NOW.plus(Duration.ofMinutes(14L * i)));
        }
        assertTrue(limiter.begin(MALLORY, claim("alice"), NOW.plus(Duration.ofMinutes(14 * 9 + 1)))
                .lockedUntil()
                .isPresent());
    }

    @Test
    void loopbackIsNotLimitedAsASource() {
        InetAddress loopback = address("127.0.0.1");
        for (int i = 0; i < 100; i++) {
            attempt(loopback, "user" + i);
        }
        Attempt tunnelled = attempt(loopback, "alice");
        assertTrue(tunnelled.lockedUntil().isEmpty());
        assertEquals(Duration.ZERO, tunnelled.delay());
    }

    @Test
    void settingTheHostsClockEndsNoLockAndProlongsNone() {
        fail(MALLORY, "alice", 10);
        Moment clockSetForward = new Moment(NOW.time().plus(Duration.ofDays(400)), NOW.nanos() + 1);
        Moment clockSetBack = new Moment(
                NOW.time().minus(Duration.ofDays(400)), NOW.plus(LOCK).nanos());

        assertTrue(limiter.begin(MALLORY, claim("alice"), clockSetForward)
                .lockedUntil()
                .isPresent());
        assertTrue(limiter.begin(MALLORY, claim("alice"), clockSetBack)
                .lockedUntil()
                .isEmpty());
    }

    private Duration delayOf(String user) {
        Attempt attempt = attempt(OWNER, user);
        attempt.noGuess();
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
    void whatWasNoGuessDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            attempt(OWNER, "alice").noGuess();
        }
        assertEquals(Duration.ZERO, attempt(OWNER, "alice").delay());
    }

    @Test
    void locksEndByThemselvesAndFailuresAreForgotten() {
        fail(MALLORY, "alice", 10);

        assertTrue(limiter.begin(MALLORY, claim("alice"), NOW.plus(LOCK).plus(Duration.ofMillis(-1)))
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

        assertTrue(limiter.liftUser("WORK\\Alice"));
        assertFalse(limiter.liftUser("alice"));
        assertTrue(attempt(MALLORY, "alice").lockedUntil().isEmpty());
        assertTrue(limiter.liftSource("192.0.2.1"));
        assertTrue(attempt(OWNER, "bob").lockedUntil().isEmpty());
        assertFalse(limiter.liftSource("192.0.2.99"));
    }

    @Test
    void liftingAUsersFailuresLiftsWhatItsSourceOwesForThem() {
        fail(OWNER, "alice", 9);
        fail(OWNER, "bob", 9);
        fail(OWNER, "carol", 9);
        assertTrue(limiter.liftUser("alice"));
        assertTrue(limiter.liftUser("bob"));

        assertEquals(Duration.ZERO, attempt(OWNER, "dave").delay());
    }

    @Test
    void aSourceThatOnlyHasToWaitCanBeLiftedToo() {
        for (int i = 0; i < 20; i++) {
            attempt(OWNER, "user" + i);
        }
        assertTrue(attempt(OWNER, "alice").delay().toSeconds() > 0);
        assertTrue(limiter.liftSource("192.0.2.1"));
        assertEquals(Duration.ZERO, attempt(OWNER, "alice").delay());
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
