// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.fastpath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.Hostile;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragment;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragmentation;
import org.rdpmux.pdu.surface.FrameMarker;
import org.rdpmux.pdu.surface.SetSurfaceBits;

class FastPathOutputTest {

    @Test
    void carriesSeveralUpdates() {
        FastPathOutput pdu = new FastPathOutput(List.of(
                new FastPathUpdate(UpdateCode.POINTER_HIDDEN, Fragmentation.SINGLE, 0, new byte[0]),
                new FastPathUpdate(UpdateCode.POINTER_POSITION, Fragmentation.SINGLE, 0, new byte[] {1, 0, 2, 0}),
                new FastPathUpdate(UpdateCode.BITMAP, Fragmentation.FIRST, 0x21, new byte[200])));
        List<FastPathUpdate> updates =
                Hostile.check(pdu, FastPathOutput::decode).updates();
        assertEquals(3, updates.size());
        assertEquals(0x21, updates.get(2).compressionFlags());
        assertEquals(Fragmentation.FIRST, updates.get(2).fragmentation());
    }

    @Test
    void writesPointerHiddenAsFiveBytes() {
        FastPathOutput pdu = new FastPathOutput(
                List.of(new FastPathUpdate(UpdateCode.POINTER_HIDDEN, Fragmentation.SINGLE, 0, new byte[0])));
        assertArrayEquals(HexFormat.of().parseHex("0005050000"), Hostile.encode(pdu));
    }

    @Test
    void refusesEncryptedOutput() {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex("8005050000"));
        assertThrows(PduException.class, () -> FastPathOutput.decode(in));
    }

    @Test
    void keepsSmallPayloadWhole() {
        assertEquals(List.of(new Fragment(Fragmentation.SINGLE, 0, 10)), FastPathHeaders.fragments(10, 10));
        assertEquals(List.of(new Fragment(Fragmentation.SINGLE, 0, 0)), FastPathHeaders.fragments(0, 10));
    }

    @Test
    void cutsLargePayload() {
        assertEquals(
                List.of(
                        new Fragment(Fragmentation.FIRST, 0, 10),
                        new Fragment(Fragmentation.NEXT, 10, 10),
                        new Fragment(Fragmentation.LAST, 20, 1)),
                FastPathHeaders.fragments(21, 10));
        assertEquals(
                List.of(new Fragment(Fragmentation.FIRST, 0, 10), new Fragment(Fragmentation.LAST, 10, 10)),
                FastPathHeaders.fragments(20, 10));
    }

    @Test
    void fragmentsOnTheWireGiveThePayloadBack() {
        byte[] payload = new byte[100_000];
        new Random(1).nextBytes(payload);
        ByteBuf wire = Unpooled.buffer();
        for (Fragment fragment : FastPathHeaders.fragments(payload.length, FastPathHeaders.MAX_FRAGMENT)) {
            FastPathHeaders.write(wire, UpdateCode.BITMAP, fragment.fragmentation(), fragment.length());
            wire.writeBytes(payload, fragment.offset(), fragment.length());
        }
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        int count = 0;
        while (wire.isReadable()) {
            int length = FrameSplitter.nextLength(wire, FastPathHeaders.MAX_PDU);
            FastPathUpdate update =
                    FastPathOutput.decode(wire.readSlice(length)).updates().get(0);
            assertEquals(UpdateCode.BITMAP, update.updateCode());
            assertEquals(
                    count == 0 ? Fragmentation.FIRST : wire.isReadable() ? Fragmentation.NEXT : Fragmentation.LAST,
                    update.fragmentation());
            seen.writeBytes(update.data());
            count++;
        }
        assertArrayEquals(payload, seen.toByteArray());
    }

    @Test
    void refusesImpossibleFragments() {
        assertThrows(IllegalArgumentException.class, () -> FastPathHeaders.fragments(1, 0));
        assertThrows(
                IllegalArgumentException.class, () -> FastPathHeaders.fragments(1, FastPathHeaders.MAX_FRAGMENT + 1));
        assertThrows(IllegalArgumentException.class, () -> FastPathHeaders.fragments(-1, 10));
    }

    @Test
    void writesSurfaceBits() {
        SetSurfaceBits bits = new SetSurfaceBits(64, 128, 200, 150, 3, 5);
        assertEquals(
                "0100" + "4000" + "8000" + "0801" + "1601" + "20" + "00" + "00" + "03" + "c800" + "9600" + "05000000",
                HexFormat.of().formatHex(Hostile.encode(bits)));
        ByteBuf read = Unpooled.buffer();
        bits.encode(read);
        read.writeZero(5);
        assertEquals(bits, SetSurfaceBits.decode(read));
        Hostile.refusesTruncation(ByteBufUtil.getBytes(read, 0, 27), SetSurfaceBits::decode);
    }

    @Test
    void writesFrameMarker() {
        FrameMarker end = new FrameMarker(FrameMarker.END, 0x01020304);
        assertEquals(end, Hostile.check(end, FrameMarker::decode));
        assertArrayEquals(HexFormat.of().parseHex("0400010004030201"), Hostile.encode(end));
    }
}
