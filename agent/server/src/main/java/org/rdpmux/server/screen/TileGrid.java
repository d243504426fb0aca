// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * A screen cut into square tiles, numbered row by row from the top left. Tiles at the right and bottom edge may be
 * smaller.
 *
 * @param width of the screen in pixels, 1 or more
 * @param height likewise
 */
public record TileGrid(int width, int height) {

    /** Side of a tile in pixels: what RemoteFX and its successors use as well. */
    public static final int SIDE = 64;

    private static final int SHIFT = 6;

    public TileGrid {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("screen of " + width + "x" + height);
        }
    }

    public int columns() {
        return (width + SIDE - 1) >> SHIFT;
    }

    public int rows() {
        return (height + SIDE - 1) >> SHIFT;
    }

    /** Number of tiles. */
    public int count() {
        return columns() * rows();
    }

    /** Left edge of a tile in pixels. */
    public int x(int tile) {
        return tile % columns() << SHIFT;
    }

    /** Top edge of a tile in pixels. */
    public int y(int tile) {
        return tile / columns() << SHIFT;
    }

    public int width(int tile) {
        return Math.min(SIDE, width - x(tile));
    }

    public int height(int tile) {
        return Math.min(SIDE, height - y(tile));
    }

    /** A tile's pixels. */
    public Rect rect(int tile) {
        return new Rect(x(tile), y(tile), width(tile), height(tile));
    }

    /** The tile that has a pixel of the screen. */
    public int tileAt(int x, int y) {
        return (y >> SHIFT) * columns() + (x >> SHIFT);
    }

    /** Rectangles that have all pixels of some tiles and no others, each once; as few as rows of equal extent can be joined. */
    public List<Rect> rectangles(BitSet tiles) {
        List<Rect> done = new ArrayList<>();
        List<Rect> above = List.of();
        for (int row = 0; row < rows(); row++) {
            List<Rect> runs = new ArrayList<>();
            int end = (row + 1) * columns();
            for (int tile = tiles.nextSetBit(row * columns()); tile >= 0 && tile < end; ) {
                int next = Math.min(end, tiles.nextClearBit(tile));
                Rect last = rect(next - 1);
                runs.add(joined(above, x(tile), y(tile), last.right() - x(tile), last.height()));
                tile = tiles.nextSetBit(next);
            }
            for (Rect rect : above) {
                if (runs.stream().noneMatch(run -> run.x() == rect.x() && run.y() == rect.y())) {
                    done.add(rect);
                }
            }
            above = runs;
        }
        done.addAll(above);
        return done;
    }

    /** A row's run, together with the one of equal extent that ends above it, if there is one. */
    private static Rect joined(List<Rect> above, int x, int y, int width, int height) {
        for (Rect rect : above) {
            if (rect.x() == x && rect.width() == width) {
                return new Rect(x, rect.y(), width, rect.height() + height);
            }
        }
        return new Rect(x, y, width, height);
    }

    /** The tiles that a rectangle inside the screen touches, as one rectangle. */
    Rect cover(Rect rect) {
        int left = rect.x() & -SIDE;
        int top = rect.y() & -SIDE;
        return new Rect(
                left, top, ((rect.right() + SIDE - 1) & -SIDE) - left, ((rect.bottom() + SIDE - 1) & -SIDE) - top);
    }

    /** Index of a tile's first pixel in an array of the whole screen. */
    public int offset(int tile) {
        return y(tile) * width + x(tile);
    }

    /** Adds the tiles that a rectangle touches; what is outside the screen touches none. */
    public void mark(Rect rect, BitSet tiles) {
        Rect inside = rect.intersection(new Rect(0, 0, width, height));
        if (inside.isEmpty()) {
            return;
        }
        int first = inside.x() >> SHIFT;
        int last = (inside.right() - 1) >> SHIFT;
        int bottom = (inside.bottom() - 1) >> SHIFT;
        for (int row = inside.y() >> SHIFT; row <= bottom; row++) {
            tiles.set(row * columns() + first, row * columns() + last + 1);
        }
    }
}
