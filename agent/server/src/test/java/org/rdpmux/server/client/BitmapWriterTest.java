// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.bitmap.BitmapData.Compression;
import org.rdpmux.pdu.bitmap.BitmapUpdate;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.fastpath.FastPathOutput;
import org.rdpmux.pdu.fastpath.FastPathUpdate;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.surface.FrameMarker;
import org.rdpmux.pdu.surface.SetSurfaceBits;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.connection.SurfaceCodec;
import org.rdpmux.server.console.Batches;
import org.rdpmux.server.console.FrameBatch;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.EncoderProfile.Loss;
import org.rdpmux.server.screen.TileGrid;

class BitmapWriterTest {

    private final int[] guest = new Random(1).ints(200 * 150, 0, 1 << 24).toArray();
    private final TileGrid grid = new TileGrid(200, 150);

    @Test
    void severalUpdatesShareAPduAndEachHasOneRectangle() {
        List<FastPathOutput> pdus =
                read(write(EncoderProfile.bitmaps(16, true, true), profile(16, true, true, 0), solid()));
        assertEquals(1, pdus.size());
        assertEquals(12, pdus.get(0).updates().size());
        for (FastPathUpdate update : pdus.get(0).updates()) {
            assertEquals(UpdateCode.BITMAP, update.updateCode());
            assertEquals(1, bitmaps(update).size());
        }
    }

    @Test
    void noPduIsLongerThanClientsTake() {
        List<FastPathOutput> pdus =
                read(write(EncoderProfile.bitmaps(32, true, true), profile(32, true, true, 0), guest));
        assertTrue(pdus.size() > 3, pdus.size() + " PDUs");
        pdus.forEach(pdu -> assertTrue(pdu.size() <= FastPathHeaders.MAX_PDU, pdu.size() + " bytes"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void plainTilesThatAreTooLargeAreCutIntoRows(boolean fastPath) {
        ByteBuf out = write(EncoderProfile.plain(32), profile(32, fastPath, false, 0), guest);
        if (!fastPath) {
            int frames = 0;
            while (out.isReadable()) {
                out.skipBytes(FrameSplitter.nextLength(out, FrameSplitter.MAX_LENGTH));
                frames++;
            }
            out.release();
            assertTrue(frames > 12, frames + " PDUs");
            return;
        }
        int[] shown = new int[guest.length];
        for (FastPathOutput pdu : read(out)) {
            for (FastPathUpdate update : pdu.updates()) {
                bitmaps(update).forEach(rectangle -> draw(rectangle, shown));
            }
        }
        assertArrayEquals(guest, shown);
    }

    @Test
    void framesAreMarkedForClientsThatAcknowledgeThem() {
        List<FastPathUpdate> updates = new ArrayList<>();
        read(write(EncoderProfile.bitmaps(32, true, true), profile(32, true, true, 2), guest))
                .forEach(pdu -> updates.addAll(pdu.updates()));
        FrameMarker first = marker(updates.get(0));
        FrameMarker last = marker(updates.get(updates.size() - 1));
        assertEquals(FrameMarker.BEGIN, first.action());
        assertEquals(FrameMarker.END, last.action());
        assertEquals(first.frameId(), last.frameId());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatHasALossIsARemoteFxMessageInEachPdu(boolean imageMode) {
        SurfaceCodec codec = new SurfaceCodec(7, imageMode, true);
        BitmapWriter writer = writer(profile(24, true, true, 0, Optional.of(codec)));
        String headers = "c0cc0c000000";
        String start = "c4cc0e000000";
        for (int i = 0; i < 2; i++) {
            int tiles = 0;
            int bitmaps = 0;
            List<String> messages = new ArrayList<>();
            for (FastPathOutput pdu : read(writer.write(soft()))) {
                assertTrue(pdu.size() <= FastPathHeaders.MAX_PDU, pdu.size() + " bytes");
                for (FastPathUpdate update : pdu.updates()) {
                    if (update.updateCode() == UpdateCode.BITMAP) {
                        bitmaps++;
                        continue;
                    }
                    ByteBuf data = Unpooled.wrappedBuffer(update.data());
                    SetSurfaceBits bits = SetSurfaceBits.decode(data);
                    assertEquals(new SetSurfaceBits(0, 0, 200, 150, 7, data.readableBytes()), bits);
                    messages.add(ByteBufUtil.hexDump(data));
                    tiles += messages.get(messages.size() - 1).split("c3ca....0000020303").length - 1;
                }
            }
            assertEquals(9, tiles);
            assertEquals(3, bitmaps, "those at the right edge are too small for it");
            assertTrue(messages.size() > 1, "one PDU does not hold them");
            assertTrue(messages.get(0).startsWith(imageMode || i == 0 ? headers : start));
            assertTrue(messages.get(1).startsWith(imageMode ? headers : start));
        }
    }

    /** Tiles that change twice within a moment, so that they move. */
    private FrameBatch soft() {
        EncoderProfile profile = EncoderProfile.bitmaps(24, true, true).with(Loss.REMOTEFX_RLGR3);
        FrameBatch batch = Batches.moving(profile, new ArrayFramebuffer(grid.width(), grid.height(), softNoise()));
        assertEquals(grid.count(), batch.count());
        return batch;
    }

    /** Noise that is worth a loss. */
    private int[] softNoise() {
        return Arrays.stream(guest).map(pixel -> 0x404040 + (pixel & 0x7f7f7f)).toArray();
    }

    private static BitmapWriter writer(ClientProfile profile) {
        return new BitmapWriter(profile, new Share(0x103ea, 1006, 1003), UnpooledByteBufAllocator.DEFAULT);
    }

    private ByteBuf write(EncoderProfile encoder, ClientProfile profile, int[] pixels) {
        FrameBatch batch = Batches.of(encoder, new ArrayFramebuffer(grid.width(), grid.height(), pixels), null);
        assertEquals(grid.count(), batch.count());
        return writer(profile).write(batch);
    }

    private int[] solid() {
        int[] pixels = new int[guest.length];
        Arrays.fill(pixels, 0x112233);
        return pixels;
    }

    private static ClientProfile profile(int bits, boolean fastPath, boolean compression, int frames) {
        return profile(bits, fastPath, compression, frames, Optional.empty());
    }

    private static ClientProfile profile(
            int bits, boolean fastPath, boolean compression, int frames, Optional<SurfaceCodec> codec) {
        return new ClientProfile(
                new ClientProfile.Identity("pc", "", 0, 0, 0, "", "me"),
                new ClientProfile.Desktop(200, 150, true, 200, 150),
                new ClientProfile.Graphics(
                        bits,
                        fastPath,
                        compression,
                        true,
                        true,
                        false,
                        false,
                        1 << 20,
                        new ClientProfile.Frames(frames > 0, frames > 0, frames),
                        codec),
                new ClientProfile.Pointer(20, 20, true, true),
                new ClientProfile.Input(true, true, true, true),
                Map.of());
    }

    /** Cuts what was written into PDUs and releases it. */
    private static List<FastPathOutput> read(ByteBuf out) {
        List<FastPathOutput> pdus = new ArrayList<>();
        while (out.isReadable()) {
            int length = FrameSplitter.nextLength(out, FrameSplitter.MAX_LENGTH);
            pdus.add(FastPathOutput.decode(out.readSlice(length)));
        }
        out.release();
        return pdus;
    }

    private static List<BitmapUpdate.Rectangle> bitmaps(FastPathUpdate update) {
        return BitmapUpdate.decode(Unpooled.wrappedBuffer(update.data())).rectangles();
    }

    private static FrameMarker marker(FastPathUpdate update) {
        assertEquals(UpdateCode.SURFACE_COMMANDS, update.updateCode());
        return FrameMarker.decode(Unpooled.wrappedBuffer(update.data()));
    }

    private static void draw(BitmapUpdate.Rectangle rectangle, int[] shown) {
        var data = rectangle.data();
        assertEquals(Compression.NONE, data.compression());
        for (int y = data.top(); y <= data.bottom(); y++) {
            for (int x = data.left(); x <= data.right(); x++) {
                int at = ((data.bottom() - y) * data.width() + x - data.left()) * 4;
                byte[] pixels = rectangle.pixels();
                shown[y * 200 + x] = (pixels[at + 2] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at] & 0xff;
            }
        }
    }
}
