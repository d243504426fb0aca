// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.DataFrame;

/** The client began with TLS, and CredSSP if the policy wants it; an X.224 Connection Request inside may be next. */
record AwaitingRequestInTls(Negotiation negotiation) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            if (DataFrame.isData(frame.pdu())) {
                return negotiation.skipped("").on(in); // FreeRDP 3 and guacd leave the request out
            }
            return negotiation.answerInTls(ConnectionRequest.decode(frame.pdu()));
        }
        if (in instanceof Inbound.Disconnect) {
            return Closed.with(List.of(), "ended before the client's request", true);
        }
        throw unexpected(in);
    }
}
