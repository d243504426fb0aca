// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;

class DynamicChannelPduTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static DynamicChannelPdu fromClient(String bytes) {
        return DynamicChannelPdu.decodeFromClient(Unpooled.wrappedBuffer(hex(bytes)));
    }

    private static DynamicChannelPdu fromServer(String bytes) {
        return DynamicChannelPdu.decodeFromServer(Unpooled.wrappedBuffer(hex(bytes)));
    }

    static List<DynamicChannelPdu> fromClients() {
        return List.of(
                new CapabilitiesResponse(1),
                new CapabilitiesResponse(3),
                new CreateResponse(3, 0),
                new CreateResponse(0x12345, 0xc0000225),
                new DataFirst(3, 3195),
                new DataFirst(0x103, 0xfffffffL),
                new Data(0),
                new Data(0xffff_ffffL),
                new DataFirstCompressed(0xff, 0x100),
                new DataCompressed(0x100),
                new Close(0x303),
                new OtherPdu(OtherPdu.SOFT_SYNC_RESPONSE));
    }

    static List<DynamicChannelPdu> fromServers() {
        return List.of(
                new Capabilities(1, List.of()),
                new Capabilities(2, List.of(0x3333, 0x1111, 0xa3d, 0x4a7)),
                new Capabilities(3, List.of(0, 1, 2, 0xffff)),
                new CreateRequest(3, 0, "testdvc1"),
                new CreateRequest(0x10000, 3, ""),
                new DataFirst(3, 0),
                new Data(3),
                new Close(3),
                new OtherPdu(OtherPdu.SOFT_SYNC_REQUEST));
    }

    @ParameterizedTest
    @MethodSource("fromClients")
    void comesBackFromAClient(DynamicChannelPdu pdu) {
        assertEquals(pdu, Hostile.check(pdu, DynamicChannelPdu::decodeFromClient));
        Hostile.refusesTruncation(Hostile.encode(pdu), DynamicChannelPdu::decodeFromClient);
    }

    @ParameterizedTest
    @MethodSource("fromServers")
    void comesBackFromAServer(DynamicChannelPdu pdu) {
        assertEquals(pdu, Hostile.check(pdu, DynamicChannelPdu::decodeFromServer));
        Hostile.refusesTruncation(Hostile.encode(pdu), DynamicChannelPdu::decodeFromServer);
    }

    /** [MS-RDPEDYC] 4.1 and 4.2. */
    @Test
    void readsTheSpecificationsExamples() {
        assertEquals(
                new Capabilities(2, List.of(0x3333, 0x1111, 0x0a3d, 0x04a7)),
                fromServer("58 00 02 00 33 33 11 11 3d 0a a7 04"));
        assertEquals(new CapabilitiesResponse(2), fromClient("50 00 02 00"));
        assertEquals(new CreateRequest(3, 0, "testdvc1"), fromServer("10 03 74 65 73 74 64 76 63 31 00"));
        assertEquals(new CreateResponse(3, 0), fromClient("10 03 00 00 00 00"));
        assertEquals(new Close(3), fromServer("40 03"));
    }

    /** [MS-RDPEDYC] 4.3: a message of 3,195 bytes in two PDUs, the second with bits in Sp. */
    @Test
    void leavesDataInTheBuffer() {
        ByteBuf first = Unpooled.wrappedBuffer(hex("24 03 7b 0c 71 71 71"));
        assertEquals(new DataFirst(3, 3195), DynamicChannelPdu.decodeFromClient(first));
        assertEquals(3, first.readableBytes());
        ByteBuf rest = Unpooled.wrappedBuffer(hex("34 03 71 71"));
        assertEquals(new Data(3), DynamicChannelPdu.decodeFromClient(rest));
        assertEquals(2, rest.readableBytes());
    }

    @Test
    void writesChannelIdsAsShortAsPossible() {
        assertArrayEquals(hex("30 ff"), Hostile.encode(new Data(0xff)));
        assertArrayEquals(hex("31 00 01"), Hostile.encode(new Data(0x100)));
        assertArrayEquals(hex("32 00 00 01 00"), Hostile.encode(new Data(0x10000)));
        assertArrayEquals(hex("2a 00 00 01 00 00 00 01 00"), Hostile.encode(new DataFirst(0x10000, 0x10000)));
    }

    /** rdesktop writes four bytes for all of its data. */
    @Test
    void readsChannelIdsOfAnyLength() {
        assertEquals(new Data(7), fromClient("32 07 00 00 00"));
        assertEquals(new CreateResponse(7, -1), fromClient("11 07 00 ff ff ff ff"));
    }

    /** mstsc sets bits that the specification wants zero. */
    @Test
    void readsTheCapabilitiesResponseOfMstsc() {
        assertEquals(new CapabilitiesResponse(3), fromClient("5c 00 03 00"));
    }

    @Test
    void writesThePriorityClass() {
        assertArrayEquals(hex("1c 05 45 00"), Hostile.encode(new CreateRequest(5, 3, "E")));
    }

    @Test
    void goesByTheSignOfTheCreationStatus() {
        assertTrue(new CreateResponse(1, 1).isSuccess());
        assertFalse(new CreateResponse(1, 0x80070490).isSuccess());
    }

    @ParameterizedTest
    @ValueSource(strings = {"33 00 00 00 00", "43 00 00 00 00", "2c 00 00 00 00 00", "13 00 00 00 00 00 00 00 00"})
    void refusesTheLengthCodeThatMeansNothing(String bytes) {
        assertThrows(PduException.class, () -> fromClient(bytes));
    }

    @Test
    void refusesVersionsAndNamesThatCannotBe() {
        assertThrows(PduException.class, () -> fromClient("50 00 00 00"));
        assertThrows(PduException.class, () -> fromServer("50 00 04 00 00 00 00 00 00 00 00 00"));
        assertThrows(PduException.class, () -> fromServer("10 03 74 65 73 74"));
        assertThrows(IllegalArgumentException.class, () -> new CreateRequest(1, 4, "name"));
        assertThrows(IllegalArgumentException.class, () -> new CreateRequest(1, 0, "na\0me"));
        assertThrows(IllegalArgumentException.class, () -> new Capabilities(1, List.of(1, 2, 3, 4)));
        assertThrows(IllegalArgumentException.class, () -> new Data(-1));
    }

    /** Soft-Sync, and what nobody knows yet. */
    @Test
    void readsNoMoreThanTheCommandOfOthers() {
        assertEquals(new OtherPdu(OtherPdu.SOFT_SYNC_RESPONSE), fromClient("90 00 01 00 00 00 01 00 00 00"));
        assertEquals(new OtherPdu(15), fromClient("f3"));
    }
}
