// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

    private final Gate gate;
    private final LoginRequest request;
    private final CredentialStore store;
    private Claim claim = new Claim("", "", "");
    private GuessLimiter.Attempt attempt;

    Admission(Gate gate, LoginRequest request, CredentialStore store) {
        this.gate = gate;
        this.request = request;
        this.store = store;
    }

    /** What to do about somebody who says who it is. */
    public sealed interface Inquiry {

        /**
         * Wait for {@code delay}, without blocking anybody else, then see whether it knows one of these secrets.
         */
        record Try(List<Credential> credentials, Duration delay) implements Inquiry {}

        /** Refuse with reason {@code locked-out}, without looking at what it knows. */
        record LockedOut(Instant until) implements Inquiry {}

        /** Refuse with reason {@code store-unavailable}. The log knows more. */
        record Unavailable() implements Inquiry {}
    }

    /**
     * Counts the attempt. Once for a connection; does not block.
     *
     * @return how to refuse it without a look-up, if it is locked out
     */
    public Optional<Inquiry.LockedOut> begin(Claim who, Instant now) {
        if (attempt != null) {
            throw new IllegalStateException("one attempt for a connection");
        }
        claim = who;
        attempt = gate.limiter.begin(request.source().getAddress(), who, now);
        return attempt.lockedUntil().map(Inquiry.LockedOut::new);
    }

    /** Looks the claim up, after {@link #begin}. May block like the store; on any thread, while nothing else is asked. */
    public Inquiry lookUp(Instant now) {
        try {
            return new Inquiry.Try(store.find(claim, request.console(), now), attempt.delay());
        } catch (IOException e) {
            log.warn("cannot look up who may see {}: {}", request.console().name(), e.getMessage());
            return new Inquiry.Unavailable();
        }
    }

    /** The secret was not looked at: this was no guess. */
    public void notTried() {
        attempt.notTried();
    }

    /**
     * Lets in whoever has proven to know {@code credential}'s secret, if that may be used here and now and its account may
     * see the console. Of several connections that use a credential that works once, one gets in.
     *
     * @return empty if not; the audit trail knows why
     */
    public Optional<Login> admit(Credential credential, Instant now) {
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
            record(credential, "", denial.get().toString(), now);
            return Optional.empty();
        }
        attempt.succeeded();
        record(credential, role.get().toString(), AuditEvent.OK, now);
        return Optional.of(new Login(credential.account(), Optional.of(credential.source()), role.get()));
    }

    /** Notes that somebody who knows {@code credential}'s secret is refused, since it may not be used. */
    public void deny(Credential credential, Instant now) {
        record(
                credential,
                "",
                credential.denial(now).map(Credential.Denial::toString).orElse("denied-credential"),
                now);
    }

    /** Notes that the connection is refused, for a reason of one word. */
    public void refuse(String reason, Instant now) {
        record(new AuditEvent.Subject("", claimed(), "", ""), reason, now);
    }

    /**
     * Decides about a name and a password, as the TLS policy has them.
     *
     * @param credentials as {@link #lookUp} found them
     * @param password the caller's to wipe
     * @return empty if refused; the audit trail knows why
     */
    public Optional<Login> verify(List<Credential> credentials, char[] password, Instant now) {
        Credential match = null;
        if (password.length <= NtHash.MAX_PASSWORD) {
            NtHash hash = NtHash.ofPassword(password);
            for (Credential credential : credentials) {
                boolean fits = credential.ntHash().matches(hash);
                if (fits && (match == null || match.denial(now).isPresent())) {
                    match = credential;
                }
            }
            hash.wipe();
        }
        if (match == null) {
            refuse("wrong-credentials", now);
            return Optional.empty();
        }
        return admit(match, now);
    }

    /** Lets in whoever comes, where the policy says so. */
    public Login admitAnybody(Instant now) {
        if (request.authentication() != Authentication.NONE) {
            throw new IllegalStateException("not with authentication " + request.authentication());
        }
        record(new AuditEvent.Subject("", "", "", Role.CONTROL.toString()), AuditEvent.OK, now);
        return new Login("", Optional.empty(), Role.CONTROL);
    }

    private void record(Credential credential, String role, String reason, Instant now) {
        record(
                new AuditEvent.Subject(
                        credential.account(), claimed(), credential.source().toString(), role),
                reason,
                now);
    }

    private void record(AuditEvent.Subject subject, String reason, Instant now) {
        AuditEvent.Place place = new AuditEvent.Place(
                request.source(),
                request.console().name(),
                request.authentication().toString());
        Duration took = Duration.between(request.began(), now);
        gate.audit.accept(new AuditEvent(now, AuditEvent.Action.LOGIN, reason, subject, place, took));
    }

    private String claimed() {
        return claim.domain().isEmpty() ? claim.user() : claim.domain() + "\\" + claim.user();
    }
}
