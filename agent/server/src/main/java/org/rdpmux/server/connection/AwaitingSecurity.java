// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import org.rdpmux.pdu.PduException;

/**
 * The driver is busy with TLS or CredSSP.
 *
 * @param nla which of the two
 * @param then the state that follows
 */
record AwaitingSecurity(boolean nla, ConnectionState then) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        boolean done = nla ? in instanceof Inbound.NlaSucceeded : in instanceof Inbound.TlsEstablished;
        if (done) {
            return new Step(then, List.of());
        }
        if (in instanceof Inbound.Disconnect) {
            return Closed.with(List.of(), "ended while security was negotiated", true);
        }
        if (in instanceof Inbound.Frame) {
            throw new PduException("TPKT", "version", "in the clear where TLS was agreed on");
        }
        throw unexpected(in);
    }
}
