// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.Rect;

class TileGridTest {

    @ParameterizedTest
    @CsvSource({"1,1,1", "64,64,1", "65,64,2", "1920,1080,510", "1366,769,286", "720,400,84"})
    void coversTheScreenWithoutOverlap(int width, int height, int count) {
        TileGrid grid = new TileGrid(width, height);
        assertEquals(count, grid.count());
        long area = 0;
        for (int tile = 0; tile < count; tile++) {
            area += (long) grid.width(tile) * grid.height(tile);
            assertEquals(grid.y(tile) * width + grid.x(tile), grid.offset(tile));
        }
        assertEquals((long) width * height, area);
    }

    @Test
    void marksTheTilesARectangleTouches() {
        TileGrid grid = new TileGrid(200, 200);
        BitSet tiles = new BitSet();
        grid.mark(new Rect(63, 64, 2, 64), tiles);
        assertEquals("{4, 5}", tiles.toString());
        tiles.clear();
        grid.mark(new Rect(500, 0, 10, 10), tiles);
        grid.mark(new Rect(0, 0, 0, 10), tiles);
        assertEquals("{}", tiles.toString());
        grid.mark(new Rect(-10, -10, 10_000, 10_000), tiles);
        assertEquals(16, tiles.cardinality());
    }

    @Test
    void rectanglesHaveEachPixelOfTheTilesOnceAndNoOther() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            TileGrid grid = new TileGrid(1 + random.nextInt(500), 1 + random.nextInt(500));
            BitSet tiles = new BitSet();
            random.ints(random.nextInt(40), 0, grid.count()).forEach(tiles::set);
            int[] covered = new int[grid.width() * grid.height()];
            for (Rect rect : grid.rectangles(tiles)) {
                for (int y = rect.y(); y < rect.bottom(); y++) {
                    for (int x = rect.x(); x < rect.right(); x++) {
                        covered[y * grid.width() + x]++;
                    }
                }
            }
            for (int at = 0; at < covered.length; at++) {
                boolean wanted = tiles.get(grid.tileAt(at % grid.width(), at / grid.width()));
                assertEquals(wanted ? 1 : 0, covered[at]);
            }
        }
    }

    @Test
    void aBlockOfTilesIsOneRectangle() {
        TileGrid grid = new TileGrid(500, 300);
        BitSet tiles = new BitSet();
        grid.mark(new Rect(130, 70, 200, 120), tiles);
        assertEquals(List.of(new Rect(128, 64, 256, 128)), grid.rectangles(tiles));
    }
}
