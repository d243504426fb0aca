// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.testkit.junit.NoLeaks;

@ExtendWith(NoLeaks.class)
class VideoStreamTest {

    private static final int WIDTH = 512;
    private static final int HEIGHT = 256;
    private static final int FRAME_BYTES = FakeVideo.FRAME_BYTES;
    private static final long MS = 1_000_000;

    private final FakeVideo provider = new FakeVideo();
    private final Screen screen = FrameMemoryTest.screen(new TileGrid(WIDTH, HEIGHT), 1);
    private final ArrayFramebuffer guest = new ArrayFramebuffer(WIDTH, HEIGHT);
    private final VideoStream video = new VideoStream(provider, screen);
    private final TileLane lane = new TileLane(EncoderProfile.surface(true).withVideo(true), screen, video);
    private final Random random = new Random(1);
    private long now;

    @BeforeEach
    void everythingMoves() {
        paint(0);
        paint(0);
    }

    @AfterEach
    void close() {
        lane.close();
    }

    /** All but the first tiles shows noise, which is what looks most like a photo; those are of one colour. */
    private void paint(int plain) {
        now += 10 * MS;
        Arrays.setAll(guest.pixels(), i -> random.nextInt(1 << 24));
        for (int tile = 0; tile < plain; tile++) {
            Rect rect = screen.grid().rect(tile);
            for (int y = rect.y(); y < rect.bottom(); y++) {
                Arrays.fill(guest.pixels(), y * WIDTH + rect.x(), y * WIDTH + rect.right(), (int) now & 0xffffff);
            }
        }
        screen.damaged(guest.bounds(), now);
        screen.tick(guest, now, false);
    }

    private EncodeJob begin(boolean key, int budget) {
        TileParts parts = new TileParts(screen.grid());
        parts.addWhole(screen.moving());
        VideoFrame frame = new VideoFrame(parts, key, budget, now);
        assertTrue(frame.isWorthIt());
        return lane.begin(new TileParts(screen.grid()), new BitSet(), frame);
    }

    private void encode(boolean key, int budget) {
        EncodeJob job = begin(key, budget);
        assertTrue(job.work(new TileEncoders()));
        job.finish();
        assertNull(job.failure());
    }

    private static List<Long> numbers(List<VideoStream.Frame> frames) {
        return frames.stream().map(VideoStream.Frame::number).toList();
    }

    @Test
    void onlyWhatMovesAndIsLargeSuitsIt() {
        assertTrue(video.suits(3, TileParts.WHOLE));
        TileParts letter = new TileParts(screen.grid());
        letter.add(3, new Rect(screen.grid().x(3), 0, 8, 8));
        assertFalse(video.suits(3, letter.part(3)));
        screen.settle(now + Movement.REST_NANOS);
        assertFalse(video.suits(3, TileParts.WHOLE));
    }

    @Test
    void aFrameShowsTheTilesThatLookLikePhotosAndTheOthersBecomeTiles() {
        paint(5);
        encode(false, 1 << 20);
        BitSet shown = video.after(0).get(0).tiles();
        for (int tile = 0; tile < screen.grid().count(); tile++) {
            assertEquals(tile >= 5, shown.get(tile));
            assertEquals(tile < 5, lane.bytes(tile) != null);
            assertEquals(tile >= 5, video.isOnItsWay(tile, 0));
        }
    }

    @Test
    void whoIsAFewFramesBehindIsGivenThemAndWhoIsFurtherBehindWaitsForAKeyFrame() {
        for (int frame = 1; frame <= 7; frame++) {
            paint(0);
            encode(false, 1 << 20);
        }
        assertTrue(video.canFollow(7));
        assertEquals(List.of(), video.after(7));
        assertEquals(List.of(7L), numbers(video.after(6)));
        assertEquals(List.of(4L, 5L, 6L, 7L), numbers(video.after(3)));
        assertFalse(video.canFollow(2));
        assertFalse(video.canFollow(0));
        assertFalse(video.isOnItsWay(9, 2));
        paint(0);
        encode(true, 1 << 20);
        assertEquals(List.of(8L), numbers(video.after(0)));
        assertEquals(List.of(8L), numbers(video.after(2)));
        assertTrue(video.isOnItsWay(9, 2));
        assertFalse(video.isOnItsWay(9, 8));
    }

    @Test
    void keyFramesAreAskedForNowAndThenOnly() {
        assertTrue(video.isKeyDue(now));
        encode(true, 1 << 20);
        assertFalse(video.isKeyDue(now));
        assertFalse(video.isKeyDue(now + VideoStream.KEY_NANOS - 1));
        assertTrue(video.isKeyDue(now + VideoStream.KEY_NANOS));
    }

    @Test
    void framesAreMadeToFitWhatViewersTake() {
        encode(false, 1 << 20);
        for (int frame = 0; frame < 3; frame++) {
            encode(false, FRAME_BYTES / 3);
        }
        assertEquals(List.of("next 26", "next 26", "next 32", "next 38"), provider.calls);
        for (int frame = 0; frame < 20; frame++) {
            encode(false, 3 * FRAME_BYTES);
        }
        assertEquals(List.of("next 38", "next 37", "next 36"), provider.calls.subList(4, 7));
        assertEquals("next 26", provider.calls.get(23));
        encode(false, FRAME_BYTES * 3 / 2);
        encode(false, 1 << 20);
        assertEquals("next 26", provider.calls.get(25), "just right");
    }

    @Test
    void aFrameTakesLessThanItsTilesWouldHoweverMuchViewersTake() {
        provider.frameBytes = 2 * VideoStream.FINE_TILE_BYTES * screen.grid().count();
        encode(false, 1 << 20);
        encode(false, 1 << 20);
        encode(false, 1 << 20);
        assertEquals(List.of("next 26", "next 26", "next 32"), provider.calls);
    }

    @Test
    void aKeyFrameIsNoBurstForASlowLink() {
        encode(false, 1 << 20);
        encode(true, 6000);
        encode(true, 1000);
        encode(true, 1 << 20);
        assertEquals(List.of("next 26", "key 29", "key 38", "key 38"), provider.calls);
    }

    @Test
    void whatIsNoPhotoIsLookedAtAgainOnlyAfterSomeChanges() {
        paint(5);
        encode(false, 1 << 20);
        assertTrue(video.suits(5, TileParts.WHOLE));
        for (int change = 0; change < VideoStream.LOOK_AGAIN; change++) {
            assertFalse(video.suits(4, TileParts.WHOLE), "after " + change);
            paint(0);
        }
        assertTrue(video.suits(4, TileParts.WHOLE));
    }

    /** A link is judged by what the stream takes of it, not by tiles that nobody is sent. */
    @Test
    void whatMovesTakesWhatTheStreamTakesAsLongAsThereIsOne() {
        assertEquals(VideoStream.FINE_TILE_BYTES, lane.movingTileBytes());
        provider.fails = true;
        encode(false, 1 << 20);
        encode(false, 1 << 20);
        assertTrue(
                lane.movingTileBytes() > 2 * VideoStream.FINE_TILE_BYTES, lane.movingTileBytes() + " bytes of noise");
    }

    @Test
    void anEncoderThatFailsEndsTheStreamAndTilesGoOn() {
        encode(false, 1 << 20);
        provider.fails = true;
        paint(5);
        encode(false, 1 << 20);
        assertTrue(video.isOver());
        assertEquals(1, provider.closed.get(), "its memory is given back at once");
        assertFalse(video.suits(9, TileParts.WHOLE));
        assertEquals(1, video.after(0).size());
        assertTrue(lane.isFresh(1, TileParts.WHOLE));
        assertFalse(lane.isFresh(9, TileParts.WHOLE), "nobody has been sent it");
        encode(false, 1 << 20);
        assertNotNull(lane.bytes(9));
    }

    @Test
    void aLaneThatIsClosedMeanwhileClosesTheEncoderAfterItsJob() {
        EncodeJob job = begin(false, 1 << 20);
        lane.close();
        assertTrue(job.work(new TileEncoders()));
        assertEquals(List.of("next 26"), provider.calls);
        job.finish();
        assertEquals(List.of("next 26", "closed"), provider.calls);
        assertEquals(List.of(), video.after(0));
    }
}
