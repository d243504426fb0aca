// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Objects;
import org.rdpmux.display.Rect;

/**
 * Pixels that were copied from one place of the screen to another, as a scrolled terminal or a dragged window does.
 *
 * @param to the destination, in pixels of the screen
 * @param dx how far to the right the pixels went; negative to the left
 * @param dy likewise down
 */
public record Move(Rect to, int dx, int dy) {

    public Move {
        Objects.requireNonNull(to);
    }

    /** Where the pixels came from. */
    public Rect from() {
        return new Rect(to.x() - dx, to.y() - dy, to.width(), to.height());
    }

    /** The part whose source and destination are both inside; empty if there is none. */
    Move within(Rect bounds) {
        Rect shifted = new Rect(bounds.x() + dx, bounds.y() + dy, bounds.width(), bounds.height());
        return new Move(to.intersection(bounds).intersection(shifted), dx, dy);
    }

    /** This move and a later one as one: the pixels that took part in both; empty if there are none. */
    Move then(Move later) {
        Rect carried = new Rect(to.x() + later.dx, to.y() + later.dy, to.width(), to.height());
        return new Move(later.to.intersection(carried), dx + later.dx, dy + later.dy);
    }
}
