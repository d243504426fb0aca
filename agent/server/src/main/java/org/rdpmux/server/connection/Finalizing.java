// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.Control;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.FontList;
import org.rdpmux.pdu.share.FontMap;
import org.rdpmux.pdu.share.SaveSessionInfo;
import org.rdpmux.pdu.share.Synchronize;

/**
 * Confirm Active came; the client synchronizes, asks for control and sends its Font List.
 *
 * @param sent how far the answers have come
 */
record Finalizing(Activation activation, ClientProfile profile, Sent sent)
        implements ConnectionState, Activation.Listener {

    /** The answers, in the only order that all clients accept. */
    enum Sent {
        NOTHING,
        SYNCHRONIZE,
        COOPERATE,
        GRANTED,
        FONT_MAP
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
        throw new PduException("TS_CONFIRM_ACTIVE_PDU", "pduType", "sent twice");
    }

    @Override
    public Step onData(DataBody body) {
        if (body instanceof Synchronize) {
            return answer(Sent.SYNCHRONIZE);
        }
        if (body instanceof Control control) {
            return switch (control.action()) {
                case Control.COOPERATE -> answer(Sent.COOPERATE);
                case Control.REQUEST_CONTROL -> answer(Sent.GRANTED);
                default -> stay();
            };
        }
        return body instanceof FontList ? answer(Sent.FONT_MAP) : stay(); // persistent key lists among the rest
    }

    /** Sends what is missing up to an answer, so that the order holds whatever the client's was. */
    private Step answer(Sent upTo) {
        List<Action> actions = new ArrayList<>();
        for (Sent next : Sent.values()) {
            if (next.compareTo(sent) > 0 && next.compareTo(upTo) <= 0) {
                actions.add(new Action.Send(activation.share().frame(body(next))));
            }
        }
        if (upTo != Sent.FONT_MAP) {
            Sent reached = upTo.compareTo(sent) > 0 ? upTo : sent;
            return new Step(new Finalizing(activation, profile, reached), actions);
        }
        if (activation.number() == 1 && activation.client().wants(ClientInfo.INFO_LOGONNOTIFY)) {
            actions.add(new Action.Send(activation.share().frame(SaveSessionInfo.plainNotify())));
        }
        return Active.begin(activation, profile, actions);
    }

    private DataBody body(Sent answer) {
        int user = activation.client().domain().userChannel();
        return switch (answer) {
            case SYNCHRONIZE -> new Synchronize(user);
            case COOPERATE -> new Control(Control.COOPERATE, 0, 0);
            case GRANTED -> new Control(Control.GRANTED_CONTROL, user, Share.SERVER_CHANNEL);
            case FONT_MAP -> new FontMap();
            case NOTHING -> throw new IllegalArgumentException("nothing to send");
        };
    }
}
