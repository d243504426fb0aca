// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.pdu.caps.BitmapCapability;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.share.DemandActive;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.share.RefreshRect;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.SuppressOutput;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.DisconnectReason;

/** What clients are told when they are turned away or sent away: {@code docs/clients.md} has what they say then. */
class FarewellTest {

    /** The end of a Set Error Info PDU: pduType2, compression, and the code. */
    private static final String SET_ERROR_INFO = "2f000000";

    @Test
    void tellsARejectedClientWhyOnceItsShareIsActive() {
        Script script = rejected(ClientInfo.INFO_LOGONERRORS);
        script.confirmAndFinalize(true);
        assertEquals(
                List.of(
                        "Synchronize",
                        "Control4",
                        "Control2",
                        "FontMap",
                        "SaveSessionInfo",
                        "SetErrorInfo",
                        "DeactivateAll",
                        "DisconnectProviderUltimatum",
                        "Close"),
                Script.sent(script.actions));
        assertEquals(SET_ERROR_INFO + "07000000", tail(script.actions.get(5), 8));
        assertInstanceOf(Closed.class, script.state);
    }

    @Test
    void tellsOfTheLogonErrorOnlyWhoAsks() {
        Script script = rejected(0);
        script.confirmAndFinalize(true);
        assertEquals(List.of("FontMap", "SetErrorInfo"), Script.sent(script.actions.subList(3, 5)));
    }

    /** Remmina says nothing of a session that has begun. */
    @Test
    void tellsFreeRdp2RightBehindTheLicence() {
        ClientCoreData core = core(0x0008000c, Tail.SUPPORT_ERRINFO_PDU);
        Script script = new Script(Authentication.TLS).toInfo(core);
        script.send(script.info(ClientInfo.INFO_LOGONERRORS, "bob", "wrong"));
        List<Action> actions = script.feed(new Inbound.CredentialsRejected());
        assertEquals("ff03100007000000" + "0200000004000000", tail(actions.get(0), 16));
        assertEquals(
                List.of("SaveSessionInfo", "SetErrorInfo", "DisconnectProviderUltimatum", "Close"),
                Script.sent(actions.subList(1, actions.size())));
        assertEquals(SET_ERROR_INFO + "07000000", tail(actions.get(2), 8));
    }

    private static ClientCoreData core(int version, int early) {
        Tail tail = new Tail(Tail.END_SERVER_SELECTED_PROTOCOL - 4, 0xca01, 24, 15, early, 0, OptionalInt.empty());
        return new ClientCoreData(version, 1024, 768, 0xca01, 0x407, 2600, "PC", 4, 0, 12, tail);
    }

    @Test
    void givesARejectedClientALicenceAndTheDesktopItAskedFor() {
        Script script = new Script(Authentication.TLS).toInfo(Script.core());
        script.send(script.info(0, "bob", "wrong"));
        List<Action> actions = script.feed(new Inbound.CredentialsRejected());
        assertEquals(2, actions.size());
        assertEquals("ff03100007000000" + "0200000004000000", tail(actions.get(0), 16));
        ByteBuf payload =
                DataFrame.decodePayload(Unpooled.wrappedBuffer(Script.bytes(((Action.Send) actions.get(1)).pdu())));
        DomainPdu.decode(payload);
        DemandActive demand = DemandActive.decode(ShareControlHeader.decode(payload), payload);
        assertEquals(
                List.of(new Inbound.DesktopSize(1024, 768)),
                demand.capabilities().stream()
                        .filter(BitmapCapability.class::isInstance)
                        .map(BitmapCapability.class::cast)
                        .map(bitmap -> new Inbound.DesktopSize(bitmap.desktopWidth(), bitmap.desktopHeight()))
                        .toList());
    }

    @Test
    void handsOnNothingThatARejectedClientSends() {
        Script script = rejected(0);
        ClientInput key = new ClientInput.Key(0x1e, true, false, false);
        script.send(new FastPathInput(List.of(key)));
        script.send(script.confirmActive(Script.capabilities(true)));
        script.send(new FastPathInput(List.of(key)));
        script.send(script.data(1005, new ChannelPduHeader(0, 3)));
        script.send(script.share(new SuppressOutput(Optional.empty())));
        script.send(script.share(new RefreshRect(List.of(new InclusiveRect(0, 0, 9, 9)))));
        assertEquals(List.of(), script.actions);
    }

    /** Wrong name or password, with the Demand Active that follows already sent. */
    private static Script rejected(int infoFlags) {
        Script script = new Script(Authentication.TLS).toInfo(Script.core());
        script.send(script.info(infoFlags, "bob", "wrong"));
        script.feed(new Inbound.CredentialsRejected());
        script.actions.clear();
        return script;
    }

    @ParameterizedTest
    @CsvSource({
        "0x00080004, 1, true", // rdesktop, IronRDP
        "0x0008000c, 1, true", // FreeRDP 2
        "0x00080011, 0, true", // FreeRDP 3, which reads it and does not say so
        "0x00080005, 0, true",
        "0x00080004, 0, false",
        "0x00080001, 0, false"
    })
    void tellsErrorInfoToAllThatReadIt(String version, int early, boolean told) {
        ClientCoreData core = core(Integer.decode(version), early);
        Script script = new Script(Authentication.NONE).toInfo(core);
        script.send(script.info(0, "bob", ""));
        script.feed(new Inbound.DesktopSize(1024, 768)); // what it asked for
        script.confirmAndFinalize(true);
        List<String> sent = Script.sent(script.feed(new Inbound.Disconnect(SetErrorInfo.IDLE_TIMEOUT)));
        assertEquals(told, sent.contains("SetErrorInfo"), sent::toString);
    }

    @ParameterizedTest
    @EnumSource(DisconnectReason.class)
    void spellsEachReason(DisconnectReason reason) {
        List<Action> actions = Script.active(true).feed(new Inbound.Disconnect(reason.errorInfo()));
        String code = switch (reason) {
            case ADMINISTRATOR -> "01000000";
            case TIME_OVER -> "04000000";
            case DISPLACED -> "05000000";
            case OUT_OF_MEMORY -> "06000000";
            case BUSY -> "07000000";
            case CONSOLE_CLOSED -> "0c000000";
            case SERVER_STOPPED -> "";
        };
        if (code.isEmpty()) {
            // Any farewell, an MCS Disconnect Provider Ultimatum included, ends automatic reconnection.
            assertEquals(List.of("Deactivated", "Close"), Script.sent(actions));
        } else {
            assertEquals(SET_ERROR_INFO + code, tail(actions.get(1), 8));
            assertEquals(
                    reason == DisconnectReason.CONSOLE_CLOSED ? "2180" : "2080", tail(actions.get(3), 2)); // its reason
        }
    }

    /** The last bytes of what an action sends. */
    private static String tail(Action action, int length) {
        byte[] bytes = Script.bytes(((Action.Send) action).pdu());
        return HexFormat.of().formatHex(bytes, bytes.length - length, bytes.length);
    }
}
