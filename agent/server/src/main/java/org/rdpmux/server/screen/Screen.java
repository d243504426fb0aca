// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Arrays;
import java.util.BitSet;
import org.rdpmux.codec.Tiles;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;

/**
 * What the guest shows, held still: a copy of its pixels, the damage that was reported since the copy was made, and the
 * clock that says when to copy again. Passive; used by one thread, but {@link #pixels} may be read by others as long as
 * nobody calls {@link #tick}.
 */
public final class Screen {

    /** A deadline that does not come. */
    public static final long NEVER = Long.MAX_VALUE;

    /**
     * How long the first damage after a pause waits for the rest of its update: a keystroke's echo is not held back for a
     * frame, and an update that comes as several rectangles is still one frame.
     */
    public static final long EARLY_NANOS = 2_000_000;

    /** The colour of a screen that nothing is known of yet. */
    public static final int DARK = 0x202020;

    private final TileGrid grid;
    private final long intervalNanos;
    private final int[] pixels;
    private final int[] versions;
    private final Region damage = new Region();
    private final BitSet touched = new BitSet();
    private final BitSet changed = new BitSet();
    private final int[] fresh;
    private long damagedAt;
    private long lastTick;
    private boolean ticked;

    /** @param intervalNanos shortest time between two ticks */
    public Screen(int width, int height, long intervalNanos) {
        this.grid = new TileGrid(width, height);
        this.intervalNanos = intervalNanos;
        this.pixels = new int[Math.multiplyExact(width, height)];
        this.versions = new int[grid.count()];
        this.fresh = new int[width * TileGrid.SIDE];
        Arrays.fill(pixels, DARK);
        Arrays.fill(versions, 1);
    }

    public TileGrid grid() {
        return grid;
    }

    /** The snapshot, {@code 0x00RRGGBB} row by row without gaps; only {@link #tick} changes it. */
    public int[] pixels() {
        return pixels;
    }

    /** Changes whenever the tile's pixels in the snapshot do; never 0. */
    public int version(int tile) {
        return versions[tile];
    }

    /** Notes that pixels of the framebuffer may have changed; what is outside the screen is ignored. */
    public void damaged(Rect area, long now) {
        Rect inside = area.intersection(new Rect(0, 0, grid.width(), grid.height()));
        if (!inside.isEmpty()) {
            if (damage.isEmpty()) {
                damagedAt = now;
            }
            damage.add(inside);
        }
    }

    /** When {@link #tick} is to be called: soon after the first damage, but not before the frame interval is over. */
    public long nextDeadline() {
        if (damage.isEmpty()) {
            return NEVER;
        }
        long early = damagedAt + EARLY_NANOS;
        return ticked ? Math.max(early, lastTick + intervalNanos) : early;
    }

    /**
     * Copies what was damaged and finds the tiles that differ from before.
     *
     * @param framebuffer of this screen's size
     * @return those tiles; valid until the next call
     */
    public BitSet tick(Framebuffer framebuffer, long now) {
        if (framebuffer.width() != grid.width() || framebuffer.height() != grid.height()) {
            throw new IllegalArgumentException("framebuffer of " + framebuffer.width() + "x" + framebuffer.height()
                    + " for a screen of " + grid.width() + "x" + grid.height());
        }
        lastTick = now;
        ticked = true;
        touched.clear();
        changed.clear();
        for (int i = 0; i < damage.count(); i++) {
            update(framebuffer, damage.get(i));
        }
        damage.clear();
        for (int tile = changed.nextSetBit(0); tile >= 0; tile = changed.nextSetBit(tile + 1)) {
            if (++versions[tile] == 0) {
                versions[tile] = 1;
            }
        }
        return changed;
    }

    /** Tiles that the last tick looked at, whether they had changed or not. */
    public int lastTouched() {
        return touched.cardinality();
    }

    /** Row of tiles by row of tiles, each read in one go: memory is fast in long stretches. */
    private void update(Framebuffer framebuffer, Rect area) {
        int bottom = (area.bottom() - 1) / TileGrid.SIDE;
        for (int row = area.y() / TileGrid.SIDE; row <= bottom; row++) {
            int top = Math.max(area.y(), row * TileGrid.SIDE);
            int height = Math.min(area.bottom(), (row + 1) * TileGrid.SIDE) - top;
            Rect band = new Rect(area.x(), top, area.width(), height);
            boolean read = framebuffer.read(band, fresh, 0, area.width());
            int last = (area.right() - 1) / TileGrid.SIDE;
            for (int column = area.x() / TileGrid.SIDE; column <= last; column++) {
                int tile = row * grid.columns() + column;
                touched.set(tile);
                if (read && store(band, column)) {
                    changed.set(tile);
                }
            }
        }
    }

    /** Takes one tile's part of what was read over. */
    private boolean store(Rect band, int column) {
        int left = Math.max(band.x(), column * TileGrid.SIDE);
        int width = Math.min(band.right(), (column + 1) * TileGrid.SIDE) - left;
        int offset = band.y() * grid.width() + left;
        return Tiles.update(fresh, left - band.x(), band.width(), pixels, offset, grid.width(), width, band.height());
    }
}
