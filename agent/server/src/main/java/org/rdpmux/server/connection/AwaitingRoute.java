// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionConfirm.Failed;
import org.rdpmux.pdu.x224.ConnectionRequest;

/**
 * The driver finds out where the connection leads.
 *
 * @param request the client's, which has not been answered; empty if it began with TLS
 */
record AwaitingRoute(ConnectionConfig config, Optional<ConnectionRequest> request) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Routed routed) {
            Negotiation negotiation = new Negotiation(config, routed.policy());
            return request.map(negotiation::answer).orElseGet(negotiation::direct);
        }
        if (in instanceof Inbound.NotRouted refused) {
            // There is no code that says it better: no certificate, since there is nothing to prove. TLS has not begun,
            // so
            // a client that began with it is not told.
            List<Action> answer = request.isEmpty()
                    ? List.of()
                    : List.of(new Action.Send(ConnectionConfirm.failed(Failed.SSL_CERT_NOT_ON_SERVER)));
            return Closed.with(answer, refused.reason(), false);
        }
        if (in instanceof Inbound.Frame) {
            throw new PduException("x224Crq", "code", "more before the answer");
        }
        if (in instanceof Inbound.Disconnect) {
            return Closed.with(List.of(), "ended before it led anywhere", true);
        }
        throw unexpected(in);
    }
}
