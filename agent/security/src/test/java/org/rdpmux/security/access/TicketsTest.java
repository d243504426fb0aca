// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
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

        assertEquals(Optional.empty(), early.denial(NOW.plusSeconds(119)));
        assertEquals(Optional.of(Denial.EXPIRED), early.redeem(NOW.plusSeconds(120)));
        assertEquals(
                Optional.of(Denial.EXPIRED),
                find(issued, WEB, NOW.plusSeconds(120)).redeem(NOW.plusSeconds(120)));
        assertTrue(tickets.live(NOW.plusSeconds(120)).isEmpty());
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
        tickets.revokeAll(DB, NOW);
        assertEquals(Optional.of(Denial.REVOKED), find(other, DB, NOW).redeem(NOW));
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

        List<Credential> found = tickets.find(new Claim("ALICE@realm", "", ""), DB, NOW);
        assertEquals(2, found.size());
        assertEquals(Optional.of(Denial.OTHER_CONSOLE), found.get(0).denial(NOW));
        assertEquals(Optional.empty(), found.get(1).denial(NOW));
        assertTrue(found.get(0).ntHash().matches(NtHash.ofPassword(first.password())));
        assertTrue(found.get(1).ntHash().matches(NtHash.ofPassword(second.password())));
    }

    @Test
    void unknownNamesTakeTheSameSteps() {
        List<Credential> found = tickets.find(new Claim("nobody", "", ""), WEB, NOW);

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
        tickets.issue(terms(WEB, 120, Optional.empty()), NOW.plusSeconds(120));
    }

    @Test
    void forgetsEndedTicketsInTheEnd() {
        Ticket.Issued issued = issue(WEB, 120);
        Instant later = NOW.plusSeconds(120).plus(Tickets.REMEMBERED);

        assertEquals(
                Optional.of(Denial.EXPIRED),
                find(issued, WEB, later.minusSeconds(1)).denial(later));
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

    private Credential find(Ticket.Issued issued, ConsoleRef console, Instant now) {
        return tickets.find(new Claim(issued.ticket().user(), "", ""), console, now)
                .get(0);
    }
}
