// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.rdpmux.security.access.Credential.Denial;

class TicketsTest {

    private static final Moment NOW = new Moment(Instant.parse("2026-11-22T12:00:00Z"), 7);
    private static final ConsoleRef WEB = new ConsoleRef("1", "web");
    private static final ConsoleRef DB = new ConsoleRef("2", "db");

    private final Tickets tickets = new Tickets(new SecureRandom());

    @Test
    void opensItsConsoleOnce() {
        Ticket.Issued issued = issue(WEB, 120);
        Credential bearer = find(issued, WEB, NOW);

        assertTrue(bearer.ntHash().matches(NtHash.ofPassword(issued.password())));
        assertEquals(Optional.empty(), bearer.redeem(NOW));
        assertEquals(Optional.of(Denial.USED), bearer.redeem(NOW));
        assertEquals(Optional.of(Denial.USED), find(issued, WEB, NOW).denial(NOW));
        assertTrue(tickets.live(NOW).isEmpty());
    }

    @Test
    void isRefusedAtAnotherConsoleAndStaysGoodForItsOwn() {
        Ticket.Issued issued = issue(WEB, 120);

        assertEquals(Optional.of(Denial.OTHER_CONSOLE), find(issued, DB, NOW).redeem(NOW));
        assertEquals(Optional.empty(), find(issued, WEB, NOW).redeem(NOW));
    }

    @Test
    void survivesARenamingOfItsConsole() {
        Ticket.Issued issued = issue(WEB, 120);

        assertEquals(
                Optional.empty(), find(issued, new ConsoleRef("1", "www"), NOW).denial(NOW));
    }

    @Test
    void expires() {
        Ticket.Issued issued = issue(WEB, 120);
        Credential early = find(issued, WEB, NOW);

        assertEquals(Optional.empty(), early.denial(NOW.plus(Duration.ofSeconds(119))));
        assertEquals(Optional.of(Denial.EXPIRED), early.redeem(NOW.plus(Duration.ofSeconds(120))));
        assertEquals(
                Optional.of(Denial.EXPIRED),
                find(issued, WEB, NOW.plus(Duration.ofSeconds(120))).redeem(NOW.plus(Duration.ofSeconds(120))));
        assertTrue(tickets.live(NOW.plus(Duration.ofSeconds(120))).isEmpty());
    }

    @Test
    void canBeRevoked() {
        Ticket.Issued issued = issue(WEB, 120);
        Ticket.Issued other = issue(DB, 120);

        assertEquals(
                Optional.of(issued.ticket()), tickets.revoke(issued.ticket().id(), NOW));
        assertEquals(Optional.empty(), tickets.revoke(issued.ticket().id(), NOW));
        assertEquals(Optional.empty(), tickets.revoke("nothing", NOW));
        assertEquals(Optional.of(Denial.REVOKED), find(issued, WEB, NOW).redeem(NOW));
        assertEquals(List.of(other.ticket()), tickets.revokeExcept(Set.of(WEB.id()), NOW));
        assertEquals(Optional.of(Denial.REVOKED), find(other, DB, NOW).redeem(NOW));
    }

    @Test
    void theSameSourceTakesUpASessionThatWasLost() {
        Ticket.Issued issued = issue(WEB, 120);
        Credential first = find(issued, WEB, NOW);
        assertEquals(Optional.empty(), first.redeem(NOW));
        Moment lost = NOW.plus(Duration.ofHours(5));
        tickets.live(lost); // forgets what was used long ago
        first.session().lost(lost);

        Moment back = lost.plus(Duration.ofSeconds(2));
        assertEquals(Optional.of(Denial.USED), find(issued, "198.51.100.1").redeem(back), "somebody else");
        assertEquals(Optional.of(Denial.USED), find(issued, DB, NOW).redeem(back));
        assertEquals(Optional.empty(), find(issued, WEB, back).redeem(back));
        assertEquals(Optional.of(Denial.USED), find(issued, WEB, back).redeem(back), "one takes it up");
    }

    @Test
    void aSessionThatEndedProperlyIsNotTakenUp() {
        Ticket.Issued issued = issue(WEB, 120);
        assertEquals(Optional.empty(), find(issued, WEB, NOW).redeem(NOW));

        assertEquals(Optional.of(Denial.USED), find(issued, WEB, NOW).redeem(NOW));
    }

    @Test
    void aLostSessionIsTakenUpSoonOrNeverAndNotIfItIsRevoked() {
        Ticket.Issued late = lose(issue(WEB, 120));
        Moment tooLate = NOW.plus(Tickets.TAKE_UP);
        assertEquals(Optional.of(Denial.USED), find(late, WEB, tooLate).redeem(tooLate));

        Ticket.Issued revoked = lose(issue(WEB, 120));
        assertTrue(tickets.revoke(revoked.ticket().id(), NOW).isPresent());
        assertEquals(Optional.of(Denial.REVOKED), find(revoked, WEB, NOW).redeem(NOW));

        Ticket.Issued gone = lose(issue(WEB, 120));
        tickets.revokeExcept(Set.of(), NOW);
        assertEquals(Optional.of(Denial.USED), find(gone, WEB, NOW).redeem(NOW));
    }

    @Test
    void takingASessionUpDoesNotProlongIt() {
        Tickets limited = new Tickets(new SecureRandom(), Optional.of(Duration.ofMinutes(10)));
        limited.issue(terms(WEB, 120, Optional.of("alice")), NOW);
        Moment end = NOW.plus(Duration.ofMinutes(10));
        Claim alice = new Claim("alice", "", "");
        for (int minute = 0; minute < 10; minute++) {
            Moment now = NOW.plus(Duration.ofMinutes(minute));
            Credential bearer = limited.find(alice, request(WEB), now).get(0);
            assertEquals(Optional.empty(), bearer.redeem(now));
            assertEquals(Optional.of(end), bearer.session().end());
            bearer.session().lost(now.plus(Duration.ofSeconds(59)));
        }
        Credential over = limited.find(alice, request(WEB), end).get(0);
        assertEquals(Optional.of(Denial.USED), over.redeem(end));
    }

    private Ticket.Issued lose(Ticket.Issued issued) {
        Credential bearer = find(issued, WEB, NOW);
        assertEquals(Optional.empty(), bearer.redeem(NOW));
        bearer.session().lost(NOW);
        return issued;
    }

    private Credential find(Ticket.Issued issued, String source) {
        LoginRequest request = new LoginRequest(new InetSocketAddress(source, 5), WEB, Authentication.NLA, NOW);
        return tickets.find(new Claim(issued.ticket().user(), "", ""), request, NOW)
                .get(0);
    }

    @Test
    void ofManyUsesAtOnceOneSucceeds() throws Exception {
        Ticket.Issued issued = issue(WEB, 120);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> uses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                uses.add(() -> find(issued, WEB, NOW).redeem(NOW).isEmpty());
            }
            int successes = 0;
            for (Future<Boolean> use : threads.invokeAll(uses)) {
                successes += use.get() ? 1 : 0;
            }
            assertEquals(1, successes);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void passwordsHave130BitsAndAreNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Ticket.Issued issued = issue(WEB, 60);
            assertEquals(26, issued.password().length);
            assertTrue(new String(issued.password()).matches("[0-9a-hjkmnp-tv-z]{26}"));
            assertTrue(seen.add(new String(issued.password())));
            assertTrue(seen.add(issued.ticket().user()));
        }
    }

    @Test
    void showsNoPasswordAndWipesIt() {
        Ticket.Issued issued = issue(WEB, 120);

        assertFalse(issued.toString().contains(new String(issued.password())));
        issued.wipe();
        assertArrayEquals(new char[26], issued.password());
    }

    @Test
    void severalTicketsMayShareAName() {
        Ticket.Issued first = tickets.issue(terms(WEB, 120, Optional.of("alice")), NOW);
        Ticket.Issued second = tickets.issue(terms(DB, 120, Optional.of("alice")), NOW);

        List<Credential> found = tickets.find(new Claim("ALICE@realm", "", ""), request(DB), NOW);
        assertEquals(2, found.size());
        assertEquals(Optional.of(Denial.OTHER_CONSOLE), found.get(0).denial(NOW));
        assertEquals(Optional.empty(), found.get(1).denial(NOW));
        assertTrue(found.get(0).ntHash().matches(NtHash.ofPassword(first.password())));
        assertTrue(found.get(1).ntHash().matches(NtHash.ofPassword(second.password())));
    }

    @Test
    void unknownNamesTakeTheSameSteps() {
        List<Credential> found = tickets.find(new Claim("nobody", "", ""), request(WEB), NOW);

        assertEquals(1, found.size());
        assertEquals(Optional.of(Denial.NO_SUCH_USER), found.get(0).redeem(NOW));
    }

    @Test
    void refusesToIssueTooMany() {
        for (int i = 0; i < Tickets.MAX_LIVE_PER_USER; i++) {
            tickets.issue(terms(WEB, 120, Optional.of("alice")), NOW);
        }
        assertThrows(IllegalStateException.class, () -> tickets.issue(terms(WEB, 120, Optional.of("Alice")), NOW));
        for (int i = Tickets.MAX_LIVE_PER_USER; i < Tickets.MAX_LIVE; i++) {
            issue(WEB, 120);
        }
        assertThrows(IllegalStateException.class, () -> issue(WEB, 120));
        tickets.issue(terms(WEB, 120, Optional.empty()), NOW.plus(Duration.ofSeconds(120)));
    }

    @Test
    void forgetsEndedTicketsInTheEnd() {
        Ticket.Issued issued = issue(WEB, 120);
        Moment later = NOW.plus(Duration.ofSeconds(120)).plus(Tickets.REMEMBERED);

        assertEquals(
                Optional.of(Denial.EXPIRED),
                find(issued, WEB, later.plus(Duration.ofSeconds(-1))).denial(later));
        assertEquals(Optional.of(Denial.NO_SUCH_USER), find(issued, WEB, later).denial(later));
    }

    @Test
    void viewOnlyIsKept() {
        Ticket.Issued issued = tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(9), true, Optional.empty()), NOW);

        assertTrue(find(issued, WEB, NOW).viewOnly());
    }

    @Test
    void refusesTermsOutOfBounds() {
        assertThrows(IllegalArgumentException.class, () -> terms(WEB, 0, Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> terms(WEB, 86_401, Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> terms(WEB, 60, Optional.of("a\nb")));
    }

    private Ticket.Issued issue(ConsoleRef console, int seconds) {
        return tickets.issue(terms(console, seconds, Optional.empty()), NOW);
    }

    private static Ticket.Terms terms(ConsoleRef console, int seconds, Optional<String> user) {
        return new Ticket.Terms(console, Duration.ofSeconds(seconds), false, user);
    }

    private Credential find(Ticket.Issued issued, ConsoleRef console, Moment now) {
        return tickets.find(new Claim(issued.ticket().user(), "", ""), request(console), now)
                .get(0);
    }

    private static LoginRequest request(ConsoleRef console) {
        return new LoginRequest(new InetSocketAddress("192.0.2.1", 5), console, Authentication.NLA, NOW);
    }
}
