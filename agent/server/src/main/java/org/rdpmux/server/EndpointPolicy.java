// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.Objects;

/**
 * Who may come in at an endpoint, and how.
 *
 * @param authentication what a client must prove before it sees anything
 */
public record EndpointPolicy(Authentication authentication) {

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
    }

    /** Anybody on this machine. */
    public static EndpointPolicy open() {
        return new EndpointPolicy(Authentication.NONE);
    }
}
