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
import org.rdpmux.pdu.caps.RemoteFxClientCapability.Icap;
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
            BitmapCodecsCapability.ofServer(),
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

    /** What FreeRDP sends: RemoteFX for RLGR1 and RLGR3, and NSCodec. */
    @Test
    void readsTheCodecsOfAClient() {
        String remoteFx = "122f7776 72bd 6344 afb3b73c9c6f7886 03 3100"
                + "31000000 01000000 25000000" // TS_RFX_CLNT_CAPS_CONTAINER
                + "c0cb 08000000 0100" // TS_RFX_CAPS
                + "c1cb 1d000000 01 c0cf 0200 0800" // TS_RFX_CAPSET
                + "0001 4000 00 01 01 01" // TS_RFX_ICAP
                + "0001 4000 00 01 01 04";
        String nsCodec = "b91b8dca 0f00 4f15 589fae2d1a87e2d6 01 0300 010103";
        byte[] bytes = HexFormat.of().parseHex(("02" + remoteFx + nsCodec).replace(" ", ""));
        BitmapCodecsCapability codecs = BitmapCodecsCapability.decode(Unpooled.wrappedBuffer(bytes));
        assertArrayEquals(bytes, Hostile.encode(codecs));
        Hostile.refusesTruncation(bytes, BitmapCodecsCapability::decode);
        assertEquals(2, codecs.codecs().size());
        BitmapCodecsCapability.Codec codec =
                codecs.find(BitmapCodecsCapability.REMOTEFX).orElseThrow();
        assertEquals(3, codec.id());
        RemoteFxClientCapability properties = Hostile.check(
                RemoteFxClientCapability.decode(Unpooled.wrappedBuffer(codec.properties())),
                RemoteFxClientCapability::decode);
        assertArrayEquals(codec.properties(), Hostile.encode(properties));
        assertEquals(
                List.of(new Icap(0x100, 64, 0, 1, 1, Icap.RLGR1), new Icap(0x100, 64, 0, 1, 1, Icap.RLGR3)),
                properties.icaps());
        Hostile.refusesTruncation(codec.properties(), RemoteFxClientCapability::decode);
    }

    @Test
    void refusesSetsWithoutTheirFields() {
        ByteBuf sets = Unpooled.buffer();
        sets.writeShortLE(CapabilitySet.GENERAL).writeShortLE(8).writeIntLE(0);
        PduException e = assertThrows(PduException.class, () -> CapabilitySet.decodeAll(sets));
        assertEquals("TS_GENERAL_CAPABILITYSET", e.structure());
    }
}
