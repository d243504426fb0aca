// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.gcc.ConferenceCreateResponse;
import org.rdpmux.pdu.gcc.ServerBlocks;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.pdu.mcs.AttachUserRequest;
import org.rdpmux.pdu.mcs.ChannelJoinConfirm;
import org.rdpmux.pdu.mcs.ChannelJoinRequest;
import org.rdpmux.pdu.mcs.ConnectResponse;
import org.rdpmux.pdu.mcs.DisconnectProviderUltimatum;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.share.Control;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.FontList;
import org.rdpmux.pdu.share.FrameAcknowledge;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.share.RefreshRect;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.share.ShutdownRequest;
import org.rdpmux.pdu.share.SlowPathInput;
import org.rdpmux.pdu.share.SuppressOutput;
import org.rdpmux.pdu.share.Synchronize;
import org.rdpmux.pdu.share.UnknownData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.security.access.Authentication;

class ConnectionSequenceTest {

    private static final ClientInput KEY = new ClientInput.Key(0x1e, true, false, false);

    @Test
    void goesFromRequestToActiveShare() {
        Script script = Script.active(true);
        assertInstanceOf(Active.class, script.state);
        ClientProfile profile = script.only(Action.Activated.class).profile();
        assertEquals(
                new ClientProfile.Identity(
                        "PC", "192.0.2.1", Script.core().version(), 2600, 0x407, "Cookie: mstshash=bob", "bob"),
                profile.identity());
        assertEquals(new ClientProfile.Desktop(720, 400, true, 640, 480), profile.desktop());
        assertEquals(
                new ClientProfile.Graphics(
                        32,
                        true,
                        true,
                        true,
                        true,
                        false,
                        false,
                        700_000,
                        new ClientProfile.Frames(true, true, 2),
                        Optional.empty()),
                profile.graphics());
        assertEquals(new ClientProfile.Pointer(20, 21, true, true), profile.pointer());
        assertEquals(new ClientProfile.Input(true, true, true, false), profile.input());
        assertEquals(
                new Share(0x103ea, Script.user(), Script.IO),
                script.only(Action.Activated.class).share());
        assertEquals(new Action.AskDesktopSize(1024, 768), script.only(Action.AskDesktopSize.class));
    }

    @Test
    void answersFinalizationInOrder() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        assertEquals(
                List.of("DemandActive"),
                Script.sent(script.actions.subList(script.actions.size() - 1, script.actions.size())));
        script.actions.clear();
        script.confirmAndFinalize(true);
        assertEquals(
                List.of("Synchronize", "Control4", "Control2", "FontMap", "Activated"), Script.sent(script.actions));
    }

    @Test
    void keepsTheOrderOfAnswersWhateverTheClientDoes() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.actions.clear();
        script.send(script.confirmActive(Script.capabilities(true)));
        script.send(script.share(new UnknownData(DataBody.PERSISTENT_KEY_LIST, new byte[24 + 169 * 8])));
        script.send(script.share(new Control(Control.REQUEST_CONTROL, 0, 0)));
        assertEquals(List.of("Synchronize", "Control4", "Control2"), Script.sent(script.actions));
        script.send(script.share(new Synchronize(1002)));
        script.send(script.share(new FontList()));
        script.send(script.share(new FontList()));
        assertEquals(
                List.of("Synchronize", "Control4", "Control2", "FontMap", "Activated"), Script.sent(script.actions));
    }

    @Test
    void tellsOfTheLogonWhoeverAsks() {
        Script script = new Script(Authentication.NONE).toInfo(Script.core());
        script.send(script.info(ClientInfo.INFO_LOGONNOTIFY, "bob", ""));
        script.feed(Script.SIZE);
        script.actions.clear();
        script.confirmAndFinalize(true);
        assertEquals(
                List.of("Synchronize", "Control4", "Control2", "FontMap", "SaveSessionInfo", "Activated"),
                Script.sent(script.actions));
    }

    @Test
    void givesEachChannelANumberOfItsOwn() {
        Script script = new Script(Authentication.NONE);
        script.send(Script.request(1));
        script.feed(new Inbound.TlsEstablished());
        ClientCoreData core = Script.core(Tail.SUPPORT_SKIP_CHANNELJOIN, 16, OptionalInt.of(1));
        List<Action> actions = script.send(Script.connectInitial(core, OptionalInt.of(0)));
        ByteBuf payload =
                DataFrame.decodePayload(Unpooled.wrappedBuffer(Script.bytes(((Action.Send) actions.get(0)).pdu())));
        ServerBlocks blocks = ConferenceCreateResponse.decode(
                        Unpooled.wrappedBuffer(ConnectResponse.decode(payload).userData()))
                .blocks();
        assertEquals(
                new ServerBlocks(
                        ServerBlocks.VERSION_RDP5,
                        1,
                        ServerBlocks.SKIP_CHANNELJOIN_SUPPORTED,
                        1003,
                        List.of(1004, 1005),
                        OptionalInt.of(1006)),
                blocks);
        assertEquals(List.of("AttachUserConfirm"), Script.sent(script.send(DataFrame.of(new AttachUserRequest()))));
        assertEquals(1007, ((Joining) script.state).domain().userChannel());
    }

    @Test
    void skipsNoBlockThatWasNotAskedFor() {
        Script script = new Script(Authentication.NONE).toInfo(Script.core());
        assertEquals(OptionalInt.empty(), ((Joining) script.state).domain().messageChannel());
    }

    @ParameterizedTest
    @CsvSource({"1003, 0", "1004, 0", "1005, 0", "1006, 0", "1007, 3", "1002, 3", "0, 3", "65535, 3"})
    void joinsChannelsThatExist(int channel, int result) {
        Script script = new Script(Authentication.NONE).toInfo(Script.core());
        Action.Send answer = (Action.Send) script.send(DataFrame.of(new ChannelJoinRequest(Script.user(), channel)))
                .get(0);
        assertEquals(
                new ChannelJoinConfirm(result, Script.user(), channel, result == 0 ? channel : 0),
                DomainPdu.decode(DataFrame.decodePayload(Unpooled.wrappedBuffer(Script.bytes(answer.pdu())))));
    }

    @Test
    void joinsChannelsEvenLate() {
        Script script = Script.active(true);
        assertEquals(
                List.of("ChannelJoinConfirm"),
                Script.sent(script.send(DataFrame.of(new ChannelJoinRequest(Script.user(), Script.IO)))));
    }

    @Test
    void letsClientsSkipAllJoins() {
        Script script = new Script(Authentication.NONE);
        script.send(Script.request(1));
        script.feed(new Inbound.TlsEstablished());
        script.send(Script.connectInitial(Script.core(), OptionalInt.empty()));
        script.send(DataFrame.of(new AttachUserRequest()));
        script.send(script.info(0, "", ""));
        script.feed(Script.SIZE);
        script.confirmAndFinalize(true);
        assertInstanceOf(Active.class, script.state);
    }

    @Test
    void handsOutCredentialsBeforeTheLicense() {
        Script script = new Script(Authentication.TLS).toInfo(Script.core());
        List<Action> actions = script.send(script.info(0, "bob", "s€cret"));
        ClientCredentials credentials =
                assertInstanceOf(Action.VerifyCredentials.class, actions.get(0)).credentials();
        assertEquals(1, actions.size());
        assertEquals("DOM", credentials.domain());
        assertEquals("bob", credentials.user());
        assertArrayEquals("s€cret".toCharArray(), credentials.password());
        assertFalse(actions.toString().contains("cret"));
        credentials.wipe();
        assertArrayEquals(new char[6], credentials.password());

        assertEquals(List.of(), script.send(new FastPathInput(List.of(KEY)))); // too early to mean anything
        List<Action> next = script.feed(new Inbound.CredentialsAccepted());
        assertInstanceOf(Action.AskDesktopSize.class, next.get(0));
        byte[] license = Script.bytes(((Action.Send) next.get(1)).pdu());
        assertEquals(
                "80000000" + "ff031000" + "07000000" + "02000000" + "04000000",
                HexFormat.of().formatHex(license).substring((license.length - 20) * 2));
    }

    @Test
    void takesInputBeforeTheFontList() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        assertEquals(List.of(new Action.Input(List.of(KEY))), script.send(new FastPathInput(List.of(KEY))));
        script.send(script.confirmActive(Script.capabilities(true)));
        assertEquals(
                List.of(new Action.Input(List.of(KEY))), script.send(script.share(new SlowPathInput(List.of(KEY)))));
    }

    @Test
    void handsOutWhatTheClientWants() {
        Script script = Script.active(true);
        InclusiveRect rect = new InclusiveRect(0, 0, 9, 9);
        assertEquals(
                List.of(new Action.OutputWanted(Optional.empty())),
                script.send(script.share(new SuppressOutput(Optional.empty()))));
        assertEquals(
                List.of(new Action.Refresh(List.of(rect))), script.send(script.share(new RefreshRect(List.of(rect)))));
        assertEquals(List.of(new Action.FrameAcknowledged(7)), script.send(script.share(new FrameAcknowledge(7))));
        assertEquals(List.of("ShutdownDenied"), Script.sent(script.send(script.share(new ShutdownRequest()))));
        Action.ChannelData data = (Action.ChannelData)
                script.send(script.data(1005, new ChannelPduHeader(0, 3))).get(0);
        assertEquals(1005, data.channelId());
        assertEquals(List.of(), script.send(script.data(1006, new ChannelPduHeader(0, 3))));
        assertInstanceOf(Active.class, script.state);
    }

    @Test
    void dropsInputThatIsForNobodyByItsHeader() {
        Script script = Script.active(true);
        byte[] noEvent = {4, 4, (byte) 0xff, 0x1e};
        assertThrows(PduException.class, () -> script.feed(new Inbound.Frame(Unpooled.wrappedBuffer(noEvent))));
        script.feed(new Inbound.DesktopSize(1024, 768, false));
        script.confirmAndFinalize(true);
        assertEquals(List.of(), script.feed(new Inbound.Frame(Unpooled.wrappedBuffer(noEvent))), "it is not decoded");
        ClientInput key = new ClientInput.Key(0x1e, true, false, false);
        assertEquals(List.of(), script.send(new FastPathInput(List.of(key))));
        assertEquals(List.of(), script.send(script.share(new SlowPathInput(List.of(key)))));
        assertEquals(List.of(new Action.FrameAcknowledged(7)), script.send(script.share(new FrameAcknowledge(7))));
    }

    @Test
    void changesSizeByReactivation() {
        Script script = Script.active(true);
        script.actions.clear();
        script.feed(Script.SIZE);
        assertEquals(List.of(), script.actions); // nothing has changed
        script.feed(new Inbound.DesktopSize(1024, 768));
        assertEquals(List.of("Deactivated", "DeactivateAll", "DemandActive"), Script.sent(script.actions));
        script.actions.clear();
        script.send(script.share(new ShutdownRequest())); // said before the client saw Deactivate All
        script.send(script.share(new Synchronize(0)));
        assertEquals(List.of(), script.actions);
        script.confirmAndFinalize(true);
        Action.Activated activated = script.only(Action.Activated.class);
        assertEquals(1024, activated.profile().desktop().width());
        assertEquals(0x203ea, activated.share().shareId());
    }

    @Test
    void sizeThatComesWhileActivatingIsForTheDriverToCompare() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.feed(new Inbound.DesktopSize(800, 600));
        script.actions.clear();
        script.confirmAndFinalize(true);
        assertEquals(
                List.of("Synchronize", "Control4", "Control2", "FontMap", "Activated"), Script.sent(script.actions));
        assertEquals(
                Script.SIZE.width(),
                script.only(Action.Activated.class).profile().desktop().width());
    }

    /** Remmina shows no more than its first size, unless that changes. */
    @ParameterizedTest
    @CsvSource({"0x0008000c, true", "0x00080004, false", "0x00080011, false"})
    void givesFreeRdp2TheSizeItAskedForBeforeTheGuests(String version, boolean asked) {
        ClientCoreData same = Script.core();
        ClientCoreData core =
                new ClientCoreData(Integer.decode(version), 644, 480, 0xca01, 0x407, 2600, "PC", 4, 0, 12, same.tail());
        Script script = new Script(Authentication.NONE).toDemandActive(core);
        Inbound.DesktopSize first = ((Activating) script.state).activation().size();
        assertEquals(asked ? new Inbound.DesktopSize(644, 480) : Script.SIZE, first);
        script.actions.clear();
        script.confirmAndFinalize(true);
        assertEquals(
                List.of("Synchronize", "Control4", "Control2", "FontMap", "Activated"),
                Script.sent(script.actions),
                "GNOME Connections would miss what stands right behind the Font Map PDU");
        Action.Activated activated = script.only(Action.Activated.class);
        assertEquals(first.width(), activated.profile().desktop().width());
        assertEquals(first.height(), activated.profile().desktop().height());
    }

    @Test
    void leavesClientsThatCannotResizeAtTheirSize() {
        Script script = Script.active(false);
        assertFalse(script.only(Action.Activated.class).profile().desktop().resizable());
        assertEquals(List.of(), script.feed(new Inbound.DesktopSize(1024, 768)));
        assertInstanceOf(Active.class, script.state);
    }

    @Test
    void endsActiveShareInOrder() {
        Script script = Script.active(true);
        List<Action> actions = script.feed(new Inbound.Disconnect(SetErrorInfo.LOGOFF_BY_USER));
        assertEquals(
                List.of("Deactivated", "SetErrorInfo", "DeactivateAll", "DisconnectProviderUltimatum", "Close"),
                Script.sent(actions));
        assertEquals(List.of(), script.send(script.share(new ShutdownRequest())));
        assertEquals(List.of(), script.feed(new Inbound.Disconnect(0)));
    }

    @Test
    void tellsNoErrorToClientsThatDoNotKnowIt() {
        ClientCoreData core = Script.core(0, 16, OptionalInt.empty());
        Script script = new Script(Authentication.NONE).toDemandActive(core);
        script.confirmAndFinalize(true);
        assertEquals(
                List.of("Deactivated", "DeactivateAll", "DisconnectProviderUltimatum", "Close"),
                Script.sent(script.feed(new Inbound.Disconnect(SetErrorInfo.LOGOFF_BY_USER))));
    }

    @Test
    void endsFromEveryState() {
        Script recorded = Script.active(true);
        for (int steps = 0; steps < 8; steps++) {
            Script script = new Script(Authentication.TLS);
            play(script, steps);
            List<Action> actions = script.feed(new Inbound.Disconnect(SetErrorInfo.IDLE_TIMEOUT));
            assertInstanceOf(Action.Close.class, actions.get(actions.size() - 1), script.state + " after " + steps);
            assertFalse(Script.sent(actions).contains("DeactivateAll"));
        }
        assertInstanceOf(Active.class, recorded.state);
    }

    private static void play(Script script, int steps) {
        List<Runnable> all = List.of(
                () -> script.send(Script.request(1)),
                () -> script.feed(new Inbound.TlsEstablished()),
                () -> script.send(Script.connectInitial(Script.core(), OptionalInt.empty())),
                () -> script.send(script.info(0, "", "")),
                () -> script.feed(new Inbound.CredentialsAccepted()),
                () -> script.feed(Script.SIZE),
                () -> script.send(script.confirmActive(Script.capabilities(true))));
        all.subList(0, steps).forEach(Runnable::run);
    }

    @Test
    void noticesTheClientLeaving() {
        Pdu ultimatum = DataFrame.of(new DisconnectProviderUltimatum(DisconnectProviderUltimatum.RN_USER_REQUESTED));
        for (int steps = 3; steps < 8; steps++) {
            Script script = new Script(Authentication.TLS);
            play(script, steps);
            List<Action> actions = script.send(ultimatum);
            assertEquals(List.of(new Action.Close("the client left", true)), actions);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x0002, 24, 0xca01, 32", // mstsc at 32 bits
        "0x0000, 16, 0xca01, 16", // mstsc at 16 bits, though it supports 32
        "0x0000, 24, 0xca01, 24",
        "0x0000, 15, 0xca01, 15",
        "0x0000, 8, 0xca01, 16", // no palettes
        "0x0000, 4, 0xca00, 16",
        "0x0000, 0, 0xca02, 15",
        "0x0000, 0, 0xca03, 16",
        "0x0000, 0, 0xca04, 24",
        "0x0000, 0, 0x0000, 16",
    })
    void servesTheDepthTheClientWants(String early, int high, String postBeta2, int expected) {
        Tail tail =
                new Tail(Tail.FULL, Integer.decode(postBeta2), high, 15, Integer.decode(early), 0, OptionalInt.empty());
        ClientCoreData core = new ClientCoreData(0, 1, 1, 0xca01, 0, 0, "", 0, 0, 0, tail);
        assertEquals(expected, ProfileReader.bitsPerPixel(core));
    }

    @Test
    void takesMissingCapabilitiesForTheLeast() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.send(script.confirmActive(List.of()));
        ClientProfile profile = ((Finalizing) script.state).profile();
        assertEquals(
                new ClientProfile.Graphics(
                        32,
                        false,
                        true,
                        false,
                        false,
                        true,
                        false,
                        0,
                        new ClientProfile.Frames(false, false, 0),
                        Optional.empty()),
                profile.graphics());
        assertEquals(new ClientProfile.Pointer(0, 0, false, false), profile.pointer());
        assertFalse(profile.desktop().resizable());
    }

    @Test
    void standsDamageToEveryFrame() {
        for (int steps = 0; steps < 7; steps++) {
            for (DataFrameOrBytes frame : framesOf(steps)) {
                damage(steps, frame.bytes());
            }
        }
    }

    private record DataFrameOrBytes(byte[] bytes) {}

    private static List<DataFrameOrBytes> framesOf(int steps) {
        Script script = new Script(Authentication.TLS);
        List<Pdu> pdus = new ArrayList<>();
        switch (steps) {
            case 0 -> pdus.add(Script.request(1));
            case 2 -> pdus.add(Script.connectInitial(Script.core(), OptionalInt.empty()));
            case 3 -> {
                pdus.add(script.info(0, "u", "p"));
                pdus.add(DataFrame.of(new ChannelJoinRequest(Script.user(), 1003)));
            }
            case 6 -> {
                pdus.add(script.confirmActive(Script.capabilities(true)));
                pdus.add(script.share(new SlowPathInput(List.of(KEY))));
                pdus.add(new FastPathInput(List.of(KEY)));
                pdus.add(script.data(1005, new ChannelPduHeader(0, 3)));
            }
            default -> {}
        }
        return pdus.stream().map(Script::bytes).map(DataFrameOrBytes::new).toList();
    }

    private static void damage(int steps, byte[] frame) {
        Script script = new Script(Authentication.TLS);
        play(script, steps);
        ConnectionState state = script.state;
        int noticed = 0;
        for (int at = 0; at < frame.length; at++) {
            byte[] cut = java.util.Arrays.copyOf(frame, at);
            noticed += attempt(state, cut);
            for (int value : new int[] {0, 0x7f, 0x80, 0xff}) {
                byte[] damaged = frame.clone();
                damaged[at] = (byte) value;
                noticed += attempt(state, damaged);
            }
        }
        assertTrue(noticed > frame.length / 2, "noticed " + noticed + " of " + frame.length * 5);
    }

    private static int attempt(ConnectionState state, byte[] frame) {
        if (frame.length == 0) {
            return 0; // never framed
        }
        try {
            state.on(new Inbound.Frame(Unpooled.wrappedBuffer(frame)));
            return 0;
        } catch (PduException expected) {
            return 1;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 607_000, 9_000_000})
    void boundsUpdateSize(int size) {
        assertThrows(IllegalArgumentException.class, () -> new ConnectionConfig(size, 2));
    }
}
