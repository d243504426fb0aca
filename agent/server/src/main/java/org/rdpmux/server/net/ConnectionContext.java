// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.security.tls.TlsSettings;
import org.rdpmux.server.connection.ConnectionState;
import org.rdpmux.server.console.GuestConsole;
import org.rdpmux.server.login.LoginContext;

/**
 * What all connections of an endpoint share.
 *
 * @param console where they lead to
 * @param firstStates gives each connection's first state, which holds the endpoint's policy
 * @param tls what the server proves itself with
 * @param login where clients prove themselves
 * @param handshakeNanos from accept to the end of the connection sequence
 * @param viewerIds counts viewers, for the whole server
 * @param failures where failed connections are logged
 */
public record ConnectionContext(
        GuestConsole console,
        Supplier<ConnectionState> firstStates,
        Tls tls,
        LoginContext login,
        long handshakeNanos,
        AtomicLong viewerIds,
        FailureLog failures) {

    ConnectionState firstState() {
        return firstStates.get();
    }

    /**
     * TLS of the server.
     *
     * @param identity gives each connection its certificate
     * @param handshakes runs the slow steps of TLS handshakes
     */
    public record Tls(Supplier<TlsIdentity> identity, TlsSettings settings, Executor handshakes) {}

    long nextViewerId() {
        return viewerIds.incrementAndGet();
    }

    String consoleName() {
        return console.name();
    }
}
