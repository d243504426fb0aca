// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.Move;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.TileGrid;

/**
 * Which tiles of the screen one client does not have as they are. While the client takes nothing the area grows, never a
 * queue. Moves that the client can make itself wait beside it.
 *
 * <p>INVARIANT: outside the stale tiles the client shows the screen once it has made the waiting moves, one after the other.
 * So a move is only kept if its source is not stale: otherwise the destination is. Used by one thread.
 */
final class StaleArea {

    /** Moves that may wait: a client that is further behind is better served with pixels. */
    static final int MAX_MOVES = 8;

    private final TileGrid grid;
    private final boolean takesMoves;
    private final BitSet stale = new BitSet();
    private final List<Move> moves = new ArrayList<>();

    /** Tiles that the client has not been sent since it began to show this screen. */
    private final BitSet unseen = new BitSet();

    /** Where the next batch begins, so that no tile starves. */
    private int cursor;

    /** All of a screen is stale. @param takesMoves whether the client can move pixels */
    StaleArea(TileGrid grid, boolean takesMoves) {
        this.grid = grid;
        this.takesMoves = takesMoves;
        stale.set(0, grid.count());
        unseen.set(0, grid.count());
    }

    TileGrid grid() {
        return grid;
    }

    boolean isEmpty() {
        return stale.isEmpty() && moves.isEmpty();
    }

    /** Number of stale tiles. */
    int tiles() {
        return stale.cardinality();
    }

    /** Whether the client has been sent a whole picture. */
    boolean isSeen() {
        return unseen.isEmpty();
    }

    /** The screen has changed. */
    void add(ScreenChange change) {
        if (change.moves().isEmpty() || !takesMoves) {
            stale.or(change.changed());
            return;
        }
        BitSet notMoved = new BitSet();
        List<Move> kept = new ArrayList<>();
        for (Move move : change.moves()) {
            if (moves.size() + kept.size() < MAX_MOVES && !isStale(move.from())) {
                kept.add(move);
            } else {
                grid.mark(move.to(), notMoved);
            }
        }
        moves.addAll(kept);
        stale.or(change.afterMoves());
        stale.or(notMoved);
    }

    /** The client asks for an area again. What it shows there is unknown, so moves that wait are worth nothing. */
    void add(Rect area) {
        moves.forEach(move -> grid.mark(move.to(), stale));
        moves.clear();
        grid.mark(area, stale);
    }

    private boolean isStale(Rect area) {
        BitSet tiles = new BitSet();
        grid.mark(area, tiles);
        return tiles.intersects(stale);
    }

    /** Moves that wait; they go out before any tile. */
    List<Move> moves() {
        return moves;
    }

    /** The client has been sent the moves. */
    void movesSent() {
        moves.clear();
    }

    /** The next stale tile behind the cursor, where {@code after} is the one before it, or -1; -1 if all were named. */
    int next(int after) {
        int from = after < 0 ? cursor : after + 1;
        boolean wrapped = after >= 0 && after < cursor;
        int tile = stale.nextSetBit(from);
        if (tile < 0 && !wrapped) {
            tile = stale.nextSetBit(0);
            wrapped = true;
        }
        return tile >= 0 && wrapped && tile >= cursor ? -1 : tile;
    }

    /** The client has been sent a tile. @param current whether with its newest pixels */
    void sent(int tile, boolean current) {
        unseen.clear(tile);
        cursor = tile + 1;
        if (current) {
            stale.clear(tile);
        }
    }
}
