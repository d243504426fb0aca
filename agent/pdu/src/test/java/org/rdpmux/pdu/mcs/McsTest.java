// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;

class McsTest {

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static List<DomainPdu> domainPdus() {
        return List.of(
                new ErectDomainRequest(),
                new AttachUserRequest(),
                new AttachUserConfirm(0, 1007),
                new AttachUserConfirm(14, 0),
                new ChannelJoinRequest(1007, 1003),
                new ChannelJoinConfirm(0, 1007, 1003, 1003),
                new ChannelJoinConfirm(ChannelJoinConfirm.NO_SUCH_CHANNEL, 1007, 5, 0),
                new DisconnectProviderUltimatum(DisconnectProviderUltimatum.RN_USER_REQUESTED),
                new DisconnectProviderUltimatum(DisconnectProviderUltimatum.RN_PROVIDER_INITIATED),
                SendData.request(1007, 1003, 0),
                SendData.indication(1002, 1003, 0));
    }

    @ParameterizedTest
    @MethodSource("domainPdus")
    void comesBackAsItWas(DomainPdu pdu) {
        assertEquals(pdu, Hostile.check(pdu, DomainPdu::decode));
        if (!(pdu instanceof ErectDomainRequest)) { // whose contents are ignored
            Hostile.refusesTruncation(Hostile.encode(pdu), DomainPdu::decode);
        }
    }

    /** [MS-RDPBCGR] 4.1.5 to 4.1.8.1.2, 4.2.3. */
    @Test
    void readsExamplesOfTheSpecification() {
        assertEquals(new ErectDomainRequest(), DomainPdu.decode(Unpooled.wrappedBuffer(hex("04 01 00 01 00"))));
        assertEquals(
                new ErectDomainRequest(), DomainPdu.decode(Unpooled.wrappedBuffer(hex("04 00 01 00 01")))); // rdesktop
        assertEquals(new AttachUserRequest(), DomainPdu.decode(Unpooled.wrappedBuffer(hex("28"))));
        assertEquals(new AttachUserConfirm(0, 1007), DomainPdu.decode(Unpooled.wrappedBuffer(hex("2e 00 00 06"))));
        assertEquals(
                new ChannelJoinRequest(1007, 1007), DomainPdu.decode(Unpooled.wrappedBuffer(hex("38 00 06 03 ef"))));
        assertEquals(
                new ChannelJoinConfirm(0, 1007, 1007, 1007),
                DomainPdu.decode(Unpooled.wrappedBuffer(hex("3e 00 00 06 03 ef 03 ef"))));
        assertEquals(
                new DisconnectProviderUltimatum(DisconnectProviderUltimatum.RN_USER_REQUESTED),
                DomainPdu.decode(Unpooled.wrappedBuffer(hex("21 80"))));
        assertArrayEquals(hex("2e 00 00 06"), Hostile.encode(new AttachUserConfirm(0, 1007)));
        assertArrayEquals(hex("3e 00 00 06 03 ef 03 ef"), Hostile.encode(new ChannelJoinConfirm(0, 1007, 1007, 1007)));
        assertArrayEquals(hex("21 80"), Hostile.encode(new DisconnectProviderUltimatum(3)));
    }

    @ParameterizedTest
    @CsvSource({"0, 7", "127, 7", "128, 8", "16383, 8"})
    void leavesPayloadOfSendDataToTheCaller(int length, int headerSize) {
        SendData data = SendData.request(1007, 1003, length);
        assertEquals(headerSize, data.size());
        ByteBuf wire = Unpooled.buffer();
        data.encode(wire);
        wire.writeZero(length);
        assertEquals(data, DomainPdu.decode(wire));
        assertEquals(length, wire.readableBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"64 00 06 03 eb 70 05 01", "64 00 06 03 eb 70 c1 01", "64 ff ff 03 eb 70 00", "6c", "ff", "00"})
    void refusesWhatRdpDoesNotUse(String bad) {
        assertThrows(PduException.class, () -> DomainPdu.decode(Unpooled.wrappedBuffer(hex(bad))));
    }

    @Test
    void connectPdusComeBack() {
        byte[] userData = new byte[300];
        userData[299] = 7;
        ConnectInitial initial = new ConnectInitial(
                DomainParameters.TARGET, DomainParameters.MINIMUM, DomainParameters.MAXIMUM, userData);
        ConnectInitial again = Hostile.check(initial, ConnectInitial::decode);
        assertEquals(DomainParameters.TARGET, again.target());
        assertEquals(DomainParameters.MAXIMUM, again.maximum());
        assertArrayEquals(userData, again.userData());
        Hostile.refusesTruncation(Hostile.encode(initial), ConnectInitial::decode);

        ConnectResponse response = new ConnectResponse(0, DomainParameters.TARGET, userData);
        assertArrayEquals(
                userData, Hostile.check(response, ConnectResponse::decode).userData());
        Hostile.refusesTruncation(Hostile.encode(response), ConnectResponse::decode);
    }

    /** As [MS-RDPBCGR] 4.1.4 has them, but for its number of channels. */
    @Test
    void writesIntegersSoThatTheyStayPositive() {
        assertArrayEquals(
                hex("30 1a 02 01 22 02 01 02 02 01 00 02 01 01 02 01 00 02 01 01 02 03 00 ff ff 02 01 02"),
                Hostile.encode(DomainParameters.TARGET));
    }

    @Test
    void readsLengthsAndIntegersThatAreNotMinimal() {
        // the sequence with a length in three bytes, the last integer with one in two
        assertEquals(
                DomainParameters.TARGET,
                DomainParameters.decode(
                        Unpooled.wrappedBuffer(hex("30 83 00 00 1c 02 02 00 22 02 01 02 02 01 00 02 01 01"
                                + " 02 01 00 02 01 01 02 03 00 ff ff 02 81 01 02"))));
        // two bytes ff ff are 65535 here, though the rules say -1: clients write it like this
        assertEquals(
                DomainParameters.TARGET,
                DomainParameters.decode(Unpooled.wrappedBuffer(
                        hex("30 19 02 01 22 02 01 02 02 01 00 02 01 01 02 01 00 02 01 01 02 02 ff ff 02 01 02"))));
    }

    /** rdesktop and clients older than it write lengths in more bytes than they need. */
    @Test
    void readsConnectInitialWithEveryLengthInItsLongestForm() {
        ConnectInitial initial = new ConnectInitial(
                DomainParameters.TARGET, DomainParameters.MINIMUM, DomainParameters.MAXIMUM, new byte[] {1, 2, 3});
        byte[] bytes = longestLengths(Unpooled.wrappedBuffer(Hostile.encode(initial)));
        ConnectInitial read = ConnectInitial.decode(Unpooled.wrappedBuffer(bytes));
        assertEquals(DomainParameters.MINIMUM, read.minimum());
        assertArrayEquals(initial.userData(), read.userData());
        Hostile.refusesTruncation(bytes, ConnectInitial::decode);
        Hostile.survivesDamage(bytes, ConnectInitial::decode);
    }

    private static byte[] longestLengths(ByteBuf in) {
        ByteBuf out = Unpooled.buffer();
        while (in.isReadable()) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            boolean longTag = tag == 0x7f;
            if (longTag) {
                out.writeByte(in.readUnsignedByte());
            }
            int first = in.readUnsignedByte();
            ByteBuf contents = in.readSlice(first == 0x82 ? in.readUnsignedShort() : first);
            byte[] bytes = longTag || tag == Ber.SEQUENCE ? longestLengths(contents) : ByteBufUtil.getBytes(contents);
            out.writeByte(0x84).writeInt(bytes.length).writeBytes(bytes);
        }
        return ByteBufUtil.getBytes(out);
    }

    @Test
    void refusesIndefiniteAndHugeLengths() {
        for (String bad :
                List.of("7f 65 80 00", "7f 65 85 01 01 01 01 01", "7f 65 84 7f ff ff ff", "7f 65 84 ff ff ff ff")) {
            assertThrows(PduException.class, () -> ConnectInitial.decode(Unpooled.wrappedBuffer(hex(bad))), bad);
        }
    }
}
