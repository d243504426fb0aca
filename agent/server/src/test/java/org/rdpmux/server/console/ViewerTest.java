// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;

class ViewerTest {

    private static final EncoderProfile PROFILE = EncoderProfile.bitmaps(32, true, true);
    private static final long SECOND = 1_000_000_000;

    private final TileGrid grid = new TileGrid(640, 640);
    private final TileLane lane = new TileLane(PROFILE, grid);
    private final Viewer viewer = new Viewer(PROFILE, 0);
    private final List<ByteBuf> made = new ArrayList<>();

    @BeforeEach
    void fillLane() {
        for (int tile = 0; tile < grid.count(); tile++) {
            put(tile, 1, 1000);
        }
    }

    @AfterEach
    void nothingLeaks() {
        lane.close();
        made.forEach(buffer -> assertEquals(0, buffer.refCnt()));
    }

    @Test
    void aNewViewerIsOwedTheWholeScreenAndThePointer() {
        assertFalse(viewer.isReady(0));
        viewer.show(grid, lane, new PointerShape.Hidden());
        assertEquals(100, viewer.owedTiles());
        assertTrue(viewer.isReady(0));
        assertEquals(100, viewer.pick());
        FrameBatch batch = viewer.take(0);
        assertEquals(100, batch.count());
        assertEquals(new PointerShape.Hidden(), batch.pointer());
        assertEquals(100_000, batch.totalBytes());
        assertEquals(0, viewer.owedTiles());
        assertFalse(viewer.isReady(SECOND));
        batch.release();
    }

    @Test
    void aSlowViewerOwesAreaAndGetsTheNewestBytes() {
        viewer.show(grid, lane, null);
        take().release();
        BitSet tile = new BitSet();
        tile.set(7);
        for (int version = 2; version < 50; version++) {
            put(7, version, version);
            viewer.owe(tile);
            assertFalse(viewer.isReady(version));
        }
        assertEquals(1, viewer.owedTiles());
        viewer.window().drained(SECOND);
        FrameBatch batch = take();
        assertEquals(1, batch.count());
        assertEquals(7, batch.tile(0));
        assertEquals(49, batch.bytes(0).readableBytes());
        batch.release();
    }

    @Test
    void cutsLargeAreasAndGoesRoundSoThatNoTileStarves() {
        for (int tile = 0; tile < grid.count(); tile++) {
            put(tile, 2, 16_000);
        }
        viewer.show(grid, lane, null);
        Set<Integer> seen = new HashSet<>();
        int batches = 0;
        BitSet all = new BitSet();
        all.set(0, grid.count());
        while (seen.size() < grid.count()) {
            FrameBatch batch = take();
            assertTrue(batch.totalBytes() <= viewer.window().budget() + 16_000, batch.totalBytes() + " bytes");
            for (int i = 0; i < batch.count(); i++) {
                seen.add(batch.tile(i));
            }
            batch.release();
            viewer.window().drained(20_000_000);
            viewer.owe(all);
            assertTrue(++batches < 20, "some tiles starve");
        }
        assertTrue(batches > 3, batches + " batches");
    }

    @Test
    void aRefreshOwesTheTilesOfItsArea() {
        viewer.show(grid, lane, null);
        take().release();
        viewer.window().drained(0);
        viewer.owe(new Rect(60, 60, 10, 10));
        assertEquals(4, viewer.owedTiles());
    }

    @Test
    void honoursSilenceAfterAWhileAndRepaintsAllAtItsEnd() {
        viewer.show(grid, lane, null);
        viewer.suppress(0);
        assertFalse(viewer.isSuppressed(5 * SECOND), "before the first picture");
        take().release();
        viewer.window().drained(0);
        assertTrue(viewer.isSuppressed(5 * SECOND));
        viewer.allow(5 * SECOND);
        assertFalse(viewer.isSuppressed(5 * SECOND));
        assertEquals(100, viewer.owedTiles());
    }

    @Test
    void silenceThatIsTakenBackAtOnceChangesNothing() {
        viewer.show(grid, lane, null);
        take().release();
        viewer.window().drained(0);
        viewer.suppress(10);
        assertFalse(viewer.isSuppressed(10));
        assertEquals(10 + Viewer.SUPPRESS_DELAY_NANOS, viewer.nextDeadline(10));
        viewer.allow(20);
        assertEquals(0, viewer.owedTiles());
        assertEquals(Screen.NEVER, viewer.nextDeadline(20));
    }

    @Test
    void aSilentViewerIsNotReadyWhateverItIsOwed() {
        viewer.show(grid, lane, null);
        take().release();
        viewer.window().drained(0);
        viewer.suppress(0);
        viewer.oweAll();
        assertFalse(viewer.isReady(2 * SECOND));
    }

    @Test
    void sendsThePointerByItself() {
        viewer.show(grid, lane, null);
        take().release();
        viewer.window().drained(0);
        PointerShape shape = new PointerShape.Default();
        viewer.owePointer(shape);
        assertTrue(viewer.isReady(0));
        FrameBatch batch = take();
        assertSame(shape, batch.pointer());
        assertEquals(0, batch.count());
        batch.release();
        assertNull(batch.pointer());
    }

    @Test
    void aHiddenViewerIsOwedNothing() {
        viewer.show(grid, lane, new PointerShape.Hidden());
        viewer.hide();
        BitSet all = new BitSet();
        all.set(0, grid.count());
        viewer.owe(all);
        viewer.owePointer(new PointerShape.Default());
        viewer.owe(new Rect(0, 0, 100, 100));
        assertEquals(0, viewer.owedTiles());
        assertFalse(viewer.isReady(0));
    }

    private FrameBatch take() {
        viewer.pick();
        return viewer.take(0);
    }

    private void put(int tile, int version, int length) {
        ByteBuf bytes = Unpooled.buffer(length).writeZero(length);
        made.add(bytes);
        lane.put(tile, version, bytes, Encoding.COMPRESSED);
    }
}
