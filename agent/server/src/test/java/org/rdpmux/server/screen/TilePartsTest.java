// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;

class TilePartsTest {

    /** Three tiles in a row, the last one 36 pixels wide; two rows, the lower one 20 high. */
    private final TileGrid grid = new TileGrid(164, 84);

    private final TileParts parts = new TileParts(grid);

    @Test
    void aPartIsRoundedToTheRasterAndStaysInItsTile() {
        parts.add(1, new Rect(70, 3, 10, 16));
        assertEquals(new Rect(64, 0, 16, 24), area(1));
        parts.add(1, new Rect(100, 0, 1000, 1));
        assertEquals(new Rect(64, 0, 64, 24), area(1));
        assertEquals(1, parts.count());
    }

    @Test
    void whatCoversASmallTileCoversItWhole() {
        parts.add(5, new Rect(0, 0, 164, 84));
        TileParts whole = new TileParts(grid);
        BitSet tiles = new BitSet();
        tiles.set(5);
        whole.addWhole(tiles);
        assertEquals(whole.part(5), parts.part(5));
        assertEquals(new Rect(128, 64, 36, 20), area(5));
    }

    @Test
    void outsideItsTileThereIsNoPart() {
        parts.add(0, new Rect(64, 0, 10, 10));
        parts.add(0, new Rect(-30, 0, 10, 10));
        assertTrue(parts.isEmpty());
        assertEquals(0, parts.part(0));
    }

    @Test
    void knowsWhichPartCoversAnother() {
        parts.add(0, new Rect(0, 0, 16, 16));
        parts.add(1, new Rect(64, 0, 8, 8));
        assertTrue(TileParts.covers(parts.part(0), parts.part(1)));
        assertFalse(TileParts.covers(parts.part(1), parts.part(0)));
        assertTrue(TileParts.covers(parts.part(1), 0));
        assertFalse(TileParts.covers(0, parts.part(1)));
    }

    @Test
    void joinsOthers() {
        TileParts others = new TileParts(grid);
        others.add(0, new Rect(0, 0, 8, 8));
        others.add(3, new Rect(0, 64, 8, 8));
        parts.add(0, new Rect(24, 24, 8, 8));
        parts.add(others);
        assertEquals(new Rect(0, 0, 32, 32), area(0));
        assertEquals(new Rect(0, 64, 8, 8), area(3));
        parts.remove(0);
        assertEquals(3, parts.next(0));
    }

    private Rect area(int tile) {
        return TileParts.area(grid, tile, parts.part(tile));
    }
}
