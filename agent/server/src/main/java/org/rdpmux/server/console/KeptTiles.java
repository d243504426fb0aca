// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.BitSet;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;

/**
 * Which of the tiles that a viewer lacks its client keeps already, and what it is to keep of those that it is sent: what is
 * large, shown exactly and does not move. Asked before anything is encoded, so what comes back costs neither time nor bytes, and
 * is exact at once. Lives on the console's thread.
 */
final class KeptTiles {

    /** Tiles that take less are not kept: to be told to keep one takes a client some 30 bytes, to draw it 18. */
    static final int LEAST_BYTES = 256;

    /** Null while the client keeps nothing. */
    private SurfaceCache cache;

    private final BitSet found = new BitSet();
    /** What was found when tiles were chosen last, none of which is encoded for this viewer. */
    private final BitSet chosen = new BitSet();

    /** The client keeps nothing yet. @param slots see {@link ViewerCapabilities#cacheSlots} */
    void restart(int slots) {
        cache = slots > 0 ? new SurfaceCache(slots) : null;
        found.clear();
        chosen.clear();
    }

    /** Looks up all that a viewer lacks. */
    void look(Screen screen, StaleArea area) {
        found.clear();
        if (cache == null) {
            return;
        }
        BitSet stale = area.stale();
        for (int tile = stale.nextSetBit(0); tile >= 0; tile = stale.nextSetBit(tile + 1)) {
            found.set(tile, slot(screen, area, tile) > 0);
        }
        BitSet resting = area.resting();
        for (int tile = resting.nextSetBit(0); tile >= 0; tile = resting.nextSetBit(tile + 1)) {
            found.set(tile, slot(screen, area, tile) > 0);
        }
    }

    /** The tiles that were found last; not to be changed. */
    BitSet found() {
        return found;
    }

    /** Chooses what was found last, or nothing. @return it; not to be changed */
    BitSet choose(boolean all) {
        chosen.clear();
        if (all) {
            chosen.or(found);
        }
        return chosen;
    }

    /** Whether a tile was chosen last. */
    boolean isChosen(int tile) {
        return chosen.get(tile);
    }

    /**
     * Sends a chosen tile: as its slot if the client keeps it, otherwise its bytes, and the client may keep what they draw.
     *
     * @param coarse whether it may have a loss though it does not move
     */
    void send(TileLane lane, StaleArea area, int tile, boolean coarse, FrameBatch batch) {
        int slot = slot(lane.screen(), area, tile);
        if (slot > 0) {
            cache.use(slot);
            area.sent(tile, true, TileParts.WHOLE, false);
            batch.addKept(tile, slot);
        } else if (!chosen.get(tile)) { // otherwise it has changed meanwhile, and was not encoded
            sendBytes(lane, area, tile, coarse, batch);
        }
    }

    private void sendBytes(TileLane lane, StaleArea area, int tile, boolean coarse, FrameBatch batch) {
        boolean encoded = lane.bytes(tile) != null;
        boolean small = area.isSmall(tile);
        // What cannot be encoded is passed over.
        area.sent(
                tile,
                !encoded || lane.isCurrent(tile, area.part(tile), coarse),
                encoded ? lane.part(tile) : TileParts.WHOLE,
                encoded && lane.encoding(tile).isLossy());
        if (encoded) {
            batch.add(lane, tile, small || !area.isExact(tile) ? 0 : newSlot(lane, tile));
        }
    }

    /** The slot that has a tile's newest pixels; 0 for none. */
    private int slot(Screen screen, StaleArea area, int tile) {
        boolean worth = cache != null && !screen.isMoving(tile) && !area.isSmall(tile);
        return worth ? cache.find(screen.key(tile)) : 0;
    }

    /** A slot for a tile that the client shows exactly; 0 if it is not worth it. */
    private int newSlot(TileLane lane, int tile) {
        Screen screen = lane.screen();
        boolean worth =
                cache != null && !screen.isMoving(tile) && lane.bytes(tile).readableBytes() >= LEAST_BYTES;
        return worth ? cache.store(screen.key(tile)) : 0;
    }
}
