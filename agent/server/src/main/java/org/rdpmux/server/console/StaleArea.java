// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.Move;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileParts;

/**
 * Which tiles of the screen, or which parts of them, one client does not have as they are. While the client takes nothing
 * the area grows, never a queue. Moves that the client can make itself wait beside it.
 *
 * <p>INVARIANT: outside the stale tiles the client shows the screen once it has made the waiting moves, one after the other.
 * So where a move's source is stale, its destination is; a move that is of little use for that reason is dropped. Used by
 * one thread.
 */
final class StaleArea {

    /** Moves that may wait: a client that is further behind is better served with pixels. */
    static final int MAX_MOVES = 8;

    private final TileGrid grid;
    private final boolean takesMoves;
    private final TileParts stale;
    private final List<Move> moves = new ArrayList<>();

    /** Tiles that the client has not been sent since it began to show this screen. */
    private final BitSet unseen = new BitSet();

    /** Tiles that the client shows with a loss. */
    private final BitSet coarse = new BitSet();

    /** Where the next batch begins, so that no tile starves. */
    private int cursor;

    /** All of a screen is stale. @param takesMoves whether the client can move pixels */
    StaleArea(TileGrid grid, boolean takesMoves) {
        this.grid = grid;
        this.takesMoves = takesMoves;
        this.stale = new TileParts(grid);
        unseen.set(0, grid.count());
        stale.addWhole(unseen);
    }

    TileGrid grid() {
        return grid;
    }

    /** Whether it has all, though some of it with a loss. */
    boolean isEmpty() {
        return stale.isEmpty() && moves.isEmpty();
    }

    /** Number of stale tiles. */
    int tiles() {
        return stale.count();
    }

    /** Whether the client has been sent a whole picture. */
    boolean isSeen() {
        return unseen.isEmpty();
    }

    /** The screen has changed. */
    void add(ScreenChange change) {
        if (change.moves().isEmpty() || !takesMoves) {
            stale.add(change.changed());
            return;
        }
        BitSet notMoved = new BitSet();
        List<Move> kept = new ArrayList<>();
        for (Move move : change.moves()) {
            BitSet to = new BitSet();
            grid.mark(move.to(), to);
            BitSet lost = moves.size() + kept.size() < MAX_MOVES ? withStaleSource(move, to) : to;
            if (2 * lost.cardinality() < to.cardinality()) {
                kept.add(move);
                notMoved.or(lost);
                carryLoss(move, to);
            } else {
                notMoved.or(to);
            }
        }
        moves.addAll(kept);
        stale.add(change.afterMoves());
        stale.addWhole(notMoved);
    }

    /** Pixels with a loss have them wherever they are moved. */
    private void carryLoss(Move move, BitSet to) {
        if (!coarse.isEmpty()) {
            BitSet source = new BitSet();
            grid.mark(move.from(), source);
            if (source.intersects(coarse)) {
                coarse.or(to);
            }
        }
    }

    /** What no longer moves and has a loss is stale: the client is owed it exactly. */
    void refine(BitSet moving) {
        if (!coarse.isEmpty()) {
            BitSet rests = (BitSet) coarse.clone();
            rests.andNot(moving);
            stale.addWhole(rests);
            coarse.and(moving);
        }
    }

    /** The client asks for an area again. What it shows there is unknown, so moves that wait are worth nothing. */
    void add(Rect area) {
        BitSet lost = new BitSet();
        moves.forEach(move -> grid.mark(move.to(), lost));
        moves.clear();
        grid.mark(area, lost);
        stale.addWhole(lost);
    }

    /** Those tiles of a move's destination that the client would not get right by it. */
    private BitSet withStaleSource(Move move, BitSet to) {
        BitSet lost = new BitSet();
        BitSet source = new BitSet();
        for (int tile = to.nextSetBit(0); tile >= 0; tile = to.nextSetBit(tile + 1)) {
            Rect part = grid.rect(tile).intersection(move.to());
            source.clear();
            grid.mark(new Rect(part.x() - move.dx(), part.y() - move.dy(), part.width(), part.height()), source);
            lost.set(tile, source.intersects(stale.tiles()));
        }
        return lost;
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
        int tile = stale.next(from);
        if (tile < 0 && !wrapped) {
            tile = stale.next(0);
            wrapped = true;
        }
        return tile >= 0 && wrapped && tile >= cursor ? -1 : tile;
    }

    /** The part of a tile that is stale; see {@link TileParts}. */
    int part(int tile) {
        return stale.part(tile);
    }

    /**
     * The client has been sent a tile.
     *
     * @param current whether with the newest pixels of all that is stale of it
     * @param part that it was sent, which may be more than was stale
     * @param loss whether with a loss
     */
    void sent(int tile, boolean current, int part, boolean loss) {
        unseen.clear(tile);
        cursor = tile + 1;
        if (loss) {
            coarse.set(tile);
        } else if (part == TileParts.WHOLE) {
            coarse.clear(tile);
        }
        if (current) {
            stale.remove(tile);
        } else {
            stale.add(tile, part); // pixels from before a move may have gone over what the move brought
        }
    }
}
