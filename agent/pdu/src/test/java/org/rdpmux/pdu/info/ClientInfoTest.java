// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.info;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.info.ExtendedInfo.Stage;
import org.rdpmux.pdu.license.LicenseErrorMessage;

class ClientInfoTest {

    private static final int UNICODE = ClientInfo.INFO_UNICODE | ClientInfo.INFO_MOUSE;

    private static ClientInfo info(int flags, Stage stage) {
        ExtendedInfo extra = new ExtendedInfo(
                stage,
                stage == Stage.NOTHING ? "" : "192.0.2.7",
                stage.compareTo(Stage.DIRECTORY) >= 0 ? "C:\\x" : "",
                stage.compareTo(Stage.PERFORMANCE_FLAGS) >= 0 ? 7 : 0,
                new byte[stage == Stage.COOKIE ? 28 : 0]);
        return new ClientInfo(0x409, flags, "DOM", "Käthe", "s€cret".toCharArray(), "", "", extra);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void readsInfoThatStopsAnywhere(Stage stage) {
        ClientInfo info = info(UNICODE, stage);
        ClientInfo read = Hostile.check(info, ClientInfo::decode);
        assertEquals("DOM", read.domain());
        assertEquals("Käthe", read.userName());
        assertEquals("s€cret", new String(read.password()));
        assertEquals(stage, read.extra().stage());
        assertEquals(info.extra().clientAddress(), read.extra().clientAddress());
        assertEquals(info.extra().performanceFlags(), read.extra().performanceFlags());
    }

    @Test
    void readsTextWithoutUnicode() {
        ClientInfo read = Hostile.check(info(ClientInfo.INFO_MOUSE, Stage.NOTHING), ClientInfo::decode);
        assertEquals("Käthe", read.userName());
        assertEquals("s€cret", new String(read.password()));
    }

    @Test
    void readsStringsWithoutTerminatorAndEmptyAddress() {
        ByteBuf wire = Unpooled.buffer();
        wire.writeIntLE(0).writeIntLE(UNICODE);
        wire.writeShortLE(0).writeShortLE(2).writeShortLE(0).writeShortLE(0).writeShortLE(0);
        wire.writeShortLE(0); // Domain
        wire.writeShortLE('u').writeShortLE(0); // UserName
        wire.writeShortLE(0).writeShortLE(0).writeShortLE(0);
        wire.writeShortLE(2).writeShortLE(0); // family, cbClientAddress 0
        ClientInfo info = ClientInfo.decode(wire);
        assertEquals("u", info.userName());
        assertEquals("", info.extra().clientAddress());
        assertEquals(Stage.ADDRESS, info.extra().stage());
    }

    /** Clients for macOS: no address and no directory, both of length 0 and without terminator; then all the rest. */
    @Test
    void readsWhatFollowsAnEmptyAddressAndAnEmptyDirectory() {
        ByteBuf wire = Unpooled.buffer();
        wire.writeIntLE(0).writeIntLE(UNICODE);
        wire.writeZero(5 * 2 + 5 * 2); // five lengths, five terminators
        wire.writeShortLE(2).writeShortLE(0).writeShortLE(0); // family, cbClientAddress, cbClientDir
        wire.writeZero(172).writeIntLE(0).writeIntLE(0x47).writeShortLE(0); // time zone, session, flags, no cookie
        wire.writeShortLE(0).writeShortLE(0); // reserved
        ExtendedInfo extra = ClientInfo.decode(wire).extra();
        assertEquals(Stage.COOKIE, extra.stage());
        assertEquals(0x47, extra.performanceFlags());
        assertEquals("", extra.clientAddress());
        assertEquals("", extra.clientDir());
    }

    @Test
    void cutsTextAtItsFirstNul() {
        ByteBuf wire = Unpooled.buffer();
        wire.writeIntLE(0).writeIntLE(0);
        wire.writeShortLE(0).writeShortLE(4).writeShortLE(0).writeShortLE(0).writeShortLE(0);
        wire.writeByte(0)
                .writeBytes("ab\0d".getBytes(StandardCharsets.US_ASCII))
                .writeZero(4);
        assertEquals("ab", ClientInfo.decode(wire).userName());
    }

    @Test
    void keepsPasswordOutOfText() {
        assertFalse(info(UNICODE, Stage.COOKIE).toString().contains("cret"));
    }

    @Test
    void refusesLengthsBeyondThePacket() {
        byte[] bytes = Hostile.encode(info(UNICODE, Stage.NOTHING));
        bytes[12] = (byte) 0xff; // cbPassword
        bytes[13] = (byte) 0xff;
        PduException e = assertThrows(PduException.class, () -> ClientInfo.decode(Unpooled.wrappedBuffer(bytes)));
        assertEquals("Password", e.field());
    }

    @Test
    void securityHeaderComesBackAndRefusesEncryption() {
        SecurityHeader header = new SecurityHeader(SecurityHeader.SEC_INFO_PKT);
        assertEquals(header, Hostile.check(header, SecurityHeader::decode));
        assertThrows(
                PduException.class,
                () -> SecurityHeader.decode(
                        Unpooled.wrappedBuffer(HexFormat.of().parseHex("48000000"))));
    }

    /** [MS-RDPBCGR] 4.1.12, behind the security header. */
    @Test
    void writesLicenseAsTheSpecificationShowsIt() {
        assertEquals(
                "ff03100007000000020000000400" + "0000",
                HexFormat.of().formatHex(Hostile.encode(LicenseErrorMessage.VALID_CLIENT)));
        assertEquals(
                LicenseErrorMessage.VALID_CLIENT,
                Hostile.check(LicenseErrorMessage.VALID_CLIENT, LicenseErrorMessage::decode));
        Hostile.refusesTruncation(Hostile.encode(LicenseErrorMessage.VALID_CLIENT), LicenseErrorMessage::decode);
    }
}
