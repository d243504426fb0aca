// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.FrameMemoryTest;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileEncoders;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.rdpmux.testkit.junit.NoLeaks;

/** A screen of one tile, and a client that keeps tiles. */
@ExtendWith(NoLeaks.class)
class KeptTilesTest {

    private static final long SECOND = 1_000_000_000;
    private static final BitSet NONE = new BitSet();

    private final ArrayFramebuffer guest = new ArrayFramebuffer(64, 64);
    private final Screen screen = FrameMemoryTest.screen(new TileGrid(64, 64), 1);
    private final TileLane lane = new TileLane(EncoderProfile.plain(32), screen);
    private final StaleArea area = new StaleArea(screen.grid(), false);
    private final FrameBatch batch = new FrameBatch();
    private final KeptTiles kept = new KeptTiles();

    @BeforeEach
    void restart() {
        kept.restart(8);
    }

    @AfterEach
    void close() {
        batch.release();
        lane.close();
    }

    @Test
    void whatComesBackIsNotEncodedAndIsDrawnFromItsSlot() {
        show(1, SECOND);
        int slot = -batch.cacheSlot(0);
        show(2, 2 * SECOND);
        paint(1, 3 * SECOND);
        assertTrue(choose());
        send();
        assertTrue(batch.isKept(0));
        assertEquals(slot, batch.cacheSlot(0));
        assertTrue(area.isEmpty());
    }

    @Test
    void whatChangesBetweenTheChoiceAndTheSendingStaysStale() {
        show(1, SECOND);
        show(2, 2 * SECOND);
        paint(1, 3 * SECOND);
        assertTrue(choose());
        paint(3, 4 * SECOND);
        kept.look(screen, area);
        send();
        assertEquals(0, batch.count());
        assertEquals(1, area.tiles());
        assertFalse(choose());
    }

    @Test
    void whatMovesIsNotKept() {
        show(1, SECOND);
        show(2, SECOND + 1);
        assertEquals(0, batch.cacheSlot(0));
        paint(1, SECOND + 2);
        assertFalse(choose());
    }

    @Test
    void aClientThatBeginsAnewKeepsNothing() {
        show(1, SECOND);
        show(2, 2 * SECOND);
        restart();
        paint(1, 3 * SECOND);
        assertFalse(choose());
    }

    @Test
    void whatItsUserTypesGoesAloneThoughMoreIsKept() {
        show(1, SECOND);
        show(2, 2 * SECOND);
        paint(1, 3 * SECOND);
        kept.look(screen, area);
        assertTrue(kept.choose(false).isEmpty());
    }

    private void show(int colour, long now) {
        paint(colour, now);
        assertFalse(choose());
        TileParts wanted = new TileParts(screen.grid());
        wanted.add(0, TileParts.WHOLE);
        EncodeJob job = lane.begin(wanted, NONE);
        assertTrue(job.work(new TileEncoders()));
        job.finish();
        send();
    }

    private void paint(int colour, long now) {
        Arrays.fill(guest.pixels(), colour);
        screen.damaged(guest.bounds(), now);
        area.add(screen.tick(guest, now, false));
    }

    /** @return whether the tile is to come from what the client keeps */
    private boolean choose() {
        area.refine(screen.moving());
        kept.look(screen, area);
        return kept.choose(true).get(0);
    }

    private void send() {
        batch.release();
        batch.begin(EncoderProfile.Codec.RAW, screen.grid(), List.of(), null);
        kept.send(lane, area, 0, false, batch);
    }
}
