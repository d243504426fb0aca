// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.rdpmux.server.connection.ConnectionState;
import org.rdpmux.server.console.GuestConsole;

/**
 * What all connections of an endpoint share.
 *
 * @param console where they lead to
 * @param firstStates gives each connection's first state, which holds the endpoint's policy
 * @param tlsEngines gives each connection's server end of TLS
 * @param handshakes runs the slow steps of TLS handshakes
 * @param handshakeNanos from accept to the end of the connection sequence
 * @param viewerIds counts viewers, for the whole server
 * @param failures where failed connections are logged
 */
public record ConnectionContext(
        GuestConsole console,
        Supplier<ConnectionState> firstStates,
        Supplier<SSLEngine> tlsEngines,
        Executor handshakes,
        long handshakeNanos,
        AtomicLong viewerIds,
        FailureLog failures) {

    ConnectionState firstState() {
        return firstStates.get();
    }

    SSLEngine newTlsEngine() {
        return tlsEngines.get();
    }

    long nextViewerId() {
        return viewerIds.incrementAndGet();
    }

    String consoleName() {
        return console.name();
    }
}
