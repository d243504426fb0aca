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
 * one thread. Many of its fields are sets of tiles, and where each was served last.
 */
final class StaleArea {

    /** Moves that may wait: a client that is further behind is better served with pixels. */
    static final int MAX_MOVES = 8;

    private static final BitSet NONE = new BitSet();

    /** One in so many batches begins with a tile that has a loss and rests: what else changes must not starve it. */
    private static final int RESTING_SHARE = 8;

    private final TileGrid grid;
    private final boolean takesMoves;
    private final TileParts stale;
    private final List<Move> moves = new ArrayList<>();

    /** Tiles that the client has not been sent since it began to show this screen. */
    private final BitSet unseen = new BitSet();

    /** Tiles that the client shows with a loss. */
    private final BitSet coarse = new BitSet();

    /** Of these, those that do not move any more: they are owed exactly, once the rest is there. */
    private final BitSet resting = new BitSet();

    private final BitSet picked = new BitSet();
    private final int[] order;
    private int pickedCount;
    /** Where the next batch begins, so that no tile starves; of large parts, of small ones, and of what rests. */
    private int cursor;

    private int smallCursor;
    private int restingCursor;
    private int picks;

    /** All of a screen is stale. @param takesMoves whether the client can move pixels */
    StaleArea(TileGrid grid, boolean takesMoves) {
        this.grid = grid;
        this.takesMoves = takesMoves;
        this.stale = new TileParts(grid);
        this.order = new int[grid.count()];
        unseen.set(0, grid.count());
        stale.addWhole(unseen);
    }

    TileGrid grid() {
        return grid;
    }

    /** Whether it has all, but for what moves and has a loss. */
    boolean isEmpty() {
        return stale.isEmpty() && moves.isEmpty() && resting.isEmpty();
    }

    /** Number of stale tiles, not counting those that have a loss only. */
    int tiles() {
        return stale.count();
    }

    /** Number of these tiles that are stale: what a move brings is not. */
    int tilesOf(BitSet tiles) {
        int count = 0;
        for (int tile = stale.next(0); tile >= 0; tile = stale.next(tile + 1)) {
            count += tiles.get(tile) ? 1 : 0;
        }
        return count;
    }

    /** Number of tiles of which a large part is stale. @param without tiles that do not count, and more of these */
    int largeTiles(BitSet without, BitSet more) {
        int count = 0;
        for (int tile = stale.next(0); tile >= 0; tile = stale.next(tile + 1)) {
            count += isSmall(tile) || without.get(tile) || more.get(tile) ? 0 : 1;
        }
        return count;
    }

    /** The stale tiles; not to be changed. */
    BitSet stale() {
        return stale.tiles();
    }

    /** Tiles that the client shows with a loss, and that do not move any more; not to be changed. */
    BitSet resting() {
        return resting;
    }

    /** Whether the client shows a tile as it is. */
    boolean isExact(int tile) {
        return !isStale(tile) && !coarse.get(tile);
    }

    /** Whether the client has been sent a whole picture. */
    boolean isSeen() {
        return unseen.isEmpty();
    }

    /** Whether a large part of the screen is stale, or more than a batch takes of it. @param batch tiles of a batch */
    boolean lacksMuch(int batch) {
        int large = largeTiles(NONE, NONE);
        return 4 * large > grid.count() || large > batch;
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

    /** What no longer moves and has a loss is owed exactly. */
    void refine(BitSet moving) {
        resting.clear();
        resting.or(coarse);
        resting.andNot(moving);
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

    /**
     * Chooses tiles for a batch. What changed a little goes first, however much else there is: somebody typed it. What rests and
     * has a loss goes last, but for a tile now and then.
     *
     * @param first tiles that are chosen in any case, before all others
     * @param last likewise, after all others
     * @param most how many others may be chosen
     * @return how many were; {@link #picked} names them
     */
    int pick(BitSet first, BitSet last, int most) {
        picked.clear();
        picked.or(first);
        picked.or(last);
        int count = 0;
        for (int tile = first.nextSetBit(0); tile >= 0; tile = first.nextSetBit(tile + 1)) {
            order[count++] = tile;
        }
        int others = count + most;
        if (picks++ % RESTING_SHARE == 0) {
            count = pick(resting, restingCursor, false, count, count + 1);
        }
        count = pick(stale.tiles(), smallCursor, true, count, Math.max(count + 1, others - most / 2));
        count = pick(stale.tiles(), cursor, false, count, others);
        count = pick(resting, restingCursor, false, count, others);
        for (int tile = last.nextSetBit(0); tile >= 0; tile = last.nextSetBit(tile + 1)) {
            order[count++] = tile;
        }
        pickedCount = count;
        return count;
    }

    /** Chooses only of what changed a little, if something did. @return how many were chosen */
    int pickSmall(int most) {
        picked.clear();
        pickedCount = pick(stale.tiles(), smallCursor, true, 0, most);
        return pickedCount;
    }

    /** Whether some tile changed a little. */
    boolean hasSmall() {
        for (int tile = stale.next(0); tile >= 0; tile = stale.next(tile + 1)) {
            if (isSmall(tile)) {
                return true;
            }
        }
        return false;
    }

    /** Goes once round the tiles from one of them on. */
    private int pick(BitSet from, int first, boolean small, int already, int most) {
        int count = already;
        boolean wrapped = false;
        int tile = from.nextSetBit(first);
        while (count < most && !(wrapped && (tile < 0 || tile >= first))) {
            if (tile < 0) {
                wrapped = true;
                tile = from.nextSetBit(0);
                continue;
            }
            if (!picked.get(tile) && (!small || isSmall(tile))) {
                picked.set(tile);
                order[count++] = tile;
            }
            tile = from.nextSetBit(tile + 1);
        }
        return count;
    }

    /** How many tiles were chosen last. */
    int pickedCount() {
        return pickedCount;
    }

    /** One of the tiles chosen last, in the order in which they are to be sent. */
    int picked(int index) {
        return order[index];
    }

    /** What somebody types, and not the edge of a photo that moves, which the client shows with a loss. */
    boolean isSmall(int tile) {
        return TileParts.isLine(stale.part(tile)) && !coarse.get(tile);
    }

    /** Whether a tile is stale, and does not merely have a loss. */
    boolean isStale(int tile) {
        return stale.part(tile) != 0;
    }

    /** The part of a tile that is stale, or has a loss; see {@link TileParts}. */
    int part(int tile) {
        return isStale(tile) ? stale.part(tile) : TileParts.WHOLE;
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
        if (!isStale(tile)) {
            restingCursor = tile + 1;
        } else if (isSmall(tile)) {
            smallCursor = tile + 1;
        } else {
            cursor = tile + 1;
        }
        if (loss) {
            coarse.set(tile);
        } else if (part == TileParts.WHOLE) {
            coarse.clear(tile);
            resting.clear(tile);
        }
        if (current) {
            stale.remove(tile);
        } else {
            stale.add(tile, part); // pixels from before a move may have gone over what the move brought
        }
    }
}
