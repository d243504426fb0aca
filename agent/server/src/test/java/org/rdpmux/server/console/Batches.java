// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncoderPool;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.FrameMemoryTest;
import org.rdpmux.server.screen.Move;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.rdpmux.server.screen.VideoStream;

/** Makes batches for tests of what sends them. */
public final class Batches {

    private Batches() {}

    /** Moves and nothing else. The caller releases the batch. */
    public static FrameBatch moves(int width, int height, List<Move> moves) {
        FrameBatch batch = new FrameBatch();
        batch.begin(EncoderProfile.Codec.SURFACE, new TileGrid(width, height), moves, null);
        batch.number(2, 0);
        return batch;
    }

    /** A whole screen for one of many viewers. The caller releases the batch. */
    public static FrameBatch shared(EncoderProfile profile, ArrayFramebuffer pixels) {
        FrameBatch batch = of(profile, pixels, null);
        batch.compressible(false);
        return batch;
    }

    /** A frame of a video and nothing else. The caller releases the batch. */
    public static FrameBatch video(int width, int height, boolean key, ByteBuf unit, List<Rect> areas) {
        FrameBatch batch = new FrameBatch();
        batch.begin(EncoderProfile.Codec.SURFACE, new TileGrid(width, height), List.of(), null);
        batch.add(new VideoStream.Frame(1, key, new BitSet(), 26, unit), areas);
        unit.release();
        batch.number(3, 0);
        return batch;
    }

    /** A whole screen, and a pointer unless it is null. The caller releases the batch. */
    public static FrameBatch of(EncoderProfile profile, ArrayFramebuffer pixels, PointerShape pointer) {
        return encoded(profile, screen(pixels), pointer, new KeptTiles());
    }

    /** Makes batches for a client that keeps what it was shown. */
    public static final class OfOneViewer {

        private final KeptTiles kept = new KeptTiles();

        public OfOneViewer(int slots) {
            restart(slots);
        }

        /** As when the client has forgotten what it kept. */
        public void restart(int slots) {
            kept.restart(slots);
        }

        /** A whole screen. The caller releases the batch. */
        public FrameBatch batch(EncoderProfile profile, ArrayFramebuffer pixels) {
            return encoded(profile, screen(pixels), null, kept);
        }
    }

    /** Likewise, of a screen where all has just changed twice. */
    public static FrameBatch moving(EncoderProfile profile, ArrayFramebuffer pixels) {
        Screen screen = screen(new ArrayFramebuffer(pixels.width(), pixels.height()));
        long soon = 40_000_000;
        screen.damaged(pixels.bounds(), soon);
        screen.tick(pixels, soon, false);
        return encoded(profile, screen, null, new KeptTiles());
    }

    private static Screen screen(ArrayFramebuffer pixels) {
        Screen screen = FrameMemoryTest.screen(new TileGrid(pixels.width(), pixels.height()), 1);
        screen.damaged(pixels.bounds(), 0);
        screen.tick(pixels, 0, false);
        return screen;
    }

    private static FrameBatch encoded(EncoderProfile profile, Screen screen, PointerShape pointer, KeptTiles kept) {
        BitSet tiles = new BitSet();
        tiles.set(0, screen.grid().count());
        TileParts all = new TileParts(screen.grid());
        all.addWhole(tiles);
        FrameBatch batch = new FrameBatch();
        try (TileLane lane = new TileLane(profile, screen);
                EncoderPool pool = new EncoderPool(1)) {
            EncodeJob job = lane.begin(all, new BitSet());
            CountDownLatch done = new CountDownLatch(1);
            if (!pool.run(job, done::countDown)) {
                done.await();
            }
            job.finish();
            batch.begin(profile.codec(), screen.grid(), List.of(), pointer);
            StaleArea area = new StaleArea(screen.grid(), false);
            tiles.stream().forEach(tile -> kept.send(lane, area, tile, false, batch));
            batch.number(1, 0);
            batch.compressible(true);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return batch;
    }
}
