// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * Looks for pixels that a tick moved, where the display did not say so: a scrolled page, a dragged window. Some short runs of
 * pixels that the tick brought are looked up in the screen as it was before; distances that many of them agree on become hints
 * for {@link MoveFinder}, which compares all pixels.
 *
 * <p>What moves goes on as it did, mostly: the last distance is tried first, which costs a comparison. Otherwise one pass over
 * the changed area, about a nanosecond and a half for a pixel; where runs are many, over every fourth row of it, and over the
 * others only if too few were found. Where nothing was found it pauses for some ticks, more with each failure: a film costs
 * little. Used by one thread; has many fields, which are scratch memory.
 */
final class MotionSearch {

    /** Changed tiles below which a search is not worth its while: the tiles are sent. */
    static final int LEAST_TILES = 6;

    /** Pixels of a run that is looked up. Shorter ones occur by chance, longer ones do not fit small windows. */
    private static final int RUN = 32;

    /** Runs that are looked up at most. */
    private static final int MAX_RUNS = 64;

    /** Places at which one run may be found; what stands everywhere says nothing of where it went. */
    private static final int MAX_PLACES = 16;

    /** Runs that must agree. */
    private static final int LEAST_VOTES = 4;

    /** With so many runs, those that stand on one in {@value #ROWS} rows may do. */
    private static final int MANY_RUNS = 32;

    private static final int ROWS = 4;

    private static final int MAX_MOVES = 2;

    /** Most ticks between two searches that find nothing. */
    private static final int LONGEST_PAUSE = 32;

    private static final int MULTIPLIER = 0x01000193;
    private static final int SLOTS = 4096;

    private final TileGrid grid;
    private final Rect bounds;
    private final int[] line;
    /** MULTIPLIER to the power of RUN. */
    private final int leaving;

    private final int[] runHash = new int[MAX_RUNS];
    private final int[] runX = new int[MAX_RUNS];
    private final int[] runY = new int[MAX_RUNS];
    private final int[] runPlaces = new int[MAX_RUNS];
    private final byte[] slots = new byte[SLOTS];
    private final Votes votes = new Votes();
    private int runs;
    private int failures;
    private int pause;
    /** The first of those found last; null if none were. */
    private Move latest;

    MotionSearch(TileGrid grid) {
        this.grid = grid;
        this.bounds = new Rect(0, 0, grid.width(), grid.height());
        this.line = new int[grid.width()];
        int power = 1;
        for (int i = 0; i < RUN; i++) {
            power *= MULTIPLIER;
        }
        this.leaving = power;
    }

    /** Whether a tick that looks at this many tiles is to keep what was before, for {@link #search}. */
    boolean isDue(int tiles) {
        if (tiles < LEAST_TILES) {
            return false;
        }
        if (pause > 0) {
            pause--;
            return false;
        }
        return true;
    }

    /** Moves that would explain much of what changed. @param changed what the tick changed, all of it kept as it was before */
    List<Move> search(Frames frames, BitSet changed) {
        if (changed.cardinality() < LEAST_TILES) {
            return List.of();
        }
        if (latest != null) {
            Move again = follow(frames, changed, latest.dx(), latest.dy());
            if (explainsMost(again, changed)) {
                failures = 0;
                return List.of(again);
            }
        }
        votes.clear();
        chooseRuns(frames, changed);
        if (runs >= LEAST_VOTES) {
            lookUp(frames, changed, cover(changed));
        }
        List<Move> found = new ArrayList<>();
        for (int i = 0; i < MAX_MOVES && votes.next(LEAST_VOTES); i++) {
            Move move = follow(frames, changed, votes.dx(), votes.dy());
            if (!move.to().isEmpty()) {
                found.add(move);
            }
        }
        latest = found.isEmpty() ? null : found.get(0);
        failures = found.isEmpty() ? Math.min(failures + 1, LONGEST_PAUSE) : 0;
        pause = failures;
        return found;
    }

    /** How far a move by this distance reaches; nowhere, perhaps. */
    private Move follow(Frames frames, BitSet changed, int dx, int dy) {
        return new Move(extent(frames, changed, dx, dy), dx, dy);
    }

    /** Whether a move leaves too little for it to be worth while to look for another one. */
    private boolean explainsMost(Move move, BitSet changed) {
        if (move.to().isEmpty()) {
            return false;
        }
        BitSet to = new BitSet();
        grid.mark(move.to(), to);
        to.and(changed);
        return 4 * to.cardinality() >= 3 * changed.cardinality();
    }

    // ---- runs of the new pixels ----

    private void chooseRuns(Frames frames, BitSet changed) {
        runs = 0;
        Arrays.fill(slots, (byte) 0);
        int step = Math.max(1, changed.cardinality() / MAX_RUNS);
        int skip = 0;
        for (int tile = changed.nextSetBit(0); tile >= 0 && runs < MAX_RUNS; tile = changed.nextSetBit(tile + 1)) {
            if (skip-- > 0 || grid.width(tile) < RUN) {
                continue;
            }
            skip = step - 1;
            chooseRun(frames.now(tile), tile);
        }
    }

    /** The first run of a tile, seen from about its middle down, that is not all one colour; they begin on different rows. */
    private void chooseRun(int[] pixels, int tile) {
        int x = grid.x(tile) + (grid.width(tile) - RUN) / 2;
        for (int i = 0; i < grid.height(tile); i += 5) {
            int y = grid.y(tile) + (grid.height(tile) / 2 + runs % ROWS + i) % grid.height(tile);
            int at = y * grid.width() + x;
            if (isPatterned(pixels, at)) {
                int hash = 0;
                for (int k = 0; k < RUN; k++) {
                    hash = hash * MULTIPLIER + pixels[at + k];
                }
                int slot = slot(hash);
                if (slots[slot] == 0) {
                    runHash[runs] = hash;
                    runX[runs] = x;
                    runY[runs] = y;
                    runPlaces[runs] = 0;
                    slots[slot] = (byte) ++runs;
                }
                return;
            }
        }
    }

    private static boolean isPatterned(int[] pixels, int at) {
        int changes = 0;
        for (int k = 1; k < RUN; k++) {
            changes += pixels[at + k] != pixels[at + k - 1] ? 1 : 0;
        }
        return changes > 3;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 15) & SLOTS - 1;
    }

    // ---- where they were before ----

    private Rect cover(BitSet changed) {
        int left = grid.width();
        int right = 0;
        for (int tile = changed.nextSetBit(0); tile >= 0; tile = changed.nextSetBit(tile + 1)) {
            left = Math.min(left, grid.x(tile));
            right = Math.max(right, grid.x(tile) + grid.width(tile));
        }
        int top = grid.y(changed.nextSetBit(0));
        int last = changed.length() - 1;
        return new Rect(left, top, right - left, grid.y(last) + grid.height(last) - top);
    }

    private void lookUp(Frames frames, BitSet changed, Rect area) {
        int step = runs >= MANY_RUNS ? ROWS : 1;
        for (int first = 0; first < step && !votes.has(LEAST_VOTES); first++) {
            lookUp(frames, changed, area, first, step);
        }
    }

    /** Looks up one in so many rows. */
    private void lookUp(Frames frames, BitSet changed, Rect area, int first, int step) {
        for (int y = area.y() + first; y < area.bottom(); y += step) {
            for (int x = area.x(); x < area.right(); x += TileGrid.SIDE) {
                int tile = grid.tileAt(x, y);
                int[] before = frames.before(tile, changed);
                if (before == null) {
                    Arrays.fill(line, x, x + grid.width(tile), 0); // lost: an encoder had both frames
                } else {
                    System.arraycopy(before, y * grid.width() + x, line, x, grid.width(tile));
                }
            }
            lookUp(area.x(), area.right(), y);
        }
    }

    private void lookUp(int from, int to, int y) {
        int hash = 0;
        for (int x = from; x < from + RUN; x++) {
            hash = hash * MULTIPLIER + line[x];
        }
        int x = from;
        while (true) {
            int run = slots[slot(hash)];
            if (run != 0 && runHash[run - 1] == hash) {
                seen(run - 1, x, y);
            }
            if (x + RUN >= to) {
                return;
            }
            hash = hash * MULTIPLIER + line[x + RUN] - line[x] * leaving;
            x++;
        }
    }

    private void seen(int run, int x, int y) {
        if (runPlaces[run]++ < MAX_PLACES && (x != runX[run] || y != runY[run])) {
            votes.add(runX[run] - x, runY[run] - y);
        }
    }

    // ---- how far a move reaches ----

    /** The area of changed tiles side by side that the move explains, and the lines around it that it explains, too. */
    private Rect extent(Frames frames, BitSet changed, int dx, int dy) {
        BitSet explained = new BitSet();
        for (int tile = changed.nextSetBit(0); tile >= 0; tile = changed.nextSetBit(tile + 1)) {
            explained.set(tile, isMoved(frames, changed, grid.rect(tile), dx, dy));
        }
        Rect area = Rect.EMPTY;
        int most = 0;
        while (!explained.isEmpty()) {
            BitSet part = takeConnected(explained);
            if (part.cardinality() > most) {
                most = part.cardinality();
                area = cover(part);
            }
        }
        return most == 0 ? Rect.EMPTY : grow(frames, changed, area, dx, dy);
    }

    private boolean isMoved(Frames frames, BitSet changed, Rect to, int dx, int dy) {
        return new Move(to, dx, dy).within(bounds).to().equals(to) && frames.sameAsBefore(to, dx, dy, changed);
    }

    /** Takes tiles that touch each other out of a set. */
    private BitSet takeConnected(BitSet tiles) {
        BitSet part = new BitSet();
        BitSet next = new BitSet();
        next.set(tiles.nextSetBit(0));
        int columns = grid.columns();
        while (!next.isEmpty()) {
            int tile = next.nextSetBit(0);
            next.clear(tile);
            tiles.clear(tile);
            part.set(tile);
            int column = tile % columns;
            for (int neighbour : new int[] {
                column > 0 ? tile - 1 : -1, column < columns - 1 ? tile + 1 : -1, tile - columns, tile + columns
            }) {
                if (neighbour >= 0 && tiles.get(neighbour)) {
                    next.set(neighbour);
                }
            }
        }
        return part;
    }

    private Rect grow(Frames frames, BitSet changed, Rect area, int dx, int dy) {
        Rect all = area;
        for (int i = 0; i < TileGrid.SIDE; i++) {
            Rect before = all;
            all = extend(frames, changed, all, new Rect(all.x(), all.y() - 1, all.width(), 1), dx, dy);
            all = extend(frames, changed, all, new Rect(all.x(), all.bottom(), all.width(), 1), dx, dy);
            all = extend(frames, changed, all, new Rect(all.x() - 1, all.y(), 1, all.height()), dx, dy);
            all = extend(frames, changed, all, new Rect(all.right(), all.y(), 1, all.height()), dx, dy);
            if (all.equals(before)) {
                break;
            }
        }
        return all;
    }

    private Rect extend(Frames frames, BitSet changed, Rect area, Rect line, int dx, int dy) {
        if (!bounds.contains(line) || !isMovedAcrossTiles(frames, changed, line, dx, dy)) {
            return area;
        }
        int left = Math.min(area.x(), line.x());
        int top = Math.min(area.y(), line.y());
        return new Rect(
                left, top, Math.max(area.right(), line.right()) - left, Math.max(area.bottom(), line.bottom()) - top);
    }

    /** Likewise for an area in several tiles. */
    private boolean isMovedAcrossTiles(Frames frames, BitSet changed, Rect area, int dx, int dy) {
        for (int y = area.y(); y < area.bottom(); y = (y / TileGrid.SIDE + 1) * TileGrid.SIDE) {
            for (int x = area.x(); x < area.right(); x = (x / TileGrid.SIDE + 1) * TileGrid.SIDE) {
                Rect part = area.intersection(grid.rect(grid.tileAt(x, y)));
                if (!isMoved(frames, changed, part, dx, dy)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many runs agree on a distance. Bounded: what comes when it is full is not counted. */
    private static final class Votes {

        private static final int PLACES = 1024;

        private final long[] distances = new long[PLACES];
        private final int[] counts = new int[PLACES];
        private int used;
        private int most;
        private int winner;

        void clear() {
            Arrays.fill(counts, 0);
            used = 0;
            most = 0;
        }

        void add(int dx, int dy) {
            long distance = (long) dx << 32 | dy & 0xffff_ffffL;
            int place = Long.hashCode(distance * 0x9e3779b97f4a7c15L) >>> 22;
            while (counts[place] > 0 && distances[place] != distance) {
                place = (place + 1) % PLACES;
            }
            if (counts[place] == 0 && used++ > PLACES / 2) {
                return;
            }
            distances[place] = distance;
            most = Math.max(most, ++counts[place]);
        }

        /** Whether so many agree on some distance. */
        boolean has(int least) {
            return most >= least;
        }

        /** Goes on to the distance with the most votes of those that it has not been on. @return false if none has enough */
        boolean next(int least) {
            winner = -1;
            int highest = least - 1;
            for (int i = 0; i < PLACES; i++) {
                if (counts[i] > highest) {
                    highest = counts[i];
                    winner = i;
                }
            }
            if (winner < 0) {
                return false;
            }
            counts[winner] = 0;
            return true;
        }

        int dx() {
            return (int) (distances[winner] >> 32);
        }

        int dy() {
            return (int) distances[winner];
        }
    }
}
