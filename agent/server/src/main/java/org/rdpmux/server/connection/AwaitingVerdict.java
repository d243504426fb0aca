// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import org.rdpmux.pdu.share.SetErrorInfo;

/** The driver checks name and password. */
record AwaitingVerdict(KnownClient client) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.CredentialsAccepted) {
            return client.letIn();
        }
        if (in instanceof Inbound.CredentialsRejected) {
            return Farewell.withoutShare(
                    client.core(), SetErrorInfo.SERVER_DENIED_CONNECTION, "name and password rejected");
        }
        if (in instanceof Inbound.Disconnect disconnect) {
            return Farewell.withoutShare(client.core(), disconnect.errorInfo());
        }
        if (in instanceof Inbound.Frame frame) {
            return Waiting.onFrame(this, client, frame);
        }
        throw unexpected(in);
    }
}
