// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/** The client has its licence; the driver brings up the display and says how large it is. */
record AwaitingDesktopSize(KnownClient client) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.DesktopSize size) {
            return Activating.begin(client, 1, client.firstSize(size));
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
