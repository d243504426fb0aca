// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.Rect;

/**
 * The moves that a display reported since the last tick. They are hints: the Screen compares pixels before it believes one.
 * Several moves of one area, such as a terminal that scrolled by some lines, become one. Bounded; used by one thread.
 */
final class MoveHints {

    /** A frame with more moves than this is a redraw. */
    static final int LIMIT = 8;

    /** Coordinates stay far from the end of the range of int. */
    private static final int MAX_DISTANCE = 1 << 16;

    private final List<Move> moves = new ArrayList<>();

    /** @param bounds of the screen; what lies outside counts for nothing */
    void add(Move hint, Rect bounds) {
        if (Math.abs((long) hint.dx()) > MAX_DISTANCE || Math.abs((long) hint.dy()) > MAX_DISTANCE) {
            return;
        }
        Move move = hint.within(bounds);
        if (move.to().isEmpty()) {
            return;
        }
        for (int i = moves.size() - 1; i >= 0; i--) {
            if (moves.get(i).to().intersects(move.from())) {
                Move both = moves.get(i).then(move);
                moves.remove(i);
                move = both.to().isEmpty() ? move : both.within(bounds);
                break;
            }
        }
        if (moves.size() < LIMIT && !move.to().isEmpty()) {
            moves.add(move);
        }
    }

    List<Move> moves() {
        return moves;
    }

    void clear() {
        moves.clear();
    }
}
