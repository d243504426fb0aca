// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.BitSet;

/**
 * Which tiles move: those that changed twice within {@link #REST_NANOS}, until they have not changed for that long. What moves
 * may be shown with a loss, what rests may not. Used by one thread; reads no clock.
 */
final class Movement {

    /** Slower than ten pictures a second is no movement to the eye, and rest is to be exact soon. */
    static final long REST_NANOS = 150_000_000;

    private final long[] changedAt;
    private final BitSet known = new BitSet();
    private final BitSet moving = new BitSet();

    Movement(int tiles) {
        this.changedAt = new long[tiles];
    }

    /** A tile has changed. */
    void changed(int tile, long now) {
        moving.set(tile, known.get(tile) && now - changedAt[tile] < REST_NANOS);
        known.set(tile);
        changedAt[tile] = now;
    }

    /** Tiles that move; not to be changed. */
    BitSet tiles() {
        return moving;
    }

    void settle(long now) {
        for (int tile = moving.nextSetBit(0); tile >= 0; tile = moving.nextSetBit(tile + 1)) {
            if (now - changedAt[tile] >= REST_NANOS) {
                moving.clear(tile);
            }
        }
    }

    /** When the first of them may rest; {@link Screen#NEVER} if none moves. */
    long nextSettling() {
        long next = Screen.NEVER;
        for (int tile = moving.nextSetBit(0); tile >= 0; tile = moving.nextSetBit(tile + 1)) {
            next = Math.min(next, changedAt[tile] + REST_NANOS);
        }
        return next;
    }
}
