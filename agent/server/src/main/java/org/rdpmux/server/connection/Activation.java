// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.FrameAcknowledge;
import org.rdpmux.pdu.share.RefreshRect;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.ShareDataHeader;
import org.rdpmux.pdu.share.ShutdownDenied;
import org.rdpmux.pdu.share.ShutdownRequest;
import org.rdpmux.pdu.share.SlowPathInput;
import org.rdpmux.pdu.share.SuppressOutput;

/**
 * One activation of the share, and how to read what the client sends during it.
 *
 * @param number 1 for the first, one more with each change of size
 * @param size the desktop's, as demanded
 */
record Activation(KnownClient client, int number, Inbound.DesktopSize size) {

    Share share() {
        return client.share(number);
    }

    /** A state's view of what share PDUs mean to it. */
    interface Listener {
        /** A Confirm Active PDU came. */
        Step onConfirmActive(ConfirmActive confirm);

        /** A share data PDU came that means the same in all states but this one. */
        Step onData(DataBody body);
    }

    /** Reads one frame on behalf of the state. */
    Step read(ConnectionState state, ByteBuf frame, Listener listener) {
        Step step = readFrame(state, frame, listener);
        return client.refused() ? step.answersOnly() : step;
    }

    private Step readFrame(ConnectionState state, ByteBuf frame, Listener listener) {
        if (!FrameSplitter.isTpkt(frame) && !size.takesInput()) {
            return state.stay(); // fast-path PDUs of clients are input
        }
        if (!FrameSplitter.isTpkt(frame)) {
            return state.stay(new Action.Input(FastPathInput.decode(frame).events()));
        }
        McsDomain.Said said = client.domain().read(frame);
        if (said instanceof McsDomain.Said.Control control) {
            return new Step(state, Farewell.sends(control.answers()));
        }
        if (said instanceof McsDomain.Said.Left) {
            return Farewell.clientLeft();
        }
        McsDomain.Said.Data data = (McsDomain.Said.Data) said;
        if (data.channelId() == McsDomain.IO_CHANNEL) {
            return readSharePdu(state, data.payload(), listener);
        }
        if (client.domain().isMessageChannel(data.channelId())) {
            return MessageChannel.read(state, data.payload());
        }
        if (!client.domain().isStaticChannel(data.channelId())) {
            return state.stay();
        }
        ChannelPduHeader header = ChannelPduHeader.decode(data.payload());
        byte[] chunk = new byte[data.payload().readableBytes()]; // bounded by the frame
        data.payload().readBytes(chunk);
        return state.stay(new Action.ChannelData(data.channelId(), header, chunk));
    }

    private Step readSharePdu(ConnectionState state, ByteBuf payload, Listener listener) {
        if (ShareControlHeader.isFlowControl(payload)) {
            return state.stay();
        }
        ShareControlHeader control = ShareControlHeader.decode(payload);
        ByteBuf body = payload.readSlice(control.bodyLength());
        PduException.end(payload, "TS_SHARECONTROLHEADER"); // clients put one share PDU into each frame
        return switch (control.type()) {
            case ShareControlHeader.TYPE_CONFIRM_ACTIVE ->
                listener.onConfirmActive(ConfirmActive.decode(control, body));
            case ShareControlHeader.TYPE_DATA -> {
                ShareDataHeader data = ShareDataHeader.decode(control, body);
                yield data.type() == DataBody.INPUT && !size.takesInput()
                        ? state.stay()
                        : onData(state, DataBody.decode(data.type(), body.readSlice(data.bodyLength())), listener);
            }
            default ->
                throw new PduException("TS_SHARECONTROLHEADER", "pduType", "type " + control.type() + " from a client");
        };
    }

    private Step onData(ConnectionState state, DataBody body, Listener listener) {
        if (body instanceof SlowPathInput input) {
            return state.stay(new Action.Input(input.events()));
        }
        if (body instanceof SuppressOutput suppress) {
            return state.stay(new Action.OutputWanted(suppress.visible()));
        }
        if (body instanceof RefreshRect refresh) {
            return state.stay(new Action.Refresh(refresh.areas()));
        }
        if (body instanceof FrameAcknowledge acknowledge) {
            return state.stay(new Action.FrameAcknowledged(acknowledge.frameId()));
        }
        if (body instanceof ShutdownRequest) {
            // The user wants to leave, and the client does by itself once it is denied. No data may be sent between
            // Deactivate All and the next Font Map.
            return state instanceof Active
                    ? state.stay(new Action.Send(share().frame(new ShutdownDenied())))
                    : state.stay();
        }
        return listener.onData(body);
    }
}
