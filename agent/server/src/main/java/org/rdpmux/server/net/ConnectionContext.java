// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.concurrent.atomic.AtomicLong;
import org.rdpmux.security.tls.TlsSettings;
import org.rdpmux.server.login.FairThreads;

/**
 * What all connections of a listener share.
 *
 * @param router finds where they lead
 * @param tls what TLS is offered
 * @param handshakeNanos from accept to the end of the connection sequence
 * @param viewerIds counts viewers, for the whole server
 * @param viewers bounds the viewers of each console, for the whole server
 * @param failures where failed connections are logged
 */
public record ConnectionContext(
        Router router, Tls tls, long handshakeNanos, AtomicLong viewerIds, ViewerLimiter viewers, FailureLog failures) {

    /**
     * TLS of the server.
     *
     * @param handshakes run the slow steps of TLS handshakes
     */
    public record Tls(TlsSettings settings, FairThreads handshakes) {}

    long nextViewerId() {
        return viewerIds.incrementAndGet();
    }
}
