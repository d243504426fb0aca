// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import org.rdpmux.pdu.FrameSplitter;

/** What clients say while it is not their turn: they may leave, join channels, and answer; the rest is passed over. */
final class Waiting {

    private Waiting() {}

    static Step onFrame(ConnectionState state, KnownClient client, Inbound.Frame frame) {
        if (!FrameSplitter.isTpkt(frame.pdu())) {
            return state.stay();
        }
        McsDomain.Said said = client.domain().read(frame.pdu());
        if (said instanceof McsDomain.Said.Control control) {
            return new Step(state, Farewell.sends(control.answers()));
        }
        if (said instanceof McsDomain.Said.Data data && client.domain().isMessageChannel(data.channelId())) {
            return MessageChannel.read(state, data.payload());
        }
        return said instanceof McsDomain.Said.Left ? Farewell.clientLeft() : state.stay();
    }
}
