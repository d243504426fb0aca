// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.testkit.junit.NoLeaks;

@ExtendWith(NoLeaks.class)
class EncodeJobTest {

    private static final EncoderProfile PLAIN = EncoderProfile.plain(32);

    private final Screen screen = FrameMemoryTest.screen(new TileGrid(192, 64), 1);

    @Test
    void endsEvenIfTheMachineFailsMeanwhile() {
        Error error = new InternalError("a test's");
        TileEncoders encoders = new TileEncoders() {
            @Override
            public Encoding encode(EncoderProfile profile, int[] pixels, int stride, Rect area) {
                if (area.x() == 64) {
                    throw error;
                }
                return super.encode(profile, pixels, stride, area);
            }
        };
        try (TileLane lane = new TileLane(PLAIN, screen)) {
            EncodeJob job = lane.begin(all(), new BitSet());
            assertTrue(job.work(encoders), "nobody ends the job, and the lane waits for ever");
            assertSame(error, job.failure());
            job.finish();
            assertNull(lane.bytes(1));
            assertFalse(lane.isCurrent(1, all().part(1), false));
            for (int tile = 0; tile < 3; tile += 2) {
                assertEquals(64 * 64 * 4, lane.bytes(tile).readableBytes());
                assertTrue(lane.isCurrent(tile, all().part(tile), false));
            }
            assertFalse(lane.isBusy());
        }
    }

    @Test
    void aLaneThatIsClosedMeanwhileKeepsNothing() {
        TileLane lane = new TileLane(PLAIN, screen);
        EncodeJob job = lane.begin(all(), new BitSet());
        assertTrue(lane.isBusy());
        lane.close();
        assertTrue(job.work(new TileEncoders()));
        job.finish();
        assertNull(lane.bytes(0));
    }

    /** The lowest rows of a video, above a desktop of one colour. */
    @Test
    void theEdgeOfAVideoComesWithALossWhereTheLinkIsSlow() {
        ArrayFramebuffer guest = new ArrayFramebuffer(192, 64);
        Random noise = new Random(4);
        for (int i = 0; i < 16 * 192; i++) {
            guest.pixels()[i] = i % 192 * 0x010101 + (noise.nextInt(0x1000000) & 0x0f0f0f);
        }
        Rect edge = new Rect(0, 0, 192, 16);
        screen.damaged(edge, 0);
        screen.tick(guest, 0, false);
        TileParts changed = new TileParts(screen.grid());
        changed.add(1, edge);
        BitSet coarse = new BitSet();
        coarse.set(1);
        EncoderProfile usual = EncoderProfile.surface(true);
        assertFalse(encode(usual, changed, coarse).isLossy(), "what is beside it stays exact");
        assertTrue(encode(usual.forSlowLink(), changed, coarse).isLossy());
    }

    private Encoding encode(EncoderProfile profile, TileParts parts, BitSet coarse) {
        try (TileLane lane = new TileLane(profile, screen)) {
            EncodeJob job = lane.begin(parts, coarse);
            job.work(new TileEncoders());
            job.finish();
            assertNull(job.failure());
            return lane.encoding(1);
        }
    }

    private TileParts all() {
        BitSet tiles = new BitSet();
        tiles.set(0, screen.grid().count());
        TileParts all = new TileParts(screen.grid());
        all.addWhole(tiles);
        return all;
    }
}
