// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Arrays;
import java.util.BitSet;
import org.rdpmux.display.Rect;

/**
 * A set of tiles, with the part of each that counts: a character that was typed is not a whole tile. Of each tile the part is
 * one rectangle, on a raster of {@value #RASTER} pixels, so that what different viewers lack is often the same. Used by one
 * thread.
 *
 * <p>A part is handed around as an {@code int}: its edges in steps of the raster, 0 for none.
 */
public final class TileParts {

    /** Pixels; what encoders cut their rows into. */
    private static final int RASTER = 8;

    private static final int STEPS = TileGrid.SIDE / RASTER;
    /** All of a tile. */
    public static final int WHOLE = packed(0, 0, STEPS, STEPS);

    private final TileGrid grid;
    private final BitSet tiles = new BitSet();
    private final int[] parts;

    public TileParts(TileGrid grid) {
        this.grid = grid;
        this.parts = new int[grid.count()];
    }

    private static int packed(int left, int top, int right, int bottom) {
        return left | top << 8 | right << 16 | bottom << 24;
    }

    /** Adds the part of a tile that a rectangle covers. */
    public void add(int tile, Rect area) {
        int x = grid.x(tile);
        int y = grid.y(tile);
        int left = Math.max(0, area.x() - x) / RASTER;
        int top = Math.max(0, area.y() - y) / RASTER;
        int right = step(area.right() - x, grid.width(tile));
        int bottom = step(area.bottom() - y, grid.height(tile));
        if (left < right && top < bottom) {
            add(tile, packed(left, top, right, bottom));
        }
    }

    /** An edge in steps; what reaches the end of a tile reaches it also where the tile is small. */
    private static int step(int edge, int size) {
        return edge >= size ? STEPS : (edge + RASTER - 1) / RASTER;
    }

    /** Adds a part of a tile. */
    public void add(int tile, int part) {
        if (part != 0) {
            parts[tile] = union(parts[tile], part);
            tiles.set(tile);
        }
    }

    public void add(TileParts others) {
        for (int tile = others.next(0); tile >= 0; tile = others.next(tile + 1)) {
            add(tile, others.parts[tile]);
        }
    }

    /** Adds tiles, each of them whole. */
    public void addWhole(BitSet whole) {
        for (int tile = whole.nextSetBit(0); tile >= 0; tile = whole.nextSetBit(tile + 1)) {
            parts[tile] = WHOLE;
        }
        tiles.or(whole);
    }

    /** The smallest part that has all of two, either of which may be 0. */
    static int union(int a, int b) {
        if (a == 0 || b == 0) {
            return a | b;
        }
        return packed(
                Math.min(a & 0xff, b & 0xff),
                Math.min(a >> 8 & 0xff, b >> 8 & 0xff),
                Math.max(a >> 16 & 0xff, b >> 16 & 0xff),
                Math.max(a >>> 24, b >>> 24));
    }

    /** Whether a part has all of another one. */
    public static boolean covers(int part, int other) {
        return other == 0 || part != 0 && union(part, other) == part;
    }

    /** Whether a part is at least a quarter of a tile. */
    static boolean isLarge(int part) {
        return 4 * steps(part) >= STEPS * STEPS;
    }

    /** Whether a part is a line of text across the tile at most, of 24 rows. */
    public static boolean isLine(int part) {
        return 8 * steps(part) <= 3 * STEPS * STEPS;
    }

    /** Whether a part is less than a sixteenth of a tile: a character or two. */
    static boolean isTiny(int part) {
        return 16 * steps(part) < STEPS * STEPS;
    }

    private static int steps(int part) {
        int width = (part >> 16 & 0xff) - (part & 0xff);
        int height = (part >>> 24) - (part >> 8 & 0xff);
        return width * height;
    }

    /** The part of a tile; 0 if the tile is not in the set. */
    public int part(int tile) {
        return parts[tile];
    }

    /** A part on the screen. */
    public static Rect area(TileGrid grid, int tile, int part) {
        int left = (part & 0xff) * RASTER;
        int top = (part >> 8 & 0xff) * RASTER;
        int right = Math.min(grid.width(tile), (part >> 16 & 0xff) * RASTER);
        int bottom = Math.min(grid.height(tile), (part >>> 24) * RASTER);
        return new Rect(grid.x(tile) + left, grid.y(tile) + top, right - left, bottom - top);
    }

    /** Pixels of all parts. */
    int pixels() {
        int sum = 0;
        for (int tile = next(0); tile >= 0; tile = next(tile + 1)) {
            Rect area = area(grid, tile, parts[tile]);
            sum += area.width() * area.height();
        }
        return sum;
    }

    /** Another set with the same parts. */
    TileParts copy() {
        TileParts copy = new TileParts(grid);
        copy.add(this);
        return copy;
    }

    public void remove(int tile) {
        tiles.clear(tile);
        parts[tile] = 0;
    }

    public void clear() {
        tiles.clear();
        Arrays.fill(parts, 0);
    }

    public boolean isEmpty() {
        return tiles.isEmpty();
    }

    /** Number of tiles. */
    public int count() {
        return tiles.cardinality();
    }

    /** The first tile of the set from this one on; -1 if there is none. */
    public int next(int tile) {
        return tiles.nextSetBit(tile);
    }

    /** The tiles; not to be changed. */
    public BitSet tiles() {
        return tiles;
    }
}
