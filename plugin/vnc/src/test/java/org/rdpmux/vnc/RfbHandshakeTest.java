// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RfbHandshakeTest {

    private static final String CLIENT_38 = "524642203030332e3030380a";
    private static final String CLIENT_37 = "524642203030332e3030370a";
    private static final String CLIENT_33 = "524642203030332e3030330a";

    private final ByteBuf out = Unpooled.buffer();

    private RfbHandshake.ServerInit receive(RfbHandshake handshake, ServerBytes bytes) {
        return handshake.receive(bytes.buffer(), out);
    }

    private String refusal(char[] password, ServerBytes bytes) {
        RfbHandshake handshake = new RfbHandshake(password);
        return assertThrows(RfbException.class, () -> receive(handshake, bytes)).getMessage();
    }

    private String sent() {
        String hex = ByteBufUtil.hexDump(out);
        out.clear();
        return hex;
    }

    @Test
    void tellsScreenAndName() {
        var init = receive(new RfbHandshake(null), ServerBytes.greeting(720, 400, "QEMU (web1)"));
        assertEquals(new RfbHandshake.ServerInit(720, 400, "QEMU (web1)"), init);
        assertEquals(CLIENT_38 + "01" + "01", sent(), "version, type None, shared session");
    }

    @ParameterizedTest
    @CsvSource({"003.008", "003.009", "003.889", "004.000", "004.001", "005.000"})
    void speaks38WithNewerServers(String version) {
        receive(new RfbHandshake(null), new ServerBytes().version(version));
        assertEquals(CLIENT_38, sent());
    }

    @Test
    void noResultFollowsNoneIn37() {
        var init = receive(
                new RfbHandshake(null),
                new ServerBytes().version("003.007").bytes(1, 1).serverInit(1, 2, ""));
        assertEquals(new RfbHandshake.ServerInit(1, 2, ""), init);
        assertEquals(CLIENT_37 + "0101", sent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"003.003", "003.005", "003.006"})
    void serverDecidesIn33(String version) {
        var init = receive(
                new RfbHandshake(null),
                new ServerBytes().version(version).u32(1).serverInit(1, 2, ""));
        assertEquals(new RfbHandshake.ServerInit(1, 2, ""), init);
        assertEquals(CLIENT_33 + "01", sent(), "no type is chosen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200", "RFB 003.008 ", "RFB 03.0008\n", "SSH-2.0-Open"})
    void refusesWhatIsNoVncServer(String text) {
        String refusal = refusal(null, new ServerBytes().bytes(text.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals("broke the protocol: ProtocolVersion text is not that of a VNC server", refusal);
    }

    @Test
    void refusesVersionsBefore33() {
        assertEquals("speaks RFB 3.2, which is too old", refusal(null, new ServerBytes().version("003.002")));
        assertEquals("speaks RFB 2.9, which is too old", refusal(null, new ServerBytes().version("002.009")));
    }

    @ParameterizedTest
    @CsvSource({"003.003", "003.007", "003.008"})
    void answersChallenge(String version) {
        // The example that every text on DES has: key 0123456789abcdef, here with each byte's bits reversed.
        char[] password = {0x80, 0xc4, 0xa2, 0xe6, 0x91, 0xd5, 0xb3, 0xf7};
        ServerBytes bytes = new ServerBytes().version(version);
        if (version.equals("003.003")) {
            bytes.u32(2);
        } else {
            bytes.bytes(2, 16, 2);
        }
        bytes.bytes("Now is the time ".getBytes(StandardCharsets.US_ASCII));
        RfbHandshake handshake = new RfbHandshake(password);
        assertNull(receive(handshake, bytes));
        assertTrue(sent().endsWith("3fa40e8a984d4815" + "6a271787ab8883f9"));
        assertArrayEquals(new char[8], password, "the password is overwritten once used");
        assertEquals(
                new RfbHandshake.ServerInit(3, 4, ""),
                receive(handshake, bytes.u32(0).serverInit(3, 4, "")));
        assertEquals("01", sent());
    }

    @Test
    void passwordIsCutAndFilledUp() {
        byte[] challenge = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        assertArrayEquals(
                VncAuthentication.respond(challenge, "12345678".toCharArray()),
                VncAuthentication.respond(challenge, "123456789".toCharArray()));
        assertArrayEquals(
                VncAuthentication.respond(challenge, "ab".toCharArray()),
                VncAuthentication.respond(challenge, "ab\0\0".toCharArray()));
    }

    @Test
    void takesTheFirstTypeOfferedThatWorks() {
        receive(
                new RfbHandshake(new char[] {'x'}),
                new ServerBytes().version("003.008").bytes(3, 19, 2, 1));
        assertEquals(CLIENT_38 + "02", sent());
        receive(new RfbHandshake(null), new ServerBytes().version("003.008").bytes(3, 19, 2, 1));
        assertEquals(CLIENT_38 + "01", sent());
    }

    @Test
    void saysThatAPasswordIsMissing() {
        assertEquals(
                "asks for a password, and none is configured",
                refusal(null, new ServerBytes().version("003.008").bytes(2, 2, 19)));
        assertEquals(
                "asks for a password, and none is configured",
                refusal(null, new ServerBytes().version("003.003").u32(2)));
    }

    @Test
    void namesTheTypesItDoesNotSpeak() {
        assertEquals(
                "asks for authentication type 19 (VeNCrypt) or 77, which rdpmux does not speak",
                refusal(new char[0], new ServerBytes().version("003.008").bytes(2, 19, 77)));
        assertEquals(
                "asks for authentication type 4294967295, which rdpmux does not speak",
                refusal(null, new ServerBytes().version("003.003").u32(-1)));
    }

    @Test
    void passesOnTheServersReason() {
        assertEquals(
                "refused the connection: Too many clients",
                refusal(null, new ServerBytes().version("003.008").bytes(0).text("Too many clients")));
        assertEquals(
                "refused the connection: not now",
                refusal(null, new ServerBytes().version("003.003").u32(0).text("not now")));
        ServerBytes wrong = new ServerBytes().version("003.008").bytes(1, 2).zeros(16);
        assertEquals(
                "refused the password: Authentication failed",
                refusal(new char[1], wrong.u32(1).text("Authentication failed")));
    }

    @Test
    void saysWhyWithoutAReason() {
        ServerBytes wrong = new ServerBytes().version("003.007").bytes(1, 2).zeros(16);
        assertEquals("refused the password", refusal(new char[1], wrong.u32(1)));
        ServerBytes often = new ServerBytes().version("003.008").bytes(1, 2).zeros(16);
        assertEquals("refused us after too many attempts", refusal(new char[1], often.u32(2, 0)));
        ServerBytes huge = new ServerBytes().version("003.008").bytes(0).u32(-1);
        assertEquals("refused the connection", refusal(null, huge));
    }

    @Test
    void reasonsBecomeOneShortLine() {
        String reason = "a\r\nb\u001b[31mc\u202ed" + "x".repeat(1000);
        String refusal =
                refusal(null, new ServerBytes().version("003.008").bytes(0).text(reason));
        assertTrue(refusal.startsWith("refused the connection: a  b [31mc dxxx"), refusal);
        assertTrue(refusal.length() < 240, refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,width 0 is not 1 to 16384",
        "1,0,height 0 is not 1 to 16384",
        "16385,1,width 16385 is not 1 to 16384",
        "1,65535,height 65535 is not 1 to 16384",
        "8192,4321,size 8192x4321 is more than 35389440 pixels"
    })
    void refusesScreensThatAreNone(int width, int height, String reason) {
        assertEquals(
                "broke the protocol: ServerInit " + reason, refusal(null, ServerBytes.greeting(width, height, "")));
    }

    @Test
    void refusesEndlessName() {
        ServerBytes bytes = new ServerBytes().version("003.008").bytes(1, 1).u32(0);
        bytes.u16(1, 1).zeros(16).u32(4097);
        assertEquals("broke the protocol: ServerInit name-length 4097 is more than 4096", refusal(null, bytes));
    }

    @Test
    void wipeOverwritesThePassword() {
        char[] password = "secret".toCharArray();
        new RfbHandshake(password).wipe();
        assertArrayEquals(new char[6], password);
        new RfbHandshake(null).wipe();
    }
}
