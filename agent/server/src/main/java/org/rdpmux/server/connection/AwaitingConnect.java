// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.OptionalInt;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.gcc.ClientBlocks;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.gcc.ConferenceCreateRequest;
import org.rdpmux.pdu.gcc.ConferenceCreateResponse;
import org.rdpmux.pdu.gcc.ServerBlocks;
import org.rdpmux.pdu.mcs.ConnectInitial;
import org.rdpmux.pdu.mcs.ConnectResponse;
import org.rdpmux.pdu.x224.DataFrame;

/** The channel is secure; MCS Connect Initial is next. */
record AwaitingConnect(Negotiated negotiated) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            return onConnectInitial(ConnectInitial.decode(DataFrame.decodePayload(frame.pdu())));
        }
        if (in instanceof Inbound.Disconnect) {
            return Closed.with(List.of(), "ended before MCS was connected", true);
        }
        throw unexpected(in);
    }

    private Step onConnectInitial(ConnectInitial initial) {
        ClientBlocks client = ConferenceCreateRequest.decode(Unpooled.wrappedBuffer(initial.userData()))
                .blocks();
        Tail tail = client.core().tail();
        OptionalInt selected = negotiated.selectedProtocol();
        if (selected.isPresent() && tail.selectedProtocol().isPresent()) {
            // Another value means that somebody changed the negotiation, which was in the clear.
            PduException.expect(
                    tail.selectedProtocol().getAsInt(), selected.getAsInt(), "TS_UD_CS_CORE", "serverSelectedProtocol");
        }
        McsDomain domain = McsDomain.of(client);
        ServerBlocks server = new ServerBlocks(
                ServerBlocks.VERSION_RDP5,
                negotiated.requestedProtocols(),
                tail.has(Tail.SUPPORT_SKIP_CHANNELJOIN) ? ServerBlocks.SKIP_CHANNELJOIN_SUPPORTED : 0,
                McsDomain.IO_CHANNEL,
                domain.channelIds(),
                domain.messageChannel());
        ByteBuf userData = Unpooled.buffer();
        new ConferenceCreateResponse(server).encode(userData);
        byte[] bytes = new byte[userData.readableBytes()];
        userData.readBytes(bytes);
        ConnectResponse response = new ConnectResponse(0, initial.target(), bytes);
        return new Step(
                new Joining(negotiated, domain, client.core()), List.of(new Action.Send(DataFrame.of(response))));
    }
}
