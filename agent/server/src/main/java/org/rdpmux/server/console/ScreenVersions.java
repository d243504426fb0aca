// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.Arrays;
import java.util.BitSet;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileParts;

/**
 * When which part of a console's screen changed last, by a count of changes, for programs that wait for one. The count goes on
 * over all Screens of the console: another Screen has changed everywhere. Lives on the console's thread.
 */
final class ScreenVersions {

    private long version;
    /** Of which the rest is known; null if nobody has followed it. */
    private Screen screen;

    private long[] tiles = {};

    /** The count; 1 or more once there is a screen. */
    long version() {
        return version;
    }

    /** Goes on with a Screen. @return whether it is another one than before */
    boolean follow(Screen shown) {
        if (shown == screen) {
            return false;
        }
        screen = shown;
        version++;
        tiles = new long[screen.grid().count()];
        Arrays.fill(tiles, version);
        return true;
    }

    /** Nobody tells of the Screen's changes any more. */
    void forget() {
        screen = null;
    }

    /** Tiles of the Screen have changed. */
    void changed(TileParts changed) {
        version++;
        for (int tile = changed.next(0); tile >= 0; tile = changed.next(tile + 1)) {
            tiles[tile] = version;
        }
    }

    /**
     * The count when a part of the screen changed last, or something near it.
     *
     * @param area see {@link org.rdpmux.server.ScreenWait}
     */
    long of(Rect area) {
        if (area.isEmpty()) {
            return version;
        }
        TileGrid grid = screen.grid();
        if (!new Rect(0, 0, grid.width(), grid.height()).contains(area)) {
            return version;
        }
        BitSet touched = new BitSet();
        grid.mark(area, touched);
        long newest = 0;
        for (int tile = touched.nextSetBit(0); tile >= 0; tile = touched.nextSetBit(tile + 1)) {
            newest = Math.max(newest, tiles[tile]);
        }
        return newest;
    }
}
