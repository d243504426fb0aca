// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.tls.TlsIdentity;

/**
 * Who may come in at an endpoint, and how, and what the endpoint proves itself with.
 *
 * @param authentication what a client must prove before it sees anything
 * @param credentials whom it may prove to be; asked on threads that may block
 * @param consoleId what one-time tickets for the console are bound to: stays the same when the console is renamed
 * @param openAnywhere lets {@link Authentication#NONE} serve addresses beyond loopback: said twice, so that nobody opens a
 *     guest to a network by mistake
 * @param ownIdentity the endpoint's own certificate, asked once for each connection so that a renewed one is used from then
 *     on; empty for the server's; must not block
 */
public record EndpointPolicy(
        Authentication authentication,
        CredentialStore credentials,
        String consoleId,
        boolean openAnywhere,
        Supplier<Optional<TlsIdentity>> ownIdentity) {

    private static final CredentialStore NOBODY = CredentialStore.all(List.of());
    private static final Supplier<Optional<TlsIdentity>> SERVERS = Optional::empty;

    public EndpointPolicy {
        Objects.requireNonNull(authentication);
        Objects.requireNonNull(credentials);
        Objects.requireNonNull(consoleId);
        Objects.requireNonNull(ownIdentity);
        if (openAnywhere && authentication != Authentication.NONE) {
            throw new IllegalArgumentException("open to all, but with authentication " + authentication);
        }
    }

    /** A policy of an endpoint that shows the server's certificate. */
    public EndpointPolicy(
            Authentication authentication, CredentialStore credentials, String consoleId, boolean openAnywhere) {
        this(authentication, credentials, consoleId, openAnywhere, SERVERS);
    }

    /** This policy with a certificate of the endpoint's own. */
    public EndpointPolicy withOwnIdentity(Supplier<Optional<TlsIdentity>> value) {
        return new EndpointPolicy(authentication, credentials, consoleId, openAnywhere, value);
    }

    /** Network level authentication. */
    public static EndpointPolicy nla(CredentialStore credentials, String consoleId) {
        return new EndpointPolicy(Authentication.NLA, credentials, consoleId, false);
    }

    /** Name and password inside TLS. */
    public static EndpointPolicy tls(CredentialStore credentials, String consoleId) {
        return new EndpointPolicy(Authentication.TLS, credentials, consoleId, false);
    }

    /** Anybody on this machine. */
    public static EndpointPolicy open() {
        return new EndpointPolicy(Authentication.NONE, NOBODY, "", false);
    }
}
