// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/** The client has its licence; the driver brings up the display and says how large it is. */
record AwaitingDesktopSize(Session session) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.DesktopSize size) {
            return Activating.begin(session, 1, size);
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
