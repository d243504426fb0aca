// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/** The driver checks name and password. */
record AwaitingVerdict(KnownClient client) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.CredentialsAccepted) {
            return client.letIn();
        }
        if (in instanceof Inbound.CredentialsRejected) {
            return client.refuse();
        }
        if (in instanceof Inbound.Disconnect disconnect) {
            return Farewell.withoutShare(client.core(), disconnect.errorInfo());
        }
        if (in instanceof Inbound.Frame frame) {
            return Waiting.onFrame(this, client, frame).answersOnly(); // nothing was asked yet
        }
        throw unexpected(in);
    }
}
