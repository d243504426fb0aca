// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.List;
import java.util.Objects;
import org.rdpmux.security.access.CredentialStore;

/**
 * Who may come in at an endpoint, and how.
 *
 * @param authentication what a client must prove before it sees anything
 * @param credentials whom it may prove to be; asked on threads that may block
 * @param consoleId what one-time tickets for the console are bound to: stays the same when the console is renamed
 * @param openAnywhere lets {@link Authentication#NONE} serve addresses beyond loopback: said twice, so that nobody opens a
 *     guest to a network by mistake
 */
public record EndpointPolicy(
        Authentication authentication, CredentialStore credentials, String consoleId, boolean openAnywhere) {

    private static final CredentialStore NOBODY = CredentialStore.all(List.of());

    /** How a client proves who it is. The connection is encrypted with TLS in any case. */
    public enum Authentication {
        /** Network level authentication: CredSSP before the RDP connection begins. */
        NLA,
        /** TLS; user name and password come with the client's Info PDU. */
        TLS,
        /** TLS; anybody who reaches the address is let in. Only for loopback addresses. */
        NONE
    }

    public EndpointPolicy {
        Objects.requireNonNull(authentication);
        Objects.requireNonNull(credentials);
        Objects.requireNonNull(consoleId);
        if (openAnywhere && authentication != Authentication.NONE) {
            throw new IllegalArgumentException("open to all, but with authentication " + authentication);
        }
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
