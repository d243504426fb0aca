// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * Finds out which of the reported moves explain what a tick changed. A move counts if fewer tiles are left to be sent with
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
            return new ScreenChange(List.of(), parts, changed, touched);
        }
        List<Move> moves = new ArrayList<>();
        BitSet left = (BitSet) changed.clone();
        for (Move hint : hints) {
            if (isApartFrom(moves, hint)) {
                BitSet without = without(left, hint);
                if (without.cardinality() < left.cardinality()) {
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
    private BitSet without(BitSet left, Move move) {
        BitSet result = (BitSet) left.clone();
        BitSet destination = new BitSet();
        grid.mark(move.to(), destination);
        for (int tile = destination.nextSetBit(0); tile >= 0; tile = destination.nextSetBit(tile + 1)) {
            result.set(tile, !isExplained(tile, move));
        }
        return result;
    }

    /** Whether a tile is what it was before, but for the pixels that the move brought. */
    private boolean isExplained(int tile, Move move) {
        Rect all = grid.rect(tile);
        Rect part = all.intersection(move.to());
        if (!frames.sameAsBefore(part, move.dx(), move.dy(), changed)) {
            return false;
        }
        if (!changed.get(tile)) {
            return true;
        }
        return unmoved(new Rect(all.x(), all.y(), all.width(), part.y() - all.y()))
                && unmoved(new Rect(all.x(), part.bottom(), all.width(), all.bottom() - part.bottom()))
                && unmoved(new Rect(all.x(), part.y(), part.x() - all.x(), part.height()))
                && unmoved(new Rect(part.right(), part.y(), all.right() - part.right(), part.height()));
    }

    private boolean unmoved(Rect area) {
        return area.isEmpty() || frames.sameAsBefore(area, 0, 0, changed);
    }
}
