// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.DemandActive;

/**
 * Demand Active was sent; Confirm Active is next. What else arrives was sent before the client saw it: input counts, the
 * rest is passed over.
 */
record Activating(Activation activation) implements ConnectionState, Activation.Listener {

    /** Demands activation with a desktop of this size. */
    static Step begin(KnownClient client, int number, Inbound.DesktopSize size) {
        Activation activation = new Activation(client, number, size);
        Share share = activation.share();
        DemandActive demand =
                new DemandActive(Share.SERVER_CHANNEL, share.shareId(), ServerCapabilities.of(client, size));
        return new Step(new Activating(activation), List.of(new Action.Send(share.frame(demand))));
    }

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            return activation.read(this, frame.pdu(), this);
        }
        if (in instanceof Inbound.DesktopSize) {
            return stay(); // the driver compares the sizes once the share is active
        }
        if (in instanceof Inbound.Disconnect disconnect) {
            return Farewell.withoutShare(activation.client().core(), disconnect.errorInfo());
        }
        throw unexpected(in);
    }

    @Override
    public Step onConfirmActive(ConfirmActive confirm) {
        ClientProfile profile = ProfileReader.read(activation.client(), activation.size(), confirm.capabilities());
        return new Step(new Finalizing(activation, profile, Finalizing.Sent.NOTHING), List.of());
    }

    @Override
    public Step onData(DataBody body) {
        return stay();
    }
}
