// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.DeactivateAll;

/** The share is active: pictures flow one way, input the other. */
record Active(Activation activation, ClientProfile profile) implements ConnectionState, Activation.Listener {

    /** Activates after these actions. If the guest's size is another, the driver says so when it hears of it. */
    static Step begin(Activation activation, ClientProfile profile, List<Action> before) {
        List<Action> actions = new ArrayList<>(before);
        if (activation.client().refused()) {
            Step step = Farewell.refused(activation.client(), activation.share());
            actions.addAll(step.actions());
            return new Step(step.next(), actions);
        }
        actions.add(new Action.Activated(profile, activation.share()));
        return new Step(new Active(activation, profile), actions);
    }

    private boolean mustResize(Inbound.DesktopSize size) {
        return profile.desktop().resizable() && !size.equals(activation.size());
    }

    private Step deactivate(Inbound.DesktopSize size) {
        Share share = activation.share();
        List<Action> actions = new ArrayList<>();
        actions.add(new Action.Send(share.frame(new DeactivateAll(Share.SERVER_CHANNEL, share.shareId()))));
        Step step = Activating.begin(activation.client(), activation.number() + 1, size);
        actions.addAll(step.actions());
        return new Step(step.next(), actions);
    }

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            return activation.read(this, frame.pdu(), this);
        }
        if (in instanceof Inbound.DesktopSize size) {
            if (!mustResize(size)) {
                return stay();
            }
            Step step = deactivate(size);
            List<Action> actions = new ArrayList<>();
            actions.add(new Action.Deactivated()); // INVARIANT: no output after Deactivate All
            actions.addAll(step.actions());
            return new Step(step.next(), actions);
        }
        if (in instanceof Inbound.Disconnect disconnect) {
            Step step = Farewell.withShare(activation.client().core(), activation.share(), disconnect.errorInfo());
            List<Action> actions = new ArrayList<>();
            actions.add(new Action.Deactivated());
            actions.addAll(step.actions());
            return new Step(step.next(), actions);
        }
        throw unexpected(in);
    }

    @Override
    public Step onConfirmActive(ConfirmActive confirm) {
        throw new PduException("TS_CONFIRM_ACTIVE_PDU", "pduType", "without a Demand Active");
    }

    @Override
    public Step onData(DataBody body) {
        return stay(); // a second Font List of old clients, and what needs no answer
    }
}
