// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.security.access.Admission.Inquiry;

class AdmissionTest {

    private static final Moment NOW = new Moment(Instant.parse("2026-11-22T12:00:00Z"), 7);
    private static final ConsoleRef WEB = new ConsoleRef("1", "web");
    private static final ConsoleRef DB = new ConsoleRef("2", "db");

    private final List<String> trail = new ArrayList<>();
    private final Tickets tickets = new Tickets(new SecureRandom());
    private final CredentialStore store = CredentialStore.all(List.of(
            SamFile.parse("alice:::878d8014606cda29677a44efa1353fc7:::\n".getBytes(StandardCharsets.UTF_8)),
            tickets,
            new ConsolePasswords(console -> console.equals(DB)
                    ? ConsolePassword.of(
                            "graphics".toCharArray(), Optional.of(NOW.time().plusSeconds(60)))
                    : Optional.empty())));
    private Authorization rules = Authorization.OPEN;
    private final Gate gate =
            new Gate(new GuessLimiter(GuessLimiter.Limits.DEFAULT), () -> rules, event -> trail.add(event.line()));

    AdmissionTest() throws IOException {}

    @Test
    void letsInWhoKnowsThePasswordAndSaysSo() {
        Optional<Login> login = verify(WEB, "alice", "secret", NOW);

        assertEquals(Optional.of(new Login("alice", Optional.of(Credential.Source.SAM_FILE), Role.CONTROL)), login);
        assertEquals(
                List.of("event=login result=allowed user=alice claimed=alice source=192.0.2.1:5 console=web method=tls"
                        + " store=sam-file role=control duration_ms=250"),
                trail);
    }

    @Test
    void refusesAWrongPasswordLikeAnUnknownUser() {
        assertEquals(Optional.empty(), verify(WEB, "alice", "wrong", NOW));
        assertEquals(Optional.empty(), verify(WEB, "nobody", "secret", NOW));
        assertEquals(Optional.empty(), verify(WEB, "alice", "x".repeat(10_000), NOW));

        assertEquals(3, trail.size());
        assertTrue(trail.stream().allMatch(line -> line.contains("result=refused reason=wrong-credentials")));
    }

    @Test
    void asksEveryStoreTheSameNumberOfThingsWhoeverComes() {
        assertEquals(candidates("alice"), candidates("nobody"));
    }

    private int candidates(String user) {
        Inquiry inquiry = inquire(admission(WEB), user, NOW);
        return assertInstanceOf(Inquiry.Try.class, inquiry).credentials().size();
    }

    @Test
    void aTicketWorksOnceAndTheTrailTellsWhatHappenedToTheOthers() {
        Ticket.Issued issued =
                tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(60), true, Optional.of("alice")), NOW);
        String password = new String(issued.password());

        assertEquals(Optional.empty(), verify(DB, "alice", password, NOW));
        assertEquals(
                Optional.of(Role.VIEW_ONLY), verify(WEB, "alice", password, NOW).map(Login::role));
        assertEquals(Optional.empty(), verify(WEB, "alice", password, NOW));

        assertEquals(
                List.of("reason=ticket-for-other-console", "role=view-only", "reason=ticket-used"),
                trail.stream()
                        .map(line -> line.replaceAll(".*(reason=\\S+|role=\\S+).*", "$1"))
                        .toList());
        assertTrue(trail.stream().noneMatch(line -> line.contains(password)));
    }

    @Test
    void honoursTheConsolePasswordUnderAnyNameUntilItExpires() {
        assertEquals(
                Optional.of(ConsolePasswords.ACCOUNT),
                verify(DB, "whoever", "graphics", NOW).map(Login::account));
        assertEquals(Optional.empty(), verify(DB, "whoever", "graphics", NOW.plus(Duration.ofSeconds(60))));
        assertEquals(Optional.empty(), verify(WEB, "whoever", "graphics", NOW));
        assertEquals(Optional.empty(), verify(WEB, "whoever", "", NOW));
        assertTrue(trail.get(1).contains("reason=expired"), trail.get(1));
    }

    @Test
    void anAccountWithoutARoleIsRefusedAndNotTakenForAGuesser() {
        rules = Authorization.parse(List.of("control bob *"));
        for (int i = 0; i < 100; i++) {
            assertEquals(Optional.empty(), verify(WEB, "alice", "secret", NOW));
        }
        assertTrue(trail.get(99).contains("reason=no-role user=alice"), trail.get(99));
    }

    @Test
    void guessersAreSlowedDownThenLockedOut() {
        for (int i = 0; i < 10; i++) {
            verify(WEB, "alice", "guess", NOW);
        }
        Inquiry inquiry = inquire(admission(WEB), "alice", NOW);

        assertInstanceOf(Inquiry.LockedOut.class, inquiry);
    }

    @Test
    void whoGivesUpBeforeItsSecretIsLookedAtHasGuessedNothing() {
        for (int i = 0; i < 100; i++) {
            Admission admission = admission(WEB);
            assertInstanceOf(Inquiry.Try.class, inquire(admission, "alice", NOW));
            admission.abandon(NOW);
            admission.abandon(NOW);
        }
        assertEquals(Optional.of("alice"), verify(WEB, "alice", "secret", NOW).map(Login::account));
        assertEquals(101, trail.size(), "a line for each");
        assertTrue(trail.get(0).contains("reason=gave-up claimed=alice"), trail.get(0));
    }

    @Test
    void everyFailureThatCountsHasALine() {
        for (String reason : List.of("malformed", "unsupported", "tampered", "relayed", "store-unavailable")) {
            for (int i = 0; i < 50; i++) {
                Admission admission = admission(WEB);
                inquire(admission, "alice", NOW);
                admission.refuse(reason, NOW);
            }
        }
        assertEquals(
                Duration.ZERO,
                assertInstanceOf(Inquiry.Try.class, inquire(admission(WEB), "alice", NOW))
                        .delay());
    }

    @Test
    void aTicketWorksWhoeverIsLockedOutBesideIt() {
        Ticket.Issued issued =
                tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(60), false, Optional.of("alice")), NOW);
        for (int i = 0; i < 40; i++) {
            inquire(admission(WEB), "alice", NOW);
            inquire(admission(WEB), "user" + i, NOW);
        }
        assertInstanceOf(Inquiry.LockedOut.class, inquire(admission(WEB), "bob", NOW));

        assertEquals(Optional.empty(), verify(WEB, "alice", "secret", NOW), "her password does not");
        assertTrue(trail.get(0).contains("reason=locked-out"), trail.get(0));
        assertEquals(
                Optional.of("alice"),
                verify(WEB, "alice", new String(issued.password()), NOW).map(Login::account));
    }

    @Test
    void aTicketThatWasUsedIsNoGuess() {
        Ticket.Issued issued =
                tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(60), false, Optional.of("alice")), NOW);
        String password = new String(issued.password());
        for (int i = 0; i < 50; i++) {
            assertEquals(i == 0, verify(WEB, "alice", password, NOW).isPresent());
        }
        assertEquals(Optional.of("alice"), verify(WEB, "alice", "secret", NOW).map(Login::account));
    }

    @Test
    void aStoreThatCannotBeAskedRefusesEverybodyAndBlamesNobody() {
        CredentialStore broken = (claim, request, now) -> {
            throw new IOException("libvirt is away");
        };
        for (int i = 0; i < 50; i++) {
            Admission admission = gate.admission(request(WEB, Authentication.NLA), broken);
            assertInstanceOf(Inquiry.Unavailable.class, inquire(admission, "alice", NOW));
            admission.refuse("store-unavailable", NOW);
        }
        assertEquals(Optional.of("alice"), verify(WEB, "alice", "secret", NOW).map(Login::account));
    }

    @Test
    void anybodyComesInOnlyWhereThePolicySaysSo() {
        Login login = gate.admission(request(WEB, Authentication.NONE), store).admitAnybody(NOW);

        assertEquals(new Login("", Optional.empty(), Role.CONTROL), login);
        assertTrue(trail.get(0).contains("result=allowed source=192.0.2.1:5 console=web method=none"), trail.get(0));
        assertThrows(IllegalStateException.class, () -> admission(WEB).admitAnybody(NOW));
    }

    @Test
    void aConnectionHasOneAttempt() {
        Admission admission = admission(WEB);
        assertThrows(IllegalStateException.class, () -> admission.admit(null, NOW));
        admission.begin(new Claim("alice", "", ""), NOW);

        assertThrows(IllegalStateException.class, () -> admission.begin(new Claim("bob", "", ""), NOW));
    }

    private Optional<Login> verify(ConsoleRef console, String user, String password, Moment now) {
        Admission admission = admission(console);
        Inquiry inquiry = inquire(admission, user, now);
        List<Credential> credentials =
                assertInstanceOf(Inquiry.Try.class, inquiry).credentials();
        return admission.verify(credentials, password.toCharArray(), now);
    }

    private static Inquiry inquire(Admission admission, String user, Moment now) {
        Optional<Inquiry> locked = admission.begin(new Claim(user, "", ""), now);
        return locked.isPresent() ? locked.get() : admission.lookUp(now);
    }

    private Admission admission(ConsoleRef console) {
        return gate.admission(request(console, Authentication.TLS), store);
    }

    private static LoginRequest request(ConsoleRef console, Authentication method) {
        return new LoginRequest(
                new InetSocketAddress("192.0.2.1", 5), console, method, NOW.plus(Duration.ofMillis(-250)));
    }
}
