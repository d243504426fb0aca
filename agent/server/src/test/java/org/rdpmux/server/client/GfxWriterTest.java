// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.dvc.Data;
import org.rdpmux.pdu.dvc.DataFirst;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.gfx.Avc420Metablock;
import org.rdpmux.pdu.gfx.GfxRect;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.console.Batches;
import org.rdpmux.server.console.FrameBatch;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Move;
import org.rdpmux.testkit.rdp.GfxScreen;

/** What the writer makes, down to the last header, as a client reads it. */
class GfxWriterTest {

    private static final DynamicPath PATH = new DynamicPath(1007, 300, ChannelPduHeader.FLAG_SHOW_PROTOCOL);

    private final GfxWriter writer = new GfxWriter(PATH, UnpooledByteBufAllocator.DEFAULT);
    private final GfxScreen client = new GfxScreen();
    private int chunks;

    /** Reads frames; releases them. */
    private void read(ByteBuf out) {
        ByteBuf message = Unpooled.buffer();
        long missing = 0;
        while (out.isReadable()) {
            int length = FrameSplitter.nextLength(out, FrameSplitter.MAX_LENGTH);
            ByteBuf payload = DataFrame.decodePayload(out.readSlice(length));
            SendData mcs = (SendData) DomainPdu.decode(payload);
            assertEquals(PATH.staticChannelId(), mcs.channelId());
            ChannelPduHeader header = ChannelPduHeader.decode(payload);
            assertEquals(0x13, header.flags());
            assertEquals(payload.readableBytes(), header.length());
            assertTrue(header.length() <= 1600, () -> header.length() + " bytes in a chunk");
            DynamicChannelPdu pdu = DynamicChannelPdu.decodeFromServer(payload);
            if (missing == 0) {
                missing = pdu instanceof DataFirst first ? first.length() : payload.readableBytes();
            } else {
                assertEquals(new Data(PATH.dynamicChannelId()), pdu);
            }
            missing -= payload.readableBytes();
            message.writeBytes(payload);
            chunks++;
            if (missing == 0) {
                client.message(message);
                message.clear();
            }
        }
        assertEquals(0, missing);
        out.release();
    }

    private void show(int width, int height, int[] pixels) {
        read(writer.write(
                Batches.of(EncoderProfile.surface(false), new ArrayFramebuffer(width, height, pixels), null)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "63, 65", "200, 150", "640, 480"})
    void aClientShowsWhatTheGuestShows(int width, int height) {
        int[] guest = new Random(width).ints(width * height, 0, 1 << 24).toArray();
        Arrays.fill(guest, 0, guest.length / 2, 0x123456); // some of it in one colour
        read(writer.reset(width, height));
        show(width, height, guest);
        assertArrayEquals(guest, client.pixels());
        assertEquals(List.of(1), client.shown());
    }

    @Test
    void compressesOnlyWhatIsWorthIt() {
        int[] guest = new Random(1).ints(64 * 64, 0, 2).map(i -> i * 0xffffff).toArray();
        Arrays.fill(guest, 64, guest.length, 0x404040);
        System.arraycopy(guest, 0, guest, 20 * 64, 64);
        FrameBatch worth = Batches.of(EncoderProfile.surface(false), new ArrayFramebuffer(64, 64, guest), null);
        FrameBatch shared = Batches.shared(EncoderProfile.surface(false), new ArrayFramebuffer(64, 64, guest));
        read(writer.reset(64, 64));
        ByteBuf compressed = writer.write(worth);
        ByteBuf stored = writer.write(shared);
        assertTrue(compressed.readableBytes() < stored.readableBytes());
        read(compressed);
        read(stored);
        assertArrayEquals(guest, client.pixels());
    }

    @Test
    void aSolidScreenTakesOneChunk() {
        read(writer.reset(640, 480));
        chunks = 0;
        int[] guest = new int[640 * 480];
        Arrays.fill(guest, 0xabcdef);
        show(640, 480, guest);
        assertArrayEquals(guest, client.pixels());
        assertTrue(chunks <= 3, chunks + " chunks");
    }

    /** More ClearCodec bitmaps than their sequence number can count. */
    @Test
    void bitmapsOfFewColoursAreNumbered() {
        read(writer.reset(640, 480));
        for (int frame = 0; frame < 4; frame++) {
            int[] guest = new Random(frame)
                    .ints(640 * 480, 0, 3)
                    .map(i -> i * 0x505050)
                    .toArray();
            show(640, 480, guest);
            assertArrayEquals(guest, client.pixels());
        }
    }

    @Test
    void framesOfAVideoNameTheAreasThatTheyShow() {
        read(writer.reset(640, 480));
        byte[] unit = new byte[40_000];
        new Random(1).nextBytes(unit);
        read(writer.write(Batches.video(
                640,
                480,
                true,
                Unpooled.copiedBuffer(unit),
                List.of(new Rect(64, 0, 128, 64), new Rect(576, 448, 64, 32)))));
        assertEquals(1, client.videos().size());
        GfxScreen.Video video = client.videos().get(0);
        assertEquals(
                new Avc420Metablock(List.of(new GfxRect(64, 0, 192, 64), new GfxRect(576, 448, 640, 480)), 26),
                video.areas());
        assertArrayEquals(unit, video.unit());
    }

    /** The decoder is as old as the surface, and what comes late builds on a frame that the new one has not seen. */
    @Test
    void aVideoGoesOnWithAKeyFrameOnANewSurface() {
        List<Rect> all = List.of(new Rect(0, 0, 128, 128));
        for (int surface = 0; surface < 2; surface++) {
            read(writer.reset(128, 128));
            read(writer.write(Batches.video(128, 128, false, Unpooled.copiedBuffer(new byte[10]), all)));
            assertEquals(2 * surface, client.videos().size());
            read(writer.write(Batches.video(128, 128, true, Unpooled.copiedBuffer(new byte[10]), all)));
            read(writer.write(Batches.video(128, 128, false, Unpooled.copiedBuffer(new byte[10]), all)));
            assertEquals(2 * surface + 2, client.videos().size());
        }
    }

    @Test
    void movesComeBeforeTiles() {
        int[] guest = new Random(3).ints(128 * 128, 0, 1 << 24).toArray();
        read(writer.reset(128, 128));
        show(128, 128, guest);
        Move down = new Move(new Rect(0, 10, 128, 118), 0, 10);
        read(writer.write(Batches.moves(128, 128, List.of(down))));
        int[] expected = guest.clone();
        System.arraycopy(guest, 0, expected, 10 * 128, 118 * 128);
        assertArrayEquals(expected, client.pixels());
    }

    @Test
    void aResetGivesTheSurfaceAnotherId() {
        read(writer.reset(64, 64));
        read(writer.reset(100, 50));
        assertEquals(100, client.width());
        assertEquals(50, client.height());
        int[] guest = new Random(4).ints(100 * 50, 0, 1 << 24).toArray();
        show(100, 50, guest);
        assertArrayEquals(guest, client.pixels());
    }

    /** A client that advertises anew has no surface, and may or may not go on counting ClearCodec bitmaps. */
    @Test
    void afterASecondAdvertisementNothingIsDeletedAndBitmapsAreCountedOn() {
        int[] guest = new Random(5).ints(64 * 64, 0, 3).map(i -> i * 0x505050).toArray();
        read(writer.reset(64, 64));
        show(64, 64, guest);
        writer.surfaceForgotten();
        client.forgetSurface();
        read(writer.reset(64, 64));
        show(64, 64, guest);
        assertArrayEquals(guest, client.pixels());
    }

    @Test
    void whatWasShownComesBackFromTheClientsCache() {
        Batches.OfOneViewer console = new Batches.OfOneViewer(64);
        int[][] windows = new int[2][];
        for (int i = 0; i < 2; i++) {
            windows[i] = new Random(i).ints(200 * 150, 0, 1 << 24).toArray();
        }
        read(writer.reset(200, 150));
        int first = show(console, 200, 150, windows[0]);
        show(console, 200, 150, windows[1]);
        assertEquals(0, client.fromCache());
        int again = show(console, 200, 150, windows[0]);
        assertArrayEquals(windows[0], client.pixels());
        assertEquals(12, client.fromCache());
        assertTrue(again < first / 100, again + " bytes instead of " + first);
    }

    /** Which a slot that is filled takes. */
    @Test
    void evictsWhatACacheHasNoRoomFor() {
        Batches.OfOneViewer console = new Batches.OfOneViewer(8);
        read(writer.reset(200, 150));
        for (int frame = 0; frame < 4; frame++) {
            int[] guest = new Random(frame % 2).ints(200 * 150, 0, 1 << 24).toArray();
            show(console, 200, 150, guest);
            assertArrayEquals(guest, client.pixels());
        }
        assertTrue(client.stored() > 8, client.stored() + " stored");
    }

    /** The console learns of it later, and the client would drop the session. */
    @Test
    void asksForNothingThatAClientHasForgottenInTheMeantime() {
        Batches.OfOneViewer console = new Batches.OfOneViewer(64);
        int[] guest = new Random(7).ints(128 * 128, 0, 1 << 24).toArray();
        read(writer.reset(128, 128));
        show(console, 128, 128, guest);
        writer.surfaceForgotten();
        client.forgetSurface();
        read(writer.reset(128, 128));
        show(console, 128, 128, guest);
        assertEquals(0, client.fromCache());
        console.restart(64);
        show(console, 128, 128, guest);
        assertArrayEquals(guest, client.pixels());
        show(console, 128, 128, guest);
        assertEquals(4, client.fromCache());
        assertArrayEquals(guest, client.pixels());
    }

    @Test
    void evictsAllBeforeTheDesktopIsAnother() {
        Batches.OfOneViewer console = new Batches.OfOneViewer(64);
        read(writer.reset(128, 128));
        show(console, 128, 128, new Random(8).ints(128 * 128, 0, 1 << 24).toArray());
        assertEquals(4, client.kept());
        read(writer.reset(200, 150));
        assertEquals(0, client.kept());
    }

    private int show(Batches.OfOneViewer console, int width, int height, int[] pixels) {
        ByteBuf out =
                writer.write(console.batch(EncoderProfile.surface(false), new ArrayFramebuffer(width, height, pixels)));
        int bytes = out.readableBytes();
        read(out);
        return bytes;
    }

    @Test
    void nothingToShowIsNoFrame() {
        read(writer.reset(64, 64));
        assertFalse(writer.write(Batches.moves(64, 64, List.of())).isReadable());
    }
}
