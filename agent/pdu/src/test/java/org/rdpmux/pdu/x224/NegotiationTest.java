// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.x224;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.mcs.AttachUserRequest;

class NegotiationTest {

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static ConnectionRequest request(String hex) {
        return ConnectionRequest.decode(Unpooled.wrappedBuffer(hex(hex)));
    }

    /** [MS-RDPBCGR] 4.1.1. */
    @Test
    void readsRequestOfTheSpecification() {
        String bytes = "03 00 00 2c 27 e0 00 00 00 00 00 43 6f 6f 6b 69 65 3a 20 6d 73 74 73 68 61 73 68 3d"
                + " 65 6c 74 6f 6e 73 0d 0a 01 00 08 00 00 00 00 00";
        ConnectionRequest request = request(bytes);
        assertEquals("Cookie: mstshash=eltons", request.cookie());
        assertEquals(Protocols.RDP, request.negotiation().orElseThrow().protocols());
        assertArrayEquals(hex(bytes), Hostile.encode(request));
        Hostile.survivesDamage(hex(bytes), ConnectionRequest::decode);
    }

    /** [MS-RDPBCGR] 4.1.2. */
    @Test
    void readsConfirmOfTheSpecification() {
        ConnectionConfirm confirm = ConnectionConfirm.decode(
                Unpooled.wrappedBuffer(hex("03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 00 00 00 00")));
        assertEquals(Optional.of(new ConnectionConfirm.Selected(0, 0)), confirm.answer());
    }

    @Test
    void readsClientsWithoutNegotiation() {
        ConnectionRequest plain = request("03 00 00 0b 06 e0 00 00 00 00 00");
        assertEquals(Optional.empty(), plain.negotiation());
        assertEquals("", plain.cookie());
    }

    @Test
    void readsRequestWithoutCookie() {
        ConnectionRequest request = request("03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 1b 00 00 00");
        assertEquals("", request.cookie());
        assertEquals(0x1b, request.negotiation().orElseThrow().protocols());
    }

    @Test
    void readsCorrelationInfo() {
        byte[] id = new byte[16];
        id[0] = 1;
        ConnectionRequest request = new ConnectionRequest(
                "Cookie: msts=3640205228.15629.0000",
                Optional.of(new NegotiationRequest(
                        NegotiationRequest.RESTRICTED_ADMIN_MODE_REQUIRED, Protocols.SSL | Protocols.HYBRID, id)));
        ConnectionRequest decoded = Hostile.check(request, ConnectionRequest::decode);
        assertArrayEquals(id, decoded.negotiation().orElseThrow().correlationId());
        assertEquals(request.cookie(), decoded.cookie());
        assertEquals(
                NegotiationRequest.RESTRICTED_ADMIN_MODE_REQUIRED,
                decoded.negotiation().orElseThrow().flags());
    }

    @Test
    void keepsLoadBalanceInformationAsSent() {
        ConnectionRequest request = new ConnectionRequest(
                "tsv://MS Terminal Services Plugin.1.farm", Optional.of(NegotiationRequest.of(Protocols.SSL)));
        assertEquals(
                request.cookie(),
                Hostile.check(request, ConnectionRequest::decode).cookie());
    }

    /** Clients that hand a load balancer's text on as it is let LI overflow: what counts is the TPKT length. */
    @Test
    void readsTokensThatAreLongerThanLengthIndicatorsCanSay() {
        String token = "Cookie: msts=" + "7".repeat(400);
        int payload = 1 + 6 + token.length() + 2 + 8;
        ByteBuf in = Unpooled.buffer();
        in.writeShort(0x0300)
                .writeShort(4 + payload)
                .writeByte(payload - 1)
                .writeByte(0xe0)
                .writeZero(5);
        in.writeCharSequence(token + "\r\n", StandardCharsets.US_ASCII);
        in.writeBytes(hex("01 00 08 00 0b 00 00 00"));
        ConnectionRequest request = ConnectionRequest.decode(in);
        assertEquals(token, request.cookie());
        assertEquals(0x0b, request.negotiation().orElseThrow().protocols());
    }

    @Test
    void refusesBrokenRequests() {
        for (String bad : List.of(
                "03 00 00 0b 06 d0 00 00 00 00 00", // a confirm
                "03 00 00 0b 05 e0 00 00 00 00 00", // LI too short
                "03 00 00 0e 09 e0 00 00 00 00 00 41 42 43", // cookie without end
                "03 00 00 12 0d e0 00 00 00 00 00 01 00 08 00 1b 00 00", // cut
                "03 00 00 13 0e e0 00 00 00 00 00 01 00 09 00 1b 00 00 00", // length
                "03 00 00 13 0e e0 00 00 00 00 00 01 08 08 00 1b 00 00 00")) { // correlation info missing
            assertThrows(PduException.class, () -> request(bad), bad);
        }
    }

    @Test
    void answersComeBack() {
        for (ConnectionConfirm confirm : List.of(
                ConnectionConfirm.selected(3, Protocols.HYBRID_EX),
                ConnectionConfirm.failed(ConnectionConfirm.Failed.HYBRID_REQUIRED_BY_SERVER),
                new ConnectionConfirm(Optional.empty()))) {
            assertEquals(confirm, Hostile.check(confirm, ConnectionConfirm::decode));
            Hostile.refusesTruncation(Hostile.encode(confirm), ConnectionConfirm::decode);
        }
    }

    @Test
    void framesPayload() {
        byte[] bytes = Hostile.encode(DataFrame.of(new AttachUserRequest()));
        assertArrayEquals(hex("03 00 00 08 02 f0 80 28"), bytes);
        ByteBuf payload = DataFrame.decodePayload(Unpooled.wrappedBuffer(bytes));
        assertEquals(1, payload.readableBytes());
        assertEquals(0x28, payload.readByte());
        Hostile.survivesDamage(bytes, DataFrame::decodePayload);
        assertThrows(
                PduException.class,
                () -> DataFrame.decodePayload(Unpooled.wrappedBuffer(hex("03 00 00 0b 06 e0 00 00 00 00 00"))));
    }
}
