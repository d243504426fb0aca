// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.input.LockFlags;

class ShareDataPduTest {

    static List<DataBody> bodies() {
        return List.of(
                new Synchronize(1002),
                new Control(Control.GRANTED_CONTROL, 1007, 0x3ea),
                new FontList(),
                new FontMap(),
                new SetErrorInfo(SetErrorInfo.LOGOFF_BY_USER),
                new SuppressOutput(Optional.empty()),
                new SuppressOutput(Optional.of(new InclusiveRect(0, 0, 1023, 767))),
                new RefreshRect(List.of(new InclusiveRect(1, 2, 3, 4), new InclusiveRect(5, 6, 7, 8))),
                new ShutdownRequest(),
                new ShutdownDenied(),
                SaveSessionInfo.plainNotify(),
                SaveSessionInfo.logonFailed(),
                new FrameAcknowledge(-1),
                new SetKeyboardIndicators(new LockFlags(true, false, true, false)),
                new UnknownData(0x99, new byte[] {1, 2, 3}));
    }

    private static ShareDataPdu decode(ByteBuf in) {
        ShareControlHeader control = ShareControlHeader.decode(in);
        PduException.expect(control.type(), ShareControlHeader.TYPE_DATA, "test", "type");
        return ShareDataPdu.decode(control, in);
    }

    /** [MS-RDPBCGR] 2.2.10.1.1.4: Length, FieldsPresent, cbFieldData, ErrorNotificationType, ErrorNotificationData, pad. */
    @Test
    void spellsALogonError() {
        String fields = "03000000" + "1200" + "02000000" + "08000000" + "ffffffff" + "00000000";
        ByteBuf out = Unpooled.buffer();
        SaveSessionInfo.logonFailed().encode(out);
        assertEquals(fields + "00".repeat(570), ByteBufUtil.hexDump(out));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void comesBackAsItWas(DataBody body) {
        ShareDataPdu pdu = new ShareDataPdu(0x103ea, 1007, body);
        ShareDataPdu decoded = Hostile.check(pdu, ShareDataPduTest::decode);
        Hostile.refusesTruncation(Hostile.encode(pdu), ShareDataPduTest::decode);
        assertEquals(body.type(), decoded.body().type());
        assertEquals(body.getClass(), decoded.body().getClass());
        assertEquals(0x103ea, decoded.shareId());
        assertEquals(1007, decoded.source());
    }

    /** [MS-RDPBCGR] 4.1.14: Client Synchronize. */
    @Test
    void readsSynchronizeOfTheSpecification() {
        byte[] bytes = HexFormat.of().parseHex("16001700ef03ea030100000108001f0000000100ea03");
        ShareDataPdu pdu = decode(Unpooled.wrappedBuffer(bytes));
        assertEquals(new Synchronize(1002), pdu.body());
        assertEquals(1007, pdu.source());
        assertEquals(0x000103ea, pdu.shareId());
        assertArrayEquals(bytes, Hostile.encode(pdu));
    }

    /** [MS-RDPBCGR] 4.1.15: Client Control (Cooperate). */
    @Test
    void readsCooperateOfTheSpecification() {
        byte[] bytes = HexFormat.of().parseHex("1a001700ef03ea03010000010c00140000000400000000000000");
        ShareDataPdu pdu = decode(Unpooled.wrappedBuffer(bytes));
        assertEquals(new Control(Control.COOPERATE, 0, 0), pdu.body());
        assertArrayEquals(bytes, Hostile.encode(pdu));
    }

    /** [MS-RDPBCGR] 4.1.18: Client Font List. */
    @Test
    void readsFontListOfTheSpecification() {
        byte[] bytes = HexFormat.of().parseHex("1a001700ef03ea03010000010c00270000000000000003003200");
        ShareDataPdu pdu = decode(Unpooled.wrappedBuffer(bytes));
        assertEquals(new FontList(), pdu.body());
        assertArrayEquals(bytes, Hostile.encode(pdu));
    }

    @Test
    void passesOverFieldsAppendedToABody() {
        byte[] bytes = HexFormat.of().parseHex("18001700ef03ea030100000108001f0000000100ea03ffff");
        assertEquals(
                new Synchronize(1002), decode(Unpooled.wrappedBuffer(bytes)).body());
    }

    @Test
    void refusesCompression() {
        byte[] compressed = HexFormat.of().parseHex("16001700ef03ea030100000108001f2100000100ea03");
        assertThrows(PduException.class, () -> decode(Unpooled.wrappedBuffer(compressed)));
    }

    @Test
    void tellsFlowControlFromHeaders() {
        assertTrue(ShareControlHeader.isFlowControl(
                Unpooled.wrappedBuffer(HexFormat.of().parseHex("0080410000000000"))));
        assertFalse(ShareControlHeader.isFlowControl(
                Unpooled.wrappedBuffer(HexFormat.of().parseHex("80001700"))));
        assertFalse(ShareControlHeader.isFlowControl(
                Unpooled.wrappedBuffer(HexFormat.of().parseHex("00"))));
    }

    @Test
    void readsShortDeactivateAllOfOldServers() {
        assertEquals(
                ShareControlHeader.TYPE_DEACTIVATE_ALL,
                ShareControlHeader.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex("04001600")))
                        .type());
    }
}
