// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.server.Opening;

/**
 * Nothing but a preconnection PDU has been said; the X.224 Connection Request is next, or TLS.
 *
 * @param preconnection what was said
 */
record AwaitingRequest(ConnectionConfig config, Optional<PreconnectionPdu> preconnection) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            ConnectionRequest request = ConnectionRequest.decode(frame.pdu());
            return route(Optional.of(request), request.cookie());
        }
        if (in instanceof Inbound.Preconnection named) {
            return new Step(new AwaitingRequest(config, Optional.of(named.pdu())), List.of());
        }
        if (in instanceof Inbound.DirectTls) {
            return route(Optional.empty(), "");
        }
        if (in instanceof Inbound.Disconnect) {
            return Closed.with(List.of(), "ended before the client's request", true);
        }
        throw unexpected(in);
    }

    private Step route(Optional<ConnectionRequest> request, String cookie) {
        Opening opening = new Opening(preconnection, cookie);
        return new Step(new AwaitingRoute(config, request), List.of(new Action.Route(opening)));
    }
}
