// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLSocket;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.gcc.ClientBlocks;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.gcc.ClientNetworkData;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.gcc.ConferenceCreateRequest;
import org.rdpmux.pdu.gcc.ConferenceCreateResponse;
import org.rdpmux.pdu.gcc.ServerBlocks;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.info.ExtendedInfo;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.license.LicenseErrorMessage;
import org.rdpmux.pdu.mcs.AttachUserConfirm;
import org.rdpmux.pdu.mcs.AttachUserRequest;
import org.rdpmux.pdu.mcs.ChannelJoinConfirm;
import org.rdpmux.pdu.mcs.ChannelJoinRequest;
import org.rdpmux.pdu.mcs.ConnectInitial;
import org.rdpmux.pdu.mcs.ConnectResponse;
import org.rdpmux.pdu.mcs.DisconnectProviderUltimatum;
import org.rdpmux.pdu.mcs.DomainParameters;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.ErectDomainRequest;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.pdu.x224.Protocols;

/** From the first byte to the licence, in the order of [MS-RDPBCGR] 1.3.1.1; blocks until done. */
final class Handshake {

    private final RdpWire wire;
    private final ClientOptions options;

    private Handshake(RdpWire wire, ClientOptions options) {
        this.wire = wire;
        this.options = options;
    }

    /**
     * What was agreed on.
     *
     * @param selectedProtocol one of {@link Protocols}
     */
    record Result(int selectedProtocol, ServerBlocks server, int userChannel) {}

    static Result perform(RdpWire wire, ClientOptions options) throws IOException {
        return new Handshake(wire, options).perform();
    }

    private Result perform() throws IOException {
        if (options.preconnection().isPresent()) {
            wire.send(options.preconnection().get());
        }
        int selected = negotiate();
        ServerBlocks server = connect(selected);
        int user = join(server);
        sendInfo(server, user);
        awaitLicense();
        return new Result(selected, server, user);
    }

    private int negotiate() throws IOException {
        wire.send(new ConnectionRequest(
                "Cookie: mstshash=tester", options.protocols().map(NegotiationRequest::of)));
        Optional<ConnectionConfirm.Answer> answer =
                ConnectionConfirm.decode(wire.readFrame()).answer();
        if (answer.isPresent() && answer.get() instanceof ConnectionConfirm.Failed failed) {
            throw new RefusedException("negotiation failure", failed.code());
        }
        int selected =
                answer.map(a -> ((ConnectionConfirm.Selected) a).protocol()).orElse(Protocols.RDP);
        if ((selected & options.protocols().orElse(0)) != selected || selected == Protocols.RDP) {
            throw new IOException("server selected protocol 0x" + Integer.toHexString(selected));
        }
        SSLSocket socket = wire.startTls();
        if (selected != Protocols.SSL) {
            NlaHandshake nla = options.nla().orElseThrow(() -> new IOException("no credentials for CredSSP"));
            nla.perform(socket, selected == Protocols.HYBRID_EX);
        }
        return selected;
    }

    private ServerBlocks connect(int selected) throws IOException {
        ClientOptions.Graphics graphics = options.graphics();
        boolean dynamic = options.channels().contains(DynamicChannelPdu.STATIC_CHANNEL);
        int early = Tail.SUPPORT_ERRINFO_PDU
                | (graphics.bitsPerPixel() == 32 ? Tail.WANT_32BPP_SESSION : 0)
                | (dynamic ? Tail.SUPPORT_DYNVC_GFX_PROTOCOL : 0);
        Tail tail = new Tail(
                Tail.FULL,
                Tail.COLOR_8BPP,
                Math.min(24, graphics.bitsPerPixel()),
                Tail.SUPPORTS_32BPP | Tail.SUPPORTS_24BPP | Tail.SUPPORTS_16BPP | Tail.SUPPORTS_15BPP,
                early,
                0,
                OptionalInt.of(selected));
        ClientCoreData core = new ClientCoreData(
                ClientCoreData.VERSION_RDP5,
                options.desktop().width(),
                options.desktop().height(),
                Tail.COLOR_8BPP,
                0x409,
                2600,
                "testkit",
                4,
                0,
                12,
                tail);
        List<ChannelDef> channels = options.channels().stream()
                .map(name -> new ChannelDef(name, 0x80000000))
                .toList();
        ClientBlocks blocks =
                new ClientBlocks(core, new ClientNetworkData(channels), OptionalInt.empty(), OptionalInt.empty());
        wire.send(DataFrame.of(new ConnectInitial(
                DomainParameters.TARGET,
                DomainParameters.MINIMUM,
                DomainParameters.MAXIMUM,
                bytes(new ConferenceCreateRequest(blocks)))));
        ConnectResponse response = ConnectResponse.decode(DataFrame.decodePayload(wire.readFrame()));
        if (response.result() != 0) {
            throw new RefusedException("MCS result", response.result());
        }
        ServerBlocks server = ConferenceCreateResponse.decode(Unpooled.wrappedBuffer(response.userData()))
                .blocks();
        if (server.requestedProtocols() != options.protocols().orElse(0)) {
            throw new IOException(
                    "downgrade: server saw an offer of 0x" + Integer.toHexString(server.requestedProtocols()));
        }
        if (server.channels().size() != channels.size()) {
            throw new IOException(server.channels().size() + " channels for " + channels.size());
        }
        return server;
    }

    private static byte[] bytes(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private int join(ServerBlocks server) throws IOException {
        wire.send(DataFrame.of(new ErectDomainRequest()));
        wire.send(DataFrame.of(new AttachUserRequest()));
        int user = expect(AttachUserConfirm.class).initiator();
        List<Integer> channels = new ArrayList<>(List.of(user, server.ioChannel()));
        channels.addAll(server.channels());
        for (int channel : channels) {
            wire.send(DataFrame.of(new ChannelJoinRequest(user, channel)));
        }
        for (int channel : channels) {
            ChannelJoinConfirm confirm = expect(ChannelJoinConfirm.class);
            if (confirm.result() != 0 || confirm.channelId() != channel) {
                throw new IOException("joining channel " + channel + ": " + confirm);
            }
        }
        return user;
    }

    private <T extends DomainPdu> T expect(Class<T> type) throws IOException {
        DomainPdu pdu = DomainPdu.decode(DataFrame.decodePayload(wire.readFrame()));
        if (!type.isInstance(pdu)) {
            throw new IOException(pdu + " instead of " + type.getSimpleName());
        }
        return type.cast(pdu);
    }

    private void sendInfo(ServerBlocks server, int user) throws IOException {
        ClientOptions.Credentials credentials = options.credentials();
        SecurityHeader header = new SecurityHeader(SecurityHeader.SEC_INFO_PKT);
        ClientInfo info = new ClientInfo(
                0,
                ClientInfo.INFO_UNICODE
                        | ClientInfo.INFO_MOUSE
                        | ClientInfo.INFO_AUTOLOGON
                        | ClientInfo.INFO_LOGONNOTIFY,
                credentials.domain(),
                credentials.user(),
                credentials.password().toCharArray(),
                "",
                "",
                new ExtendedInfo(ExtendedInfo.Stage.PERFORMANCE_FLAGS, "127.0.0.1", "", 0, new byte[0]));
        wire.send(DataFrame.of(SendData.request(user, server.ioChannel(), header.size() + info.size()), header, info));
    }

    private void awaitLicense() throws IOException {
        ByteBuf payload = DataFrame.decodePayload(wire.readFrame());
        DomainPdu pdu = DomainPdu.decode(payload);
        if (pdu instanceof DisconnectProviderUltimatum) {
            throw new IOException("disconnected instead of licensed");
        }
        if (payload.getUnsignedShortLE(payload.readerIndex()) == payload.readableBytes()) {
            ShareControlHeader control = ShareControlHeader.decode(payload);
            if (control.type() == ShareControlHeader.TYPE_DATA
                    && ShareDataPdu.decode(control, payload).body() instanceof SetErrorInfo error) {
                throw new RefusedException("error info", error.errorInfo());
            }
            throw new IOException("share control PDU " + control.type() + " instead of a licence");
        }
        if (!SecurityHeader.decode(payload).has(SecurityHeader.SEC_LICENSE_PKT)
                || !LicenseErrorMessage.decode(payload).equals(LicenseErrorMessage.VALID_CLIENT)) {
            throw new IOException("no licence");
        }
    }
}
