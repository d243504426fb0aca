// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A connection that wants in.
 *
 * @param source the client's address as this host sees it
 * @param console which console it leads to
 * @param authentication how it is to prove itself
 * @param began when it was accepted
 */
public record LoginRequest(InetSocketAddress source, ConsoleRef console, Authentication authentication, Moment began) {

    public LoginRequest {
        Objects.requireNonNull(source);
        Objects.requireNonNull(console);
        Objects.requireNonNull(authentication);
        Objects.requireNonNull(began);
    }

    /** What counts as the client's address: that, or the IPv6 network it is in. */
    String network() {
        return GuessLimiter.network(source.getAddress());
    }
}
