// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.EnumSet;
import java.util.Set;

/** Who needs a console's display open: it is wanted while somebody does. Lives on the console's thread. */
final class DisplayWishes {

    /** Somebody who may need it. */
    enum Wish {
        VIEWERS,
        OBSERVERS,
        INPUT
    }

    private final DisplayKeeper keeper;
    private final Set<Wish> wishes = EnumSet.noneOf(Wish.class);

    DisplayWishes(DisplayKeeper keeper) {
        this.keeper = keeper;
    }

    /** Says whether these need the display. */
    void set(Wish wish, boolean wanted) {
        if (wanted ? wishes.add(wish) : wishes.remove(wish)) {
            keeper.want(!wishes.isEmpty());
        }
    }
}
