// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's way through the {@link Gate}: {@link #begin} and {@link #lookUp} when it says who it is, then
 * {@link #admit} or {@link #refuse} once it has proven that or not; {@link #verify} does the latter for a password. One
 * thread at a time.
 */
public final class Admission {

    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    /** The reason of a refusal that counts as a guess. */
    static final String WRONG_CREDENTIALS = "wrong-credentials";

    private final Gate gate;
    private final LoginRequest request;
    private final CredentialStore store;
    private Claim claim = new Claim("", "", "");
    private GuessLimiter.Attempt attempt;
    private boolean decided;

    Admission(Gate gate, LoginRequest request, CredentialStore store) {
        this.gate = gate;
        this.request = request;
        this.store = store;
    }

    /** What to do about somebody who says who it is. */
    public sealed interface Inquiry {

        /**
         * Wait for {@code delay}, without blocking anybody else, then see whether it knows one of these secrets. Whoever
         * knows one of the {@code unguessable} ones, which are among the others, need not wait.
         */
        record Try(List<Credential> credentials, List<Credential> unguessable, Duration delay) implements Inquiry {}

        /** Refuse with reason {@code locked-out}, without looking at what it knows. */
        record LockedOut(Moment until) implements Inquiry {}

        /** Refuse with reason {@code store-unavailable}. The log knows more. */
        record Unavailable() implements Inquiry {}
    }

    /**
     * Counts the attempt. Once for a connection; does not block.
     *
     * @return what to do about it without a look-up, if it is locked out: a ticket that the claim names works nonetheless
     */
    public Optional<Inquiry> begin(Claim who, Moment now) {
        if (attempt != null) {
            throw new IllegalStateException("one attempt for a connection");
        }
        claim = who;
        attempt = gate.limiter.begin(request.source().getAddress(), who, now);
        return attempt.lockedUntil().map(until -> {
            List<Credential> tickets = store.unguessable(who, request, now);
            return tickets.isEmpty() ? new Inquiry.LockedOut(until) : new Inquiry.Try(tickets, tickets, Duration.ZERO);
        });
    }

    /** Looks the claim up, after {@link #begin}. May block like the store; on any thread, while nothing else is asked. */
    public Inquiry lookUp(Moment now) {
        try {
            return new Inquiry.Try(
                    store.find(claim, request, now), store.unguessable(claim, request, now), attempt.delay());
        } catch (IOException e) {
            log.warn("cannot look up who may see {}: {}", request.console().name(), e.getMessage());
            return new Inquiry.Unavailable();
        }
    }

    /**
     * The client has gone. If nothing was decided about it, it gave up, which is no guess: its secret was not looked at, or
     * it was right and the client left before the end.
     */
    public void abandon(Moment now) {
        if (attempt != null && !decided) {
            refuse("gave-up", now);
        }
    }

    /**
     * Lets in whoever has proven to know {@code credential}'s secret, if that may be used here and now and its account may
     * see the console. Of several connections that use a credential that works once, one gets in.
     *
     * @return empty if not; the audit trail knows why
     */
    public Optional<Login> admit(Credential credential, Moment now) {
        if (attempt == null) {
            throw new IllegalStateException("nobody asked");
        }
        Optional<Role> role = gate.authorization.get().role(credential, request.console());
        if (role.isEmpty()) {
            // It knows its secret: that was no guess.
            attempt.succeeded();
            record(credential, "", "no-role", now);
            return Optional.empty();
        }
        Optional<Credential.Denial> denial = credential.redeem(now);
        if (denial.isPresent()) {
            if (credential.source() == Credential.Source.TICKET) {
                attempt.noGuess();
            }
            record(credential, "", denial.get().toString(), now);
            return Optional.empty();
        }
        if (credential.source() == Credential.Source.TICKET) {
            attempt.noGuess(); // says nothing about who guessed that name's password before
        } else {
            attempt.succeeded();
        }
        record(credential, role.get().toString(), AuditEvent.OK, now);
        return Optional.of(
                new Login(credential.account(), Optional.of(credential.source()), role.get(), credential.session()));
    }

    /** Notes that somebody who knows {@code credential}'s secret is refused, since it may not be used. */
    public void deny(Credential credential, Moment now) {
        if (credential.source() == Credential.Source.TICKET) {
            attempt.noGuess(); // nobody guesses a ticket
        }
        record(
                credential,
                "",
                credential.denial(now).map(Credential.Denial::toString).orElse("denied-credential"),
                now);
    }

    /**
     * Notes that the connection is refused, for a reason of one word. Only {@link #WRONG_CREDENTIALS} is a guess: for any
     * other reason no secret was looked at, or it was right.
     */
    public void refuse(String reason, Moment now) {
        boolean guess = reason.equals(WRONG_CREDENTIALS);
        boolean locked = attempt != null && attempt.lockedUntil().isPresent();
        if (attempt != null && !guess) {
            attempt.noGuess();
        }
        record(new AuditEvent.Subject("", claimed(), "", ""), guess && locked ? "locked-out" : reason, now);
    }

    /**
     * Decides about a name and a password, as the TLS policy has them.
     *
     * @param credentials as {@link #lookUp} found them
     * @param password the caller's to wipe
     * @return empty if refused; the audit trail knows why
     */
    public Optional<Login> verify(List<Credential> credentials, char[] password, Moment now) {
        Credential match = null;
        for (Credential credential : knownTo(password, credentials)) {
            if (match == null || match.denial(now).isPresent()) {
                match = credential;
            }
        }
        if (match == null) {
            refuse(WRONG_CREDENTIALS, now);
            return Optional.empty();
        }
        return admit(match, now);
    }

    /** Those of these credentials whose secret this password is. */
    public static List<Credential> knownTo(char[] password, List<Credential> credentials) {
        if (password.length > NtHash.MAX_PASSWORD) {
            return List.of();
        }
        NtHash hash = NtHash.ofPassword(password);
        try {
            return credentials.stream()
                    .filter(credential -> credential.ntHash().matches(hash))
                    .toList();
        } finally {
            hash.wipe();
        }
    }

    /** Lets in whoever comes, where the policy says so. */
    public Login admitAnybody(Moment now) {
        if (request.authentication() != Authentication.NONE) {
            throw new IllegalStateException("not with authentication " + request.authentication());
        }
        record(new AuditEvent.Subject("", "", "", Role.CONTROL.toString()), AuditEvent.OK, now);
        return new Login("", Optional.empty(), Role.CONTROL);
    }

    private void record(Credential credential, String role, String reason, Moment now) {
        record(
                new AuditEvent.Subject(
                        credential.account(), claimed(), credential.source().toString(), role),
                reason,
                now);
    }

    private void record(AuditEvent.Subject subject, String reason, Moment now) {
        decided = true;
        AuditEvent.Place place = AuditEvent.Place.at(
                request.source(),
                request.console().name(),
                request.authentication().toString());
        Duration took = request.began().until(now);
        gate.audit.accept(new AuditEvent(now.time(), AuditEvent.Action.LOGIN, reason, subject, place, took));
    }

    private String claimed() {
        return claim.domain().isEmpty() ? claim.user() : claim.domain() + "\\" + claim.user();
    }
}
