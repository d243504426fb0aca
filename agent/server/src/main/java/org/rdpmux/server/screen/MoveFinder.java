// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * Finds out which of the reported moves explain what a tick changed. A move counts if fewer pixels are left to be sent with
 * it than without; that is decided by comparing pixels, so a wrong hint costs time and nothing else. Made anew for each tick.
 */
final class MoveFinder {

    private final TileGrid grid;
    private final Frames frames;
    private final TileParts parts;
    private final BitSet changed;

    /** @param parts what the tick changed */
    MoveFinder(TileGrid grid, Frames frames, TileParts parts) {
        this.grid = grid;
        this.frames = frames;
        this.parts = parts;
        this.changed = parts.tiles();
    }

    /** @param look false if nobody wants to know of moves */
    ScreenChange explain(List<Move> hints, boolean look, int touched) {
        if (!look || changed.isEmpty()) {
            return new ScreenChange(List.of(), parts, parts, touched);
        }
        List<Move> moves = new ArrayList<>();
        TileParts left = parts;
        for (Move hint : hints) {
            if (isApartFrom(moves, hint)) {
                TileParts without = without(left, hint);
                if (without.pixels() < left.pixels()) {
                    moves.add(hint);
                    left = without;
                }
            }
        }
        return new ScreenChange(List.copyOf(moves), parts, left, touched);
    }

    /** Whether it neither reads nor writes what another one writes, nor shares a tile of its destination. */
    private boolean isApartFrom(List<Move> others, Move move) {
        for (Move other : others) {
            if (other.to().intersects(move.from()) || grid.cover(other.to()).intersects(grid.cover(move.to()))) {
                return false;
            }
        }
        return true;
    }

    /** What is left to be sent if this move is made, too. */
    private TileParts without(TileParts left, Move move) {
        TileParts result = left.copy();
        BitSet destination = new BitSet();
        grid.mark(move.to(), destination);
        for (int tile = destination.nextSetBit(0); tile >= 0; tile = destination.nextSetBit(tile + 1)) {
            explain(tile, move, result);
        }
        return result;
    }

    /** Leaves of a tile what the move does not bring: all that changed, or what changed beside the move's destination. */
    private void explain(int tile, Move move, TileParts result) {
        Rect all = grid.rect(tile);
        Rect part = all.intersection(move.to());
        if (!frames.sameAsBefore(part, move.dx(), move.dy(), changed)) {
            result.add(tile, part);
            return;
        }
        if (!changed.get(tile)) {
            return;
        }
        Rect differs = TileParts.area(grid, tile, parts.part(tile));
        result.remove(tile);
        leave(tile, new Rect(all.x(), all.y(), all.width(), part.y() - all.y()), differs, result);
        leave(tile, new Rect(all.x(), part.bottom(), all.width(), all.bottom() - part.bottom()), differs, result);
        leave(tile, new Rect(all.x(), part.y(), part.x() - all.x(), part.height()), differs, result);
        leave(tile, new Rect(part.right(), part.y(), all.right() - part.right(), part.height()), differs, result);
    }

    private void leave(int tile, Rect beside, Rect differs, TileParts result) {
        Rect area = beside.intersection(differs);
        if (!area.isEmpty() && !frames.sameAsBefore(area, 0, 0, changed)) {
            result.add(tile, area);
        }
    }
}
