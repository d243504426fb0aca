// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionConfirm.Failed;
import org.rdpmux.pdu.x224.ConnectionConfirm.Selected;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;
import org.rdpmux.security.access.Authentication;

/** How a security protocol is chosen under a policy ([MS-RDPBCGR] 5.4.2). */
record Negotiation(ConnectionConfig config, Authentication policy) {

    /** The client began with TLS. */
    Step direct() {
        boolean nla = policy == Authentication.NLA;
        Action start = nla ? new Action.StartNla(Approach.DIRECT, false) : new Action.StartTls(Approach.DIRECT);
        return new Step(new AwaitingSecurity(nla, new AwaitingRequestInTls(this)), List.of(start));
    }

    /** The client sent its request in the clear. */
    Step answer(ConnectionRequest request) {
        int offered = offered(request);
        OptionalInt choice = choose(
                offered,
                policy == Authentication.NLA ? List.of(Protocols.HYBRID_EX, Protocols.HYBRID) : List.of(Protocols.SSL));
        if (choice.isEmpty()) {
            return refuse(offered);
        }
        int selected = choice.getAsInt();
        Action start = selected == Protocols.SSL
                ? new Action.StartTls(Approach.NEGOTIATED)
                : new Action.StartNla(Approach.NEGOTIATED, selected == Protocols.HYBRID_EX);
        return new Step(
                new AwaitingSecurity(selected != Protocols.SSL, connect(request, selected)),
                List.of(confirm(selected), start));
    }

    /** The client sent its request inside TLS: CredSSP is over, without an authorization result. */
    Step answerInTls(ConnectionRequest request) {
        if (request.negotiation().isEmpty()) {
            ConnectionConfirm confirm = new ConnectionConfirm(Optional.empty());
            return new Step(skipped(request.cookie()), List.of(new Action.Send(confirm)));
        }
        int offered = offered(request);
        OptionalInt choice = choose(offered, List.of(policy == Authentication.NLA ? Protocols.HYBRID : Protocols.SSL));
        if (choice.isEmpty()) {
            return refuse(offered);
        }
        return new Step(connect(request, choice.getAsInt()), List.of(confirm(choice.getAsInt())));
    }

    /** The client, inside TLS, does not negotiate. */
    ConnectionState skipped(String cookie) {
        return new AwaitingConnect(new Negotiated(config, policy, cookie, Protocols.RDP, OptionalInt.empty()));
    }

    private ConnectionState connect(ConnectionRequest request, int selected) {
        return new AwaitingConnect(
                new Negotiated(config, policy, request.cookie(), offered(request), OptionalInt.of(selected)));
    }

    private static Action confirm(int selected) {
        return new Action.Send(ConnectionConfirm.selected(Selected.EXTENDED_CLIENT_DATA_SUPPORTED, selected));
    }

    private Step refuse(int offered) {
        int code = policy == Authentication.NLA ? Failed.HYBRID_REQUIRED_BY_SERVER : Failed.SSL_REQUIRED_BY_SERVER;
        // INVARIANT: the failure is the last thing sent; clients misreport it otherwise.
        return Closed.with(
                List.of(new Action.Send(ConnectionConfirm.failed(code))),
                "client offers security protocols 0x" + Integer.toHexString(offered) + ", the endpoint wants " + policy,
                true);
    }

    private static int offered(ConnectionRequest request) {
        return request.negotiation().map(NegotiationRequest::protocols).orElse(Protocols.RDP);
    }

    /** The first of what is acceptable that is offered; bits nobody here knows count for nothing. */
    private static OptionalInt choose(int offered, List<Integer> acceptable) {
        return acceptable.stream()
                .filter(protocol -> (offered & protocol) != 0)
                .mapToInt(protocol -> protocol)
                .findFirst();
    }
}
