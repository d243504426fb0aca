// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.caps.BitmapCapability;
import org.rdpmux.pdu.caps.BitmapCodecsCapability;
import org.rdpmux.pdu.caps.CapabilitySet;
import org.rdpmux.pdu.caps.FrameAcknowledgeCapability;
import org.rdpmux.pdu.caps.GeneralCapability;
import org.rdpmux.pdu.caps.InputCapability;
import org.rdpmux.pdu.caps.LargePointerCapability;
import org.rdpmux.pdu.caps.MultifragmentUpdateCapability;
import org.rdpmux.pdu.caps.PointerCapability;
import org.rdpmux.pdu.caps.RemoteFxClientCapability;
import org.rdpmux.pdu.caps.RemoteFxClientCapability.Icap;
import org.rdpmux.pdu.caps.SurfaceCommandsCapability;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.pdu.mcs.AttachUserRequest;
import org.rdpmux.pdu.mcs.ChannelJoinRequest;
import org.rdpmux.pdu.mcs.ConnectResponse;
import org.rdpmux.pdu.share.Control;
import org.rdpmux.pdu.share.FontList;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.share.RefreshRect;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.share.ShutdownRequest;
import org.rdpmux.pdu.share.SlowPathInput;
import org.rdpmux.pdu.share.SuppressOutput;
import org.rdpmux.pdu.share.Synchronize;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.security.access.Authentication;

/** What real clients demand beyond the specification's examples, to the byte. Each test names a client that needs it. */
class CompatibilityTest {

    private static final ClientInput KEY = new ClientInput.Key(0x1e, true, false, false);

    // ---- basic settings and channels ([MS-RDPBCGR] 2.2.1.3 to 2.2.1.9) ----

    /**
     * All clients under TLS: a security block of method 0 and level 0 that ends there. mstsc: its protocols come back, or
     * it reports that somebody has tampered with the negotiation. An odd number of channels is padded.
     */
    @Test
    void basicSettingsSayNoEncryptionAndEchoTheProtocols() {
        Script script = new Script(Authentication.NONE);
        script.send(Script.request(0x0b));
        script.feed(new Inbound.TlsEstablished());
        ClientCoreData core = Script.core(0, 16, OptionalInt.of(1));
        ByteBuf response = DataFrame.decodePayload(frame(script.send(Script.connectInitial(core, OptionalInt.of(0)))));
        String blocks =
                HexFormat.of().formatHex(ConnectResponse.decode(response).userData());
        assertEquals(
                "010c1000" + "04000800" + "0b000000" + "00000000"
                        + "020c0c00" + "00000000" + "00000000"
                        + "030c0c00" + "eb03" + "0200" + "ec03" + "ed03"
                        + "040c0600" + "ee03",
                blocks.substring(blocks.indexOf("010c1000")));
    }

    /** Wyse thin clients join fewer or more channels than there are, some clients join in another order or twice. */
    @Test
    void channelsAreJoinedInAnyOrderAndNumber() {
        Script script = new Script(Authentication.NONE);
        script.send(Script.request(1));
        script.feed(new Inbound.TlsEstablished());
        script.send(Script.connectInitial(Script.core(), OptionalInt.empty()));
        assertEquals("3e00000503eb03eb", mcs(script.send(join(Script.IO)))); // before Attach User
        assertEquals("2e000005", mcs(script.send(DataFrame.of(new AttachUserRequest()))));
        assertEquals("3e00000503ed03ed", mcs(script.send(join(1005))));
        assertEquals("3c600005" + "03f8", mcs(script.send(join(1016)))); // rt-no-such-channel
        assertEquals("3e00000503ee03ee", mcs(script.send(join(Script.user()))));
        assertEquals("3e00000503ee03ee", mcs(script.send(join(Script.user()))));
        script.send(script.info(0, "", ""));
        assertInstanceOf(AwaitingDesktopSize.class, script.state);
        assertEquals("3e00000503ec03ec", mcs(script.send(join(1004))));
    }

    /** mstsc and FreeRDP answer autodetect and multitransport requests there whenever they like, asked or not. */
    @Test
    void theMessageChannelDisturbsNoState() {
        ClientCoreData core = Script.core(Tail.SUPPORT_NETCHAR_AUTODETECT, 16, OptionalInt.empty());
        for (int steps = 0; steps <= 6; steps++) {
            Script script = new Script(Authentication.TLS);
            script.send(Script.request(1));
            script.feed(new Inbound.TlsEstablished());
            script.send(Script.connectInitial(core, OptionalInt.of(0)));
            advance(script, steps);
            ConnectionState before = script.state;
            byte[] multitransportResponse = HexFormat.of().parseHex("04000000" + "00000000" + "05400080");
            assertEquals(List.of(), script.send(script.data(1006, raw(multitransportResponse))), before.toString());
            assertEquals(before, script.state);
        }
    }

    private static void advance(Script script, int steps) {
        List<Runnable> all = List.of(
                () -> script.send(script.info(0, "bob", "secret")),
                () -> script.feed(new Inbound.CredentialsAccepted()),
                () -> script.feed(Script.SIZE),
                () -> script.send(script.confirmActive(Script.capabilities(true))),
                () -> script.send(script.share(new Synchronize(1002))),
                () -> script.send(script.share(new FontList())));
        all.subList(0, steps).forEach(Runnable::run);
    }

    // ---- client info ----

    /** Clients for macOS, iOS and Android set INFO_AUTOLOGON though they have neither name nor password. */
    @Test
    void anEmptyPasswordIsHandedOutAsSuch() {
        Script script = new Script(Authentication.TLS).toInfo(Script.core());
        Action.VerifyCredentials verify = (Action.VerifyCredentials)
                script.send(script.info(0x00000008 | 0x00000001, "", "")).get(0);
        assertEquals("", verify.credentials().user());
        assertEquals(0, verify.credentials().password().length);
    }

    // ---- capabilities (2.2.1.13) ----

    /** The sets every client expects, with the flags without which clients do not use what is there. */
    @Test
    void demandActiveHasWhatClientsLookFor() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        String hex = hex(script.only(Action.AskDesktopSize.class), script);
        // General: fast-path output, long credentials, no compression header. FreeRDP sends Refresh Rect and Suppress
        // Output only if the last two bytes are set.
        assertContains(hex, "01001800" + "0400" + "0700" + "0002" + "0000" + "0000" + "0504" + "000000000000" + "0101");
        // Bitmap: the desktop as it is; desktopResizeFlag, or FreeRDP refuses to resize; compression;
        // DRAW_ALLOW_SKIP_ALPHA and DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY, but no subsampling: Microsoft's clients
        // swap red and blue in what is sent as luma and chroma, so only what has neither is.
        assertContains(
                hex, "02001c00" + "2000" + "010001000100" + "d002" + "9001" + "0000" + "0100" + "0100" + "00" + "0a");
        // Order: NEGOTIATEORDERSUPPORT and ZEROBOUNDSDELTASSUPPORT, and no order: clients for Android know none.
        assertContains(
                hex,
                "0300" + "5800" + "00".repeat(20) + "0100" + "1400" + "0000" + "0100" + "0000" + "0a00"
                        + "00".repeat(32));
        // Input: FASTPATH_INPUT and FASTPATH_INPUT2, since old clients for macOS look at one of them only.
        assertContains(hex, "0d005800" + "bd01");
        // Virtual channels in chunks of 1600 bytes, and updates of 8 MiB: mstsc refuses 16 MiB.
        assertContains(hex, "14000c00" + "00000000" + "40060000");
        assertContains(hex, "1a000800" + "00008000");
        // Share, pointer, font
        assertContains(hex, "09000800" + "ea03" + "0000");
        assertContains(hex, "08000a00" + "0100" + "1900" + "1900");
        assertContains(hex, "0e000800" + "0100" + "0000");
    }

    /** Clients for macOS send set 0x06, count wrongly, and leave the source descriptor out; a short set ends the list. */
    @Test
    void confirmActiveIsReadByItsLengths() {
        String general = "01001800" + "0100" + "0300" + "0002" + "0000" + "0000" + "0104" + "000000000000" + "0000";
        String unknown = "06000700" + "aabbcc";
        String pointer = "08000800" + "0100" + "1400";
        String sets = general + unknown + pointer + "03000200" + "ffffffff";
        String body = "ea030100" + "ea03" + "0000" + le16(4 + sets.length() / 2) + "6300" + "0000" + sets;
        String pdu = le16(6 + body.length() / 2) + "1300" + le16(Script.user()) + body;
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.send(script.data(Script.IO, raw(HexFormat.of().parseHex(pdu))));
        ClientProfile profile = assertInstanceOf(Finalizing.class, script.state).profile();
        assertTrue(profile.graphics().fastPath());
        assertEquals(new ClientProfile.Pointer(20, 0, false, false), profile.pointer());
    }

    /** Windows CE means no fragments by a size below one PDU; some clients say four gigabytes. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0",
        "16382, 0",
        "16383, 16383",
        "700000, 700000",
        "8388608, 8388608",
        "16777215, 8388608",
        "4294967295, 8388608",
    })
    void updatesAreNoLargerThanBothSidesSay(long announced, int agreed) {
        ClientProfile profile = confirmed(new MultifragmentUpdateCapability(announced));
        assertEquals(agreed, profile.graphics().maxUpdateSize());
        assertEquals(agreed >= 608_299, profile.pointer().large384(), "LARGE_POINTER_FLAG_384x384 needs as much");
    }

    /** Old servers' clients (mstsc of Windows 2008 R2) dislike frame markers: only for those that ask for all of it. */
    @ParameterizedTest
    @CsvSource({"0x52, true, true", "0x42, true, false", "0x52, false, false", "0x00, true, false"})
    void framesAreMarkedOnlyForClientsThatKnowMarkersAndAcknowledge(
            String commands, boolean acknowledges, boolean expected) {
        List<CapabilitySet> sets = new ArrayList<>(List.of(new SurfaceCommandsCapability(Integer.decode(commands))));
        if (acknowledges) {
            sets.add(new FrameAcknowledgeCapability(2));
        }
        assertEquals(
                expected,
                confirmed(sets.toArray(new CapabilitySet[0]))
                        .graphics()
                        .frames()
                        .acknowledges());
    }

    /** A client without fast-path output gets none of what has no slow-path form. */
    @Test
    void slowPathClientsGetNeitherMarkersNorFragments() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.send(script.confirmActive(List.of(
                new GeneralCapability(1, 3, 0, false, false),
                new MultifragmentUpdateCapability(1 << 20),
                new LargePointerCapability(3),
                new PointerCapability(true, 20, 20),
                new SurfaceCommandsCapability(0x52),
                new FrameAcknowledgeCapability(2))));
        ClientProfile profile = ((Finalizing) script.state).profile();
        assertEquals(0, profile.graphics().maxUpdateSize());
        assertFalse(profile.graphics().frames().markers());
        assertFalse(profile.pointer().large384());
    }

    /** Each client's codec id, its mode, and RLGR1 where it has a choice; codecs need the command that carries them. */
    @ParameterizedTest
    @CsvSource({
        "FreeRDP's two ways, 0x52, 00:04 00:01, 3 false false",
        "RLGR1 alone in image mode, 0x52, 02:01, 3 true false",
        "IronRDP's one way, 0x52, 00:04, 3 false true",
        "an entropy coder nobody knows, 0x52, 00:02, none",
        "no surface bits, 0x10, 00:04, none",
        "no ways at all, 0x52, '', none",
    })
    void remoteFxIsUsedTheWayTheClientCan(String client, String commands, String icaps, String expected) {
        List<Icap> ways = Arrays.stream(icaps.split(" "))
                .filter(way -> !way.isEmpty())
                .map(way -> new Icap(
                        0x100, 64, Integer.parseInt(way.substring(0, 2)), 1, 1, Integer.parseInt(way.substring(3))))
                .toList();
        ByteBuf properties = Unpooled.buffer();
        new RemoteFxClientCapability(1, ways).encode(properties);
        ClientProfile profile = confirmed(
                new SurfaceCommandsCapability(Integer.decode(commands)), remoteFx(ByteBufUtil.getBytes(properties)));
        assertEquals(
                expected,
                profile.graphics()
                        .surfaceCodec()
                        .map(codec -> codec.codecId() + " " + codec.imageMode() + " " + codec.rlgr3())
                        .orElse("none"),
                client);
    }

    @Test
    void codecsThatMakeNoSenseAreNotUsed() {
        for (byte[] properties : List.of(new byte[0], new byte[49])) {
            ClientProfile profile = confirmed(new SurfaceCommandsCapability(0x52), remoteFx(properties));
            assertEquals(Optional.empty(), profile.graphics().surfaceCodec());
        }
    }

    private static BitmapCodecsCapability remoteFx(byte[] properties) {
        return new BitmapCodecsCapability(
                List.of(new BitmapCodecsCapability.Codec(BitmapCodecsCapability.REMOTEFX, 3, properties)));
    }

    private static ClientProfile confirmed(CapabilitySet... more) {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        List<CapabilitySet> sets = new ArrayList<>(List.of(
                new GeneralCapability(1, 3, 0x401, false, false),
                new BitmapCapability(32, 720, 400, true, true, 8),
                new LargePointerCapability(3),
                new InputCapability(0x35, 0, 4, 0, 12)));
        sets.addAll(List.of(more));
        script.send(script.confirmActive(sets));
        return ((Finalizing) script.state).profile();
    }

    // ---- finalization and reactivation (1.3.1.1, 1.3.1.3) ----

    /** FreeRDP 3 checks order and contents: Synchronize, Cooperate, Granted with both ids, Font Map of flags 3. */
    @Test
    void finalizationIsAnsweredToTheByte() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.actions.clear();
        script.confirmAndFinalize(true);
        String header = "1700ea03" + "ea030100" + "00" + "01";
        assertEquals(
                List.of(
                        "1600" + header + "0800" + "1f000000" + "0100" + "ee03",
                        "1a00" + header + "0c00" + "14000000" + "0400" + "0000" + "00000000",
                        "1a00" + header + "0c00" + "14000000" + "0200" + "ee03" + "ea030000",
                        "1a00" + header + "0c00" + "28000000" + "0000" + "0000" + "0300" + "0400"),
                script.actions.stream()
                        .filter(Action.Send.class::isInstance)
                        .map(action -> sharePdu((Action.Send) action))
                        .toList());
    }

    /** mstsc sends Suppress Output while it connects, rdesktop Refresh Rect at any time, FreeRDP input at once. */
    @Test
    void whatComesBeforeTheFontListIsNoReasonToPart() {
        Script script = new Script(Authentication.NONE).toDemandActive(Script.core());
        script.actions.clear();
        InclusiveRect rect = new InclusiveRect(0, 0, 719, 399);
        for (int i = 0; i < 2; i++) {
            script.send(script.share(new SuppressOutput(Optional.empty())));
            script.send(script.share(new RefreshRect(List.of(rect))));
            script.send(script.share(new SlowPathInput(List.of(KEY))));
            script.send(new FastPathInput(List.of(KEY)));
            script.send(script.confirmActive(Script.capabilities(true)));
            assertEquals(
                    List.of("OutputWanted", "Refresh", "Input", "Input"),
                    Script.sent(script.actions),
                    "nothing is sent");
            script.actions.clear();
            script.send(script.share(new FontList()));
            script.actions.clear();
            script.feed(new Inbound.DesktopSize(800 + i, 600));
            script.actions.clear();
        }
    }

    /** IronRDP's clients end over any Data PDU between Deactivate All and Demand Active, FreeRDP 3 over output. */
    @Test
    void nothingIsSaidWhileNoShareIsActive() {
        Script script = Script.active(true);
        script.actions.clear();
        script.feed(new Inbound.DesktopSize(800, 600));
        assertEquals(List.of("Deactivated", "DeactivateAll", "DemandActive"), Script.sent(script.actions));
        script.actions.clear();
        script.send(script.share(new ShutdownRequest()));
        script.send(script.share(new Synchronize(1002)));
        script.send(script.share(new Control(Control.REQUEST_CONTROL, 0, 0)));
        script.send(script.share(new FontList()));
        script.feed(new Inbound.DesktopSize(640, 480));
        script.feed(Script.SIZE);
        assertEquals(List.of(), script.actions);
        script.actions.clear();
        script.send(script.confirmActive(Script.capabilities(true)));
        assertEquals(List.of(), script.actions);
    }

    /** [MS-RDPBCGR] 2.2.8.1.1.1.1: what begins like a flow control PDU of T.128 must be ignored. Flow test, response, stop. */
    @ParameterizedTest
    @ValueSource(strings = {"0080" + "41" + "00" + "00" + "00" + "ee03", "0080" + "42", "0080" + "43000000ee03ffff"})
    void flowControlIsPassedOver(String pdu) {
        Script script = Script.active(true);
        assertEquals(
                List.of(), script.send(script.data(Script.IO, raw(HexFormat.of().parseHex(pdu)))));
        assertInstanceOf(Active.class, script.state);
    }

    /** Whoever has been told a new size types on with the old share's id until it has seen that. */
    @Test
    void inputOfTheOldShareStillCounts() {
        Script script = Script.active(true);
        script.feed(new Inbound.DesktopSize(800, 600));
        Pdu old = script.data(Script.IO, new ShareDataPdu(0x103ea, Script.user(), new SlowPathInput(List.of(KEY))));
        assertEquals(List.of(new Action.Input(List.of(KEY))), script.send(old));
    }

    /** Clients with smart sizing confirm a desktop of their own size: it is not what pictures are made for. */
    @Test
    void theDesktopIsOfTheSizeThatWasDemanded() {
        ClientProfile profile = confirmed(new BitmapCapability(16, 65535, 1, true, true, 0));
        assertEquals(720, profile.desktop().width());
        assertEquals(400, profile.desktop().height());
    }

    // ---- the end (1.3.1.4) ----

    /** mstsc waits for an answer when its window is closed. */
    @Test
    void aShutdownRequestIsDenied() {
        Script script = Script.active(true);
        List<Action> actions = script.send(script.share(new ShutdownRequest()));
        assertEquals("1200" + "1700ea03" + "ea030100" + "00" + "01" + "0400" + "25000000", sharePdu((Action.Send)
                actions.get(0)));
    }

    /** mstsc shows "internal error" or reconnects for ever unless the reason comes first and the ultimatum last. */
    @ParameterizedTest
    @ValueSource(ints = {SetErrorInfo.LOGOFF_BY_USER, SetErrorInfo.DISCONNECTED_BY_OTHER_CONNECTION})
    void theReasonComesBeforeTheUltimatum(int reason) {
        Script script = Script.active(true);
        List<Action> actions = script.feed(new Inbound.Disconnect(reason));
        String header = "1700ea03" + "ea030100" + "00" + "01";
        assertEquals(
                "1600" + header + "0800" + "2f000000" + "0" + Integer.toHexString(reason) + "000000",
                sharePdu((Action.Send) actions.get(1)));
        assertEquals("0d00" + "1600" + "ea03" + "ea030100" + "0100" + "00", sharePdu((Action.Send) actions.get(2)));
        assertEquals(
                reason == SetErrorInfo.LOGOFF_BY_USER ? "2180" : "2080", mcs(actions.subList(3, 4)), "the ultimatum");
        assertInstanceOf(Action.Close.class, actions.get(4));
    }

    // ---- bytes ----

    private static Pdu raw(byte[] bytes) {
        return new Pdu() {
            @Override
            public int size() {
                return bytes.length;
            }

            @Override
            public void encode(ByteBuf out) {
                out.writeBytes(bytes);
            }
        };
    }

    private static Pdu join(int channel) {
        return DataFrame.of(new ChannelJoinRequest(Script.user(), channel));
    }

    private static String le16(int value) {
        return HexFormat.of().toHexDigits(Short.reverseBytes((short) value));
    }

    private static ByteBuf frame(List<Action> actions) {
        assertEquals(1, actions.size(), actions.toString());
        return Unpooled.wrappedBuffer(Script.bytes(((Action.Send) actions.get(0)).pdu()));
    }

    /** The one PDU that is sent, behind TPKT and X.224. */
    private static String mcs(List<Action> actions) {
        return ByteBufUtil.hexDump(DataFrame.decodePayload(frame(actions)));
    }

    /** A share PDU with its control header. */
    private static String sharePdu(Action.Send send) {
        byte[] bytes = Script.bytes(send.pdu());
        String hex = HexFormat.of().formatHex(bytes);
        assertEquals("680001" + "03eb" + "70", hex.substring(14, 26), "MCS Send Data Indication of the server");
        int headers = (bytes[13] & 0x80) == 0 ? 14 : 15;
        ShareControlHeader control =
                ShareControlHeader.decode(Unpooled.wrappedBuffer(bytes, headers, bytes.length - headers));
        assertEquals(bytes.length - headers, control.totalLength());
        return hex.substring(2 * headers);
    }

    private static String hex(Action.AskDesktopSize asked, Script script) {
        assertEquals(1024, asked.clientWidth());
        return sharePdu((Action.Send) script.actions.get(script.actions.size() - 1));
    }

    private static void assertContains(String hex, String part) {
        assertTrue(hex.contains(part), part + " in " + hex);
    }
}
