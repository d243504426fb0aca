// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.BitSet;
import org.rdpmux.display.Rect;

/**
 * Which tiles move: those that changed twice within {@link #REST_NANOS}, until they have not changed for that long. What moves
 * may be shown with a loss, what rests may not.
 *
 * <p>Times are those of the damage, not of the ticks that look for it: a viewer that takes long for a picture makes ticks rare,
 * and what moves would seem to rest, be sent exactly, and take longer still. Used by one thread; reads no clock.
 */
final class Movement {

    /** Slower than ten pictures a second is no movement to the eye, and rest is to be exact soon. */
    static final long REST_NANOS = 150_000_000;

    private final TileGrid grid;
    /** When a tick last saw the tile change. */
    private final long[] changedAt;
    /** Of tiles that wait for a tick: when they were damaged first. */
    private final long[] damagedAt;

    private final BitSet known = new BitSet();
    private final BitSet moving = new BitSet();
    private final BitSet damaged = new BitSet();
    private final BitSet scratch = new BitSet();

    Movement(TileGrid grid) {
        this.grid = grid;
        this.changedAt = new long[grid.count()];
        this.damagedAt = new long[grid.count()];
    }

    /** An area may have changed; the next tick will tell. */
    void damaged(Rect area, long now) {
        scratch.clear();
        grid.mark(area, scratch);
        scratch.andNot(damaged);
        for (int tile = scratch.nextSetBit(0); tile >= 0; tile = scratch.nextSetBit(tile + 1)) {
            damagedAt[tile] = now;
        }
        damaged.or(scratch);
    }

    /** A tick has seen what became of the damage. */
    void ticked(BitSet changed, long now) {
        for (int tile = changed.nextSetBit(0); tile >= 0; tile = changed.nextSetBit(tile + 1)) {
            long since = damaged.get(tile) ? damagedAt[tile] : now;
            moving.set(tile, known.get(tile) && since - changedAt[tile] < REST_NANOS);
            changedAt[tile] = now;
        }
        known.or(changed);
        damaged.clear();
    }

    /** Tiles that move; not to be changed. */
    BitSet tiles() {
        return moving;
    }

    /** Takes what has not changed for a while, and waits for no tick, for resting. */
    void settle(long now) {
        for (int tile = moving.nextSetBit(0); tile >= 0; tile = moving.nextSetBit(tile + 1)) {
            if (!damaged.get(tile) && now - changedAt[tile] >= REST_NANOS) {
                moving.clear(tile);
            }
        }
    }

    /** When the first of them may rest; {@link Screen#NEVER} if none does without a tick. */
    long nextSettling() {
        long next = Screen.NEVER;
        for (int tile = moving.nextSetBit(0); tile >= 0; tile = moving.nextSetBit(tile + 1)) {
            if (!damaged.get(tile)) {
                next = Math.min(next, changedAt[tile] + REST_NANOS);
            }
        }
        return next;
    }
}
