// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.caps.BitmapCapability;
import org.rdpmux.pdu.caps.CapabilitySet;
import org.rdpmux.pdu.caps.FrameAcknowledgeCapability;
import org.rdpmux.pdu.caps.GeneralCapability;
import org.rdpmux.pdu.caps.InputCapability;
import org.rdpmux.pdu.caps.LargePointerCapability;
import org.rdpmux.pdu.caps.MultifragmentUpdateCapability;
import org.rdpmux.pdu.caps.PointerCapability;
import org.rdpmux.pdu.caps.SurfaceCommandsCapability;
import org.rdpmux.pdu.gcc.ClientBlocks;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.gcc.ClientNetworkData;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.gcc.ConferenceCreateRequest;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.info.ExtendedInfo;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.mcs.AttachUserRequest;
import org.rdpmux.pdu.mcs.ChannelJoinRequest;
import org.rdpmux.pdu.mcs.ConnectInitial;
import org.rdpmux.pdu.mcs.DomainParameters;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.ErectDomainRequest;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.Control;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.FontList;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.share.Synchronize;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.pdu.x224.NegotiationRequest;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.Opening;

/** Plays driver and client of a connection sequence, and keeps what was answered. */
final class Script {

    static final int IO = 1003;
    static final Inbound.DesktopSize SIZE = new Inbound.DesktopSize(720, 400);

    ConnectionState state;
    final List<Action> actions = new ArrayList<>();

    static final int MESSAGE_CHANNEL = 1006;

    private final Authentication policy;
    private OptionalInt messageChannel = OptionalInt.empty();
    /** What the route was asked. */
    Opening opening;

    Script(Authentication policy) {
        this.policy = policy;
        state = ConnectionState.initial(ConnectionConfig.DEFAULT);
    }

    static byte[] bytes(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** Feeds one thing in; returns what came out. Every connection leads to the same. */
    List<Action> feed(Inbound in) {
        Step step = state.on(in);
        if (step.actions().size() == 1 && step.actions().get(0) instanceof Action.Route route) {
            opening = route.opening();
            step = step.next().on(new Inbound.Routed(policy));
        }
        state = step.next();
        actions.addAll(step.actions());
        return step.actions();
    }

    List<Action> send(Pdu pdu) {
        return feed(new Inbound.Frame(Unpooled.wrappedBuffer(bytes(pdu))));
    }

    static ConnectionRequest request(int protocols) {
        return new ConnectionRequest("Cookie: mstshash=bob", Optional.of(NegotiationRequest.of(protocols)));
    }

    static ClientCoreData core(int early, int high, OptionalInt selected) {
        int length = selected.isPresent() ? Tail.FULL : Tail.END_SERVER_SELECTED_PROTOCOL - 4;
        Tail tail = new Tail(length, Tail.COLOR_8BPP, high, 15, early, 0, selected);
        return new ClientCoreData(ClientCoreData.VERSION_RDP5, 1024, 768, 0xca01, 0x407, 2600, "PC", 4, 0, 12, tail);
    }

    static ClientCoreData core() {
        return core(Tail.WANT_32BPP_SESSION | Tail.SUPPORT_ERRINFO_PDU, 24, OptionalInt.empty());
    }

    static DataFrame connectInitial(ClientCoreData core, OptionalInt messageChannel) {
        ClientBlocks blocks = new ClientBlocks(
                core,
                new ClientNetworkData(List.of(new ChannelDef("rdpsnd", 0), new ChannelDef("cliprdr", 0))),
                messageChannel,
                OptionalInt.empty());
        return DataFrame.of(new ConnectInitial(
                DomainParameters.TARGET,
                DomainParameters.MINIMUM,
                DomainParameters.MAXIMUM,
                bytes(new ConferenceCreateRequest(blocks))));
    }

    DataFrame data(int channel, Pdu... parts) {
        int size = 0;
        for (Pdu part : parts) {
            size += part.size();
        }
        List<Pdu> all = new ArrayList<>(List.of(SendData.request(user(), channel, size)));
        all.addAll(List.of(parts));
        return new DataFrame(all);
    }

    /** Of a client with two static channels and no message channel; nobody looks at who sent what. */
    static int user() {
        return 1006;
    }

    DataFrame info(int flags, String user, String password) {
        ClientInfo info = new ClientInfo(
                0,
                flags | ClientInfo.INFO_UNICODE,
                "DOM",
                user,
                password.toCharArray(),
                "",
                "",
                new ExtendedInfo(ExtendedInfo.Stage.DIRECTORY, "192.0.2.1", "", 0, new byte[0]));
        return data(IO, new SecurityHeader(SecurityHeader.SEC_INFO_PKT), info);
    }

    static List<CapabilitySet> capabilities(boolean resize) {
        return List.of(
                new GeneralCapability(1, 3, 0x401, false, false),
                new BitmapCapability(32, 640, 480, resize, true, 10),
                new PointerCapability(true, 20, 21),
                new InputCapability(0x135, 0, 4, 0, 12),
                new MultifragmentUpdateCapability(700_000),
                new LargePointerCapability(3),
                new SurfaceCommandsCapability(0x52),
                new FrameAcknowledgeCapability(2));
    }

    DataFrame confirmActive(List<CapabilitySet> capabilities) {
        return data(IO, new ConfirmActive(user(), shareId(), capabilities));
    }

    DataFrame share(DataBody body) {
        return data(IO, new ShareDataPdu(shareId(), user(), body));
    }

    int shareId() {
        return 0x103ea;
    }

    /** Asks for a message channel, which is {@link #MESSAGE_CHANNEL} then. */
    Script withMessageChannel() {
        messageChannel = OptionalInt.of(0);
        return this;
    }

    /** Up to where Client Info is next. */
    Script toInfo(ClientCoreData core) {
        send(request(1));
        feed(new Inbound.TlsEstablished());
        send(connectInitial(core, messageChannel));
        send(DataFrame.of(new ErectDomainRequest()));
        send(DataFrame.of(new AttachUserRequest()));
        for (int channel = IO; channel <= user(); channel++) {
            send(DataFrame.of(new ChannelJoinRequest(user(), channel)));
        }
        return this;
    }

    /** Up to where Confirm Active is next. */
    Script toDemandActive(ClientCoreData core) {
        toInfo(core);
        send(info(0, "bob", "secret"));
        if (state instanceof AwaitingVerdict) {
            feed(new Inbound.CredentialsAccepted());
        }
        feed(SIZE);
        return this;
    }

    void confirmAndFinalize(boolean resize) {
        send(confirmActive(capabilities(resize)));
        send(share(new Synchronize(1002)));
        send(share(new Control(Control.COOPERATE, 0, 0)));
        send(share(new Control(Control.REQUEST_CONTROL, 0, 0)));
        send(share(new FontList()));
    }

    /** Up to an active share. */
    static Script active(boolean resize) {
        Script script = new Script(Authentication.NONE).toDemandActive(core());
        script.confirmAndFinalize(resize);
        return script;
    }

    /** What a list of actions sends on the I/O channel and elsewhere, in the words of the wire. */
    static List<String> sent(List<Action> actions) {
        List<String> names = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                names.add(name(bytes(send.pdu())));
            } else {
                names.add(action.getClass().getSimpleName());
            }
        }
        return names;
    }

    private static String name(byte[] frame) {
        ByteBuf payload = DataFrame.decodePayload(Unpooled.wrappedBuffer(frame));
        DomainPdu pdu = DomainPdu.decode(payload);
        if (!(pdu instanceof SendData)) {
            return pdu.getClass().getSimpleName();
        }
        ShareControlHeader control = ShareControlHeader.decode(payload);
        return switch (control.type()) {
            case ShareControlHeader.TYPE_DEMAND_ACTIVE -> "DemandActive";
            case ShareControlHeader.TYPE_DEACTIVATE_ALL -> "DeactivateAll";
            default -> {
                DataBody body = ShareDataPdu.decode(control, payload).body();
                yield body instanceof Control c
                        ? "Control" + c.action()
                        : body.getClass().getSimpleName();
            }
        };
    }

    <T extends Action> T only(Class<T> type) {
        List<T> found =
                actions.stream().filter(type::isInstance).map(type::cast).toList();
        assertEquals(1, found.size(), () -> type.getSimpleName() + " in " + actions);
        return found.get(0);
    }
}
