// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.DeactivateAll;
import org.rdpmux.pdu.share.DemandActive;
import org.rdpmux.pdu.share.ShareControlHeader;

class CapabilitySetTest {

    private static final List<CapabilitySet> ALL = List.of(
            OtherCapability.share(1002),
            new GeneralCapability(1, 3, 0x41d, true, true),
            new BitmapCapability(32, 1024, 768, true, true, BitmapCapability.DRAW_ALLOW_SKIP_ALPHA),
            new OrderCapability(OrderCapability.NEGOTIATEORDERSUPPORT | OrderCapability.ZEROBOUNDSDELTASSUPPORT),
            new PointerCapability(true, 25, 25),
            new InputCapability(0x35, 0x409, 4, 0, 12),
            new VirtualChannelCapability(0, 1600),
            new MultifragmentUpdateCapability(8 << 20),
            new LargePointerCapability(3),
            new SurfaceCommandsCapability(0x52),
            new OtherCapability(CapabilitySet.BITMAP_CODECS, new byte[23]),
            new FrameAcknowledgeCapability(2),
            OtherCapability.font(),
            OtherCapability.control(),
            OtherCapability.windowActivation(),
            new OtherCapability(0x06, new byte[3]));

    private static <T> T body(
            int type, ByteBuf in, java.util.function.BiFunction<ShareControlHeader, ByteBuf, T> decode) {
        ShareControlHeader control = ShareControlHeader.decode(in);
        PduException.expect(control.type(), type, "test", "type");
        return decode.apply(control, in.readSlice(control.bodyLength()));
    }

    @Test
    void demandActiveComesBack() {
        DemandActive pdu = new DemandActive(1002, 0x103ea, ALL);
        DemandActive read =
                Hostile.check(pdu, in -> body(ShareControlHeader.TYPE_DEMAND_ACTIVE, in, DemandActive::decode));
        assertEquals(ALL.size(), read.capabilities().size());
        for (int i = 0; i < ALL.size(); i++) {
            assertEquals(ALL.get(i).getClass(), read.capabilities().get(i).getClass());
            assertArrayEquals(
                    Hostile.encode(ALL.get(i)),
                    Hostile.encode(read.capabilities().get(i)));
        }
        Hostile.refusesTruncation(
                Hostile.encode(pdu), in -> body(ShareControlHeader.TYPE_DEMAND_ACTIVE, in, DemandActive::decode));
    }

    @Test
    void confirmActiveComesBack() {
        ConfirmActive pdu = new ConfirmActive(1007, 0x103ea, ALL);
        ConfirmActive read =
                Hostile.check(pdu, in -> body(ShareControlHeader.TYPE_CONFIRM_ACTIVE, in, ConfirmActive::decode));
        assertEquals(Optional.of(ALL.get(1)), CapabilitySet.find(read.capabilities(), GeneralCapability.class));
        assertEquals(1007, read.source());
    }

    @Test
    void deactivateAllComesBackEvenShort() {
        DeactivateAll pdu = new DeactivateAll(1002, 0x103ea);
        assertEquals(
                pdu, Hostile.check(pdu, in -> body(ShareControlHeader.TYPE_DEACTIVATE_ALL, in, DeactivateAll::decode)));
        ByteBuf shortForm = Unpooled.wrappedBuffer(HexFormat.of().parseHex("04001600"));
        assertEquals(
                new DeactivateAll(0, 0),
                body(ShareControlHeader.TYPE_DEACTIVATE_ALL, shortForm, DeactivateAll::decode));
    }

    @Test
    void goesByLengthsNotByTheCount() {
        ByteBuf sets = Unpooled.buffer();
        CapabilitySet.encodeAll(ALL, sets);
        sets.writeShortLE(CapabilitySet.GENERAL).writeShortLE(3); // shorter than its header: the end
        sets.writeZero(9);
        assertEquals(ALL.size(), CapabilitySet.decodeAll(sets).size());
        assertEquals(0, sets.readableBytes());
    }

    @Test
    void readsShortFormsOfOldClients() {
        ByteBuf sets = Unpooled.buffer();
        sets.writeShortLE(CapabilitySet.POINTER).writeShortLE(8).writeShortLE(1).writeShortLE(20);
        sets.writeShortLE(CapabilitySet.VIRTUAL_CHANNEL).writeShortLE(8).writeIntLE(1);
        sets.writeShortLE(CapabilitySet.GENERAL).writeShortLE(22).writeZero(18);
        assertEquals(
                List.of(
                        new PointerCapability(true, 20, 0),
                        new VirtualChannelCapability(1, VirtualChannelCapability.DEFAULT_CHUNK_SIZE),
                        new GeneralCapability(0, 0, 0, false, false)),
                CapabilitySet.decodeAll(sets));
    }

    @Test
    void takesTheLastOfRepeatedSets() {
        List<CapabilitySet> sets = List.of(new LargePointerCapability(1), new LargePointerCapability(2));
        assertEquals(Optional.of(sets.get(1)), CapabilitySet.find(sets, LargePointerCapability.class));
        assertEquals(Optional.empty(), CapabilitySet.find(sets, GeneralCapability.class));
    }

    @Test
    void refusesSetsWithoutTheirFields() {
        ByteBuf sets = Unpooled.buffer();
        sets.writeShortLE(CapabilitySet.GENERAL).writeShortLE(8).writeIntLE(0);
        PduException e = assertThrows(PduException.class, () -> CapabilitySet.decodeAll(sets));
        assertEquals("TS_GENERAL_CAPABILITYSET", e.structure());
    }
}
