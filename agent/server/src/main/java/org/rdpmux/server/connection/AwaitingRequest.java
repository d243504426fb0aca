// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionConfirm.Failed;
import org.rdpmux.pdu.x224.ConnectionConfirm.Selected;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;

/**
 * Nothing but a preconnection PDU has been said; the X.224 Connection Request is next.
 *
 * @param secured TLS, and CredSSP if the policy wants it, have been done already (the client began with TLS)
 */
record AwaitingRequest(ConnectionConfig config, boolean secured) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            if (secured && DataFrame.isData(frame.pdu())) {
                return notNegotiated("").on(in); // FreeRDP 3 and guacd leave the request out
            }
            return onRequest(ConnectionRequest.decode(frame.pdu()));
        }
        if (in instanceof Inbound.Preconnection preconnection) {
            return stay(new Action.Preconnected(preconnection.pdu()));
        }
        if (in instanceof Inbound.DirectTls && !secured) {
            boolean nla = config.policy() == SecurityPolicy.NLA;
            Action start = nla ? new Action.StartNla(false) : new Action.StartTls();
            return new Step(new AwaitingSecurity(nla, new AwaitingRequest(config, true)), List.of(start));
        }
        if (in instanceof Inbound.Disconnect) {
            return Closed.with(List.of(), "ended before the client's request", true);
        }
        throw unexpected(in);
    }

    private ConnectionState notNegotiated(String cookie) {
        return new AwaitingConnect(new Negotiated(config, cookie, Protocols.RDP, OptionalInt.empty()));
    }

    private Step onRequest(ConnectionRequest request) {
        if (request.negotiation().isEmpty() && secured) {
            ConnectionConfirm confirm = new ConnectionConfirm(Optional.empty());
            return new Step(notNegotiated(request.cookie()), List.of(new Action.Send(confirm)));
        }
        int offered = request.negotiation().map(NegotiationRequest::protocols).orElse(Protocols.RDP);
        OptionalInt choice = choose(offered);
        if (choice.isEmpty()) {
            int code = config.policy() == SecurityPolicy.NLA
                    ? Failed.HYBRID_REQUIRED_BY_SERVER
                    : Failed.SSL_REQUIRED_BY_SERVER;
            // INVARIANT: the failure is the last thing sent; clients misreport it otherwise.
            return Closed.with(
                    List.of(new Action.Send(ConnectionConfirm.failed(code))),
                    "client offers security protocols 0x" + Integer.toHexString(offered) + ", the endpoint wants "
                            + config.policy(),
                    true);
        }
        int selected = choice.getAsInt();
        Action confirm = new Action.Send(ConnectionConfirm.selected(Selected.EXTENDED_CLIENT_DATA_SUPPORTED, selected));
        ConnectionState connect =
                new AwaitingConnect(new Negotiated(config, request.cookie(), offered, OptionalInt.of(selected)));
        if (secured) {
            return new Step(connect, List.of(confirm));
        }
        if (selected == Protocols.SSL) {
            return new Step(new AwaitingSecurity(false, connect), List.of(confirm, new Action.StartTls()));
        }
        return new Step(
                new AwaitingSecurity(true, connect),
                List.of(confirm, new Action.StartNla(selected == Protocols.HYBRID_EX)));
    }

    /** The best of what is offered that the policy allows; bits nobody here knows count for nothing. */
    private OptionalInt choose(int offered) {
        int[] acceptable;
        if (config.policy() != SecurityPolicy.NLA) {
            acceptable = new int[] {Protocols.SSL};
        } else if (secured) {
            acceptable = new int[] {Protocols.HYBRID}; // CredSSP is over, without an authorization result
        } else {
            acceptable = new int[] {Protocols.HYBRID_EX, Protocols.HYBRID};
        }
        for (int protocol : acceptable) {
            if ((offered & protocol) != 0) {
                return OptionalInt.of(protocol);
            }
        }
        return OptionalInt.empty();
    }
}
