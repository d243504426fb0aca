// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;

class GfxPduTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static GfxPdu fromClient(String bytes) {
        return GfxPdu.decodeFromClient(Unpooled.wrappedBuffer(hex(bytes)));
    }

    static List<GfxPdu> fromClients() {
        return List.of(
                new CapsAdvertise(List.of()),
                new CapsAdvertise(List.of(
                        new CapabilitySet(CapabilitySet.VERSION_8, CapabilitySet.FLAG_THIN_CLIENT),
                        new CapabilitySet(CapabilitySet.VERSION_10_1, 0),
                        new CapabilitySet(CapabilitySet.VERSION_10_7, CapabilitySet.FLAG_AVC_DISABLED))),
                new FrameAcknowledge(0, 1, 1),
                new FrameAcknowledge(FrameAcknowledge.SUSPEND, -2, -3),
                new OtherPdu(GfxPdu.CACHE_IMPORT_OFFER, 14),
                new OtherPdu(0x16, 12));
    }

    static List<GfxPdu> fromServers() {
        return List.of(
                new CapsConfirm(new CapabilitySet(CapabilitySet.VERSION_10_6, 0)),
                new CacheImportReply(),
                new CreateSurface(0xffff, 1, 0xffff),
                new DeleteSurface(3),
                new MapSurfaceToOutput(7),
                new ResetGraphics(1920, 1080),
                new StartFrame(0, -1),
                new EndFrame(5),
                new SolidFill(1, 0x123456, List.of(new GfxRect(0, 0, 64, 64), new GfxRect(64, 0, 65, 1))),
                new SurfaceToSurface(1, new GfxRect(0, 16, 640, 480), 0, 0),
                new SurfaceToCache(1, 0x8877665544332211L, 25600, new GfxRect(1, 2, 65, 66)),
                new CacheToSurface(0xffff, 1, 640, 480),
                new EvictCacheEntry(1),
                new WireToSurface1(1, WireToSurface1.PLANAR, new GfxRect(0, 0, 64, 64), 0),
                new WireToSurface2(1, WireToSurface2.PROGRESSIVE, 9, 0),
                new OtherPdu(0x18, 3));
    }

    @ParameterizedTest
    @MethodSource("fromClients")
    void comesBackFromAClient(GfxPdu pdu) {
        assertEquals(pdu, Hostile.check(pdu, GfxPdu::decodeFromClient));
        Hostile.refusesTruncation(Hostile.encode(pdu), GfxPdu::decodeFromClient);
    }

    @ParameterizedTest
    @MethodSource("fromServers")
    void comesBackFromAServer(GfxPdu pdu) {
        assertEquals(pdu, Hostile.check(pdu, GfxPdu::decodeFromServer));
        Hostile.refusesTruncation(Hostile.encode(pdu), GfxPdu::decodeFromServer);
    }

    @Test
    void countsPixelsThatFollow() {
        WireToSurface1 pdu = new WireToSurface1(2, WireToSurface1.CLEAR_CODEC, new GfxRect(1, 2, 3, 4), 16);
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        out.writeZero(16);
        assertEquals(8 + 17 + 16, out.getIntLE(4));
        assertEquals(pdu, GfxPdu.decodeFromServer(out));
    }

    @Test
    void namesPixelsThatAreKeptAsTheSpecificationDoes() {
        assertArrayEquals(
                hex("0600 0000 1c000000 0300 1122334455667788 0001 0100 0200 4100 4200"),
                Hostile.encode(new SurfaceToCache(3, 0x8877665544332211L, 256, new GfxRect(1, 2, 65, 66))));
        assertArrayEquals(
                hex("0700 0000 12000000 0100 0300 0100 4000 8000"), Hostile.encode(new CacheToSurface(1, 3, 64, 128)));
        assertArrayEquals(hex("0800 0000 0a000000 ffff"), Hostile.encode(new EvictCacheEntry(0xffff)));
    }

    /** Slots are counted from 1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0600 0000 1c000000 0300 1122334455667788 0000 0100 0200 4100 4200",
                "0700 0000 12000000 0000 0300 0100 4000 8000",
                "0800 0000 0a000000 0000"
            })
    void refusesSlotZero(String bytes) {
        assertThrows(PduException.class, () -> GfxPdu.decodeFromServer(Unpooled.wrappedBuffer(hex(bytes))));
    }

    /** Clients drop the session for a rectangle that ends with its edge, and lose a row of a monitor that ends before it. */
    @Test
    void endsRectanglesBeforeTheirEdgesAndMonitorsWithThem() {
        assertArrayEquals(hex("0100 0200 0300 0400"), Hostile.encode(new GfxRect(1, 2, 3, 4)));
        byte[] reset = Hostile.encode(new ResetGraphics(640, 480));
        assertEquals(340, reset.length);
        assertArrayEquals(
                hex("0e00 0000 54010000 80020000 e0010000 01000000 00000000 00000000 7f020000 df010000 01000000"),
                Arrays.copyOf(reset, 40));
    }

    /** What a Windows 10 client says: sets of other lengths, and versions that nobody knew when this was written. */
    @Test
    void skipsCapabilitySetsOfAnyLength() {
        CapsAdvertise advertise = (CapsAdvertise) fromClient("1200 0000 2b000000 0300"
                + "04000800 04000000 02000000" // 8
                + "ff0f0c00 05000000 1122334455" // the future
                + "01070a00 00000000"); // without flags
        assertEquals(
                List.of(
                        new CapabilitySet(CapabilitySet.VERSION_8, 2),
                        new CapabilitySet(0x000c0fff, 0x44332211),
                        new CapabilitySet(CapabilitySet.VERSION_10_7, 0)),
                advertise.sets());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1200 0000 07000000", // shorter than its header
                "1200 0000 ffffffff 0000", // longer than the message
                "1200 0000 0a000000 0100", // a set is missing
                "1200 0000 0a000000 0101", // too many sets
                "1200 0000 12000000 0100 04000800 ffffffff", // a set without end
                "1200 0000 0b000000 0000 00", // a byte too many
                "0d00 0000 0c000000 00000000", // an acknowledgement of nothing
            })
    void refusesWhatIsNotAsLongAsItSays(String bytes) {
        assertThrows(PduException.class, () -> fromClient(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1590, 65535, 65536, 200_000})
    void wrapsMessagesInStoredSegments(int length) {
        ByteBuf message = Unpooled.buffer();
        for (int i = 0; i < length; i++) {
            message.writeByte(i * 31 >> 3);
        }
        ByteBuf wrapped = Unpooled.buffer();
        SegmentedData.write(wrapped, message.duplicate());
        assertEquals(SegmentedData.size(length), wrapped.readableBytes());
        assertEquals(length <= 65535 ? 0xe0 : 0xe1, wrapped.getUnsignedByte(0));
        ByteBuf out = Unpooled.buffer();
        SegmentedData.read(wrapped, out);
        assertEquals(message, out);
        assertFalse(wrapped.isReadable());
    }

    @Test
    void framesOfAVideoNameTheAreasThatTheyShow() {
        Avc420Metablock block = new Avc420Metablock(List.of(new GfxRect(0, 0, 64, 64), new GfxRect(64, 0, 65, 1)), 26);
        assertArrayEquals(hex("02000000 0000 0000 4000 4000 4000 0000 4100 0100 1a64 1a64"), Hostile.encode(block));
        assertEquals(block, Hostile.check(block, Avc420Metablock::decode));
        Hostile.refusesTruncation(Hostile.encode(block), Avc420Metablock::decode);
    }

    @Test
    void knowsWhoDecodesH264() {
        assertFalse(new CapabilitySet(CapabilitySet.VERSION_8, 0x10).decodesAvc420());
        assertFalse(new CapabilitySet(CapabilitySet.VERSION_8_1, 0).decodesAvc420());
        assertTrue(new CapabilitySet(CapabilitySet.VERSION_8_1, 0x10).decodesAvc420());
        assertTrue(new CapabilitySet(CapabilitySet.VERSION_10, 0).decodesAvc420());
        assertFalse(new CapabilitySet(CapabilitySet.VERSION_10_1, 0).decodesAvc420(), "it has no flags to say so");
        assertFalse(new CapabilitySet(CapabilitySet.VERSION_10_7, 0x20).decodesAvc420());
    }
}
