// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import org.rdpmux.pdu.share.SetErrorInfo;

/** The driver checks name and password. */
record AwaitingVerdict(Session session) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.CredentialsAccepted) {
            return session.letIn();
        }
        if (in instanceof Inbound.CredentialsRejected) {
            return Farewell.withoutShare(
                    session.core(), SetErrorInfo.SERVER_DENIED_CONNECTION, "name and password rejected");
        }
        if (in instanceof Inbound.Disconnect disconnect) {
            return Farewell.withoutShare(session.core(), disconnect.errorInfo());
        }
        if (in instanceof Inbound.Frame frame) {
            return Waiting.onFrame(this, session, frame);
        }
        throw unexpected(in);
    }
}
