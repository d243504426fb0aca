// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.Move;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileParts;

class StaleAreaTest {

    private static final Move UP = new Move(new Rect(0, 0, 256, 64), 0, -64);

    private final TileGrid grid = new TileGrid(256, 192);

    @Test
    void allIsStaleAtFirst() {
        StaleArea area = new StaleArea(grid, false);
        assertEquals(12, area.tiles());
        assertFalse(area.isSeen());
        sendAll(area);
        assertTrue(area.isEmpty());
        assertTrue(area.isSeen());
    }

    @Test
    void whoHasTheScreenIsOwedAMoveAndWhatItLeaves() {
        StaleArea area = current(true);
        area.add(change(bits(0, 1, 2, 3, 4), bits(4), UP));
        assertEquals(List.of(UP), area.moves());
        assertEquals(List.of(4), stale(area));
    }

    @Test
    void whoLacksSomeOfItIsOwedWhereThatWouldGo() {
        StaleArea area = current(true);
        area.add(change(bits(5), bits(5)));
        area.add(change(bits(0, 1, 2, 3, 4), bits(4), UP));
        assertEquals(List.of(UP), area.moves());
        assertEquals(List.of(1, 4, 5), stale(area));
    }

    @Test
    void whoLacksMuchOfItIsOwedTheDestination() {
        StaleArea area = current(true);
        area.add(change(bits(5, 6), bits(5, 6)));
        area.add(change(bits(0, 1, 2, 3, 4), bits(4), UP));
        assertEquals(List.of(), area.moves());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), stale(area));
    }

    @Test
    void whoCannotMoveIsOwedAllThatChanged() {
        StaleArea area = current(false);
        area.add(change(bits(0, 1, 2, 3, 4), bits(4), UP));
        assertEquals(List.of(), area.moves());
        assertEquals(List.of(0, 1, 2, 3, 4), stale(area));
    }

    @Test
    void aRefreshUndoesTheMovesThatWait() {
        StaleArea area = current(true);
        area.add(change(bits(0, 1, 2, 3, 4), bits(4), UP));
        area.add(new Rect(70, 70, 1, 1));
        assertEquals(List.of(), area.moves());
        assertEquals(List.of(0, 1, 2, 3, 4, 5), stale(area));
    }

    @Test
    void fewMovesWait() {
        StaleArea area = current(true);
        for (int i = 0; i < 100; i++) {
            area.add(change(bits(0, 1, 2, 3), bits(), UP));
        }
        assertEquals(StaleArea.MAX_MOVES, area.moves().size());
        assertEquals(List.of(0, 1, 2, 3), stale(area));
    }

    @Test
    void aTileThatChangedSinceItWasEncodedStaysStale() {
        StaleArea area = current(false);
        area.add(change(bits(7), bits(7)));
        area.sent(7, false, 0, false);
        assertEquals(List.of(7), stale(area));
    }

    @Test
    void beginsBehindTheLastTileThatWasSent() {
        StaleArea area = new StaleArea(grid, false);
        area.sent(0, false, 0, false);
        area.sent(1, false, 0, false);
        assertEquals(List.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1), stale(area));
    }

    @Test
    void whatWasTypedGoesFirstHoweverMuchElseThereIs() {
        StaleArea area = new StaleArea(grid, false);
        area.sent(11, true, TileParts.WHOLE, false);
        area.add(typed(11));
        assertEquals(List.of(11, 0, 1), picked(area, 3));
        area.sent(0, true, TileParts.WHOLE, false);
        assertEquals(List.of(11, 1, 2), picked(area, 3));
    }

    @Test
    void whatRestsAndHasALossGoesLastAndExactly() {
        StaleArea area = current(false);
        area.sent(2, true, TileParts.WHOLE, true);
        area.sent(9, true, TileParts.WHOLE, true);
        picked(area, 1); // one batch in eight begins with such a tile
        area.refine(bits(9));
        area.add(change(bits(5), bits(5)));
        assertEquals(List.of(5, 2), stale(area));
        assertTrue(area.isStale(5));
        assertFalse(area.isStale(2));
        assertEquals(TileParts.WHOLE, area.part(2));
        area.sent(5, true, TileParts.WHOLE, false);
        area.sent(2, true, TileParts.WHOLE, false);
        assertTrue(area.isEmpty());
        area.refine(bits());
        assertEquals(List.of(9), stale(area));
    }

    @Test
    void whatRestsIsNotStarvedByWhatMoves() {
        StaleArea area = current(false);
        area.sent(2, true, TileParts.WHOLE, true);
        for (int i = 0; i < 8; i++) {
            area.refine(bits());
            area.add(change(bits(4, 5, 6), bits(4, 5, 6)));
            for (int tile : picked(area, 2)) {
                area.sent(tile, true, TileParts.WHOLE, false);
            }
        }
        area.refine(bits());
        assertFalse(stale(area).contains(2));
    }

    @Test
    void theEdgeOfAPhotoThatMovesIsNotTakenForALineThatIsTyped() {
        StaleArea area = current(false);
        area.sent(5, true, TileParts.WHOLE, true); // it had a loss
        area.add(line(5));
        assertFalse(area.hasSmall());
        area.add(line(7));
        assertTrue(area.hasSmall());
        assertEquals(1, area.pickSmall(12));
        assertEquals(7, area.picked(0));
        assertEquals(1, area.largeTiles(new BitSet(), new BitSet()));
    }

    /** A row of text right across a tile. */
    private ScreenChange line(int tile) {
        TileParts parts = new TileParts(grid);
        Rect rect = grid.rect(tile);
        parts.add(tile, new Rect(rect.x(), rect.y(), rect.width(), 16));
        return new ScreenChange(List.of(), parts, parts, 1);
    }

    private ScreenChange typed(int tile) {
        TileParts parts = new TileParts(grid);
        Rect rect = grid.rect(tile);
        parts.add(tile, new Rect(rect.x() + 8, rect.y() + 16, 8, 16));
        return new ScreenChange(List.of(), parts, parts, 1);
    }

    private StaleArea current(boolean moves) {
        StaleArea area = new StaleArea(grid, moves);
        sendAll(area);
        return area;
    }

    private void sendAll(StaleArea area) {
        for (int tile = 0; tile < grid.count(); tile++) {
            area.sent(tile, true, 0, false);
        }
        area.sent(grid.count() - 1, true, 0, false);
    }

    private static List<Integer> stale(StaleArea area) {
        return picked(area, area.grid().count());
    }

    private static List<Integer> picked(StaleArea area, int most) {
        List<Integer> tiles = new ArrayList<>();
        int count = area.pick(new BitSet(), new BitSet(), most);
        for (int i = 0; i < count; i++) {
            tiles.add(area.picked(i));
        }
        return tiles;
    }

    private ScreenChange change(BitSet changed, BitSet afterMoves, Move... moves) {
        TileParts parts = new TileParts(grid);
        parts.addWhole(changed);
        TileParts left = new TileParts(grid);
        left.addWhole(afterMoves);
        return new ScreenChange(List.of(moves), parts, left, changed.cardinality());
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        Arrays.stream(set).forEach(bits::set);
        return bits;
    }
}
