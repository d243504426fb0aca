// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.function.BooleanSupplier;
import org.rdpmux.display.PixelBudget;

/**
 * Memory for the frames of a console's Screens, one after the other. A guest that changes its mode again and again keeps what
 * it has. Used by one thread; the pixels may be read by others.
 */
public final class FrameMemory implements AutoCloseable {

    /** Two frames, and a row of tiles. */
    private static final int PARTS = 3;

    static final int ROW = 2;

    private final PixelBudget budget;
    private final BooleanSupplier isRead;
    private final PixelBudget.Share[] shares = new PixelBudget.Share[PARTS];
    private final int[][] pixels = new int[PARTS][];
    /** By part: whether an earlier Screen had it. */
    private final boolean[] used = new boolean[PARTS];

    private TileGrid grid;

    /** @param isRead whether encoders still read pixels of an earlier Screen: then they are left alone */
    public FrameMemory(PixelBudget budget, BooleanSupplier isRead) {
        this.budget = budget;
        this.isRead = isRead;
    }

    /**
     * The next Screen has this size; the one before is not ticked again.
     *
     * @param again whether the size has changed a moment ago, too: then memory is kept even if it is much too large
     * @throws org.rdpmux.display.PixelsUnavailableException if the budget has no room for the first frame
     */
    public void resize(TileGrid newGrid, boolean again) {
        grid = newGrid;
        for (int part = 0; part < PARTS; part++) {
            boolean fits = pixels[part] != null && pixels[part].length >= size(part);
            if (!fits || !again && pixels[part].length / 2 > size(part)) {
                drop(part);
            }
            used[part] = pixels[part] != null;
        }
        reserve(0);
    }

    /** True while the present Screen would have to leave what there is alone, which ends with the last of those readers. */
    public boolean isRead() {
        return (used[0] || used[1]) && isRead.getAsBoolean();
    }

    /**
     * One part's memory, at least as large as it has to be. Its content is anything of this console.
     *
     * @throws org.rdpmux.display.PixelsUnavailableException if there is none
     */
    int[] take(int part) {
        if (part != ROW && isRead()) {
            drop(part);
        }
        used[part] = false;
        if (pixels[part] == null) {
            reserve(part);
            pixels[part] = shares[part].allocate();
        }
        return pixels[part];
    }

    private void reserve(int part) {
        if (shares[part] == null) {
            shares[part] = budget.reserve(grid.width(), height(part));
        }
    }

    private int size(int part) {
        return grid.width() * height(part);
    }

    private int height(int part) {
        return part == ROW ? Math.min(grid.height(), TileGrid.SIDE) : grid.height();
    }

    private void drop(int part) {
        pixels[part] = null;
        used[part] = false;
        if (shares[part] != null) {
            shares[part].close();
            shares[part] = null;
        }
    }

    /** Lets all go: nobody looks at the Screen any more. It can be used again with {@link #resize}. */
    @Override
    public void close() {
        for (int part = 0; part < PARTS; part++) {
            drop(part);
        }
    }
}
