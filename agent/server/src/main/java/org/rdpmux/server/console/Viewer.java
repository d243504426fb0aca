// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.BitSet;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;

/**
 * What one client is owed. While its window is closed the area grows, never a queue; when the window opens it gets the
 * newest bytes of some of the tiles, from where the last batch ended, so that none starves. Used by one thread.
 */
public final class Viewer {

    /**
     * A request for silence counts after this time: clients ask for it while they set up their window and take it back at
     * once.
     */
    public static final long SUPPRESS_DELAY_NANOS = 1_000_000_000;

    /** A client whose socket takes nothing for this long is called slow. */
    public static final long SLOW_NANOS = 1_000_000_000;

    private final EncoderProfile profile;
    private final SendWindow window;
    private final FrameBatch batch = new FrameBatch();
    private final BitSet owed = new BitSet();
    /** Tiles that the client has not been sent since it began to show this screen. */
    private final BitSet unseen = new BitSet();

    private TileGrid grid;
    private TileLane lane;
    private PointerShape pointerOwed;
    private int[] picked = new int[0];
    private int pickedCount;
    private int cursor;
    private long suppressAt = Screen.NEVER;

    /** @param frameLimit frames the client can have unacknowledged; 0 if it acknowledges none */
    public Viewer(EncoderProfile profile, int frameLimit) {
        this.profile = profile;
        this.window = new SendWindow(frameLimit);
    }

    /** The same client, which takes another encoding from now on. What it was sent last may still be on its way. */
    public Viewer successor(EncoderProfile newProfile, int frameLimit, long now) {
        Viewer successor = new Viewer(newProfile, frameLimit);
        successor.suppressAt = suppressAt;
        if (window.isDraining()) {
            successor.window.waitForDrained(now);
        }
        return successor;
    }

    public EncoderProfile profile() {
        return profile;
    }

    public SendWindow window() {
        return window;
    }

    /** The lane it is fed from; null while it shows nothing. */
    public TileLane lane() {
        return lane;
    }

    /** Begins to show a screen: all of it is owed. The lane is of this viewer's profile and of the grid's size. */
    public void show(TileGrid ofScreen, TileLane ofProfile, PointerShape pointer) {
        grid = ofScreen;
        lane = ofProfile;
        cursor = 0;
        unseen.set(0, grid.count());
        if (picked.length < grid.count()) {
            picked = new int[grid.count()];
        }
        owed.clear();
        oweAll();
        pointerOwed = pointer;
    }

    /** Shows nothing until {@link #show}. */
    public void hide() {
        grid = null;
        lane = null;
        owed.clear();
        unseen.clear();
        pickedCount = 0;
        pointerOwed = null;
    }

    public boolean isShowing() {
        return lane != null;
    }

    public void owe(BitSet tiles) {
        if (isShowing()) {
            owed.or(tiles);
        }
    }

    /** The client asks for an area again. */
    public void owe(Rect area) {
        if (isShowing()) {
            grid.mark(area, owed);
        }
    }

    public void oweAll() {
        if (isShowing()) {
            owed.set(0, grid.count());
        }
    }

    public void owePointer(PointerShape shape) {
        if (isShowing()) {
            pointerOwed = shape;
        }
    }

    /** Number of tiles owed. */
    public int owedTiles() {
        return owed.cardinality();
    }

    /** True if the client was given all there was to give. */
    public boolean owesNothing() {
        return owed.isEmpty();
    }

    /** The client asks for silence (a minimised window). */
    public void suppress(long now) {
        if (suppressAt == Screen.NEVER) {
            suppressAt = now + SUPPRESS_DELAY_NANOS;
        }
    }

    /** The client wants to see again; if it had not for a while, it gets everything. */
    public void allow(long now) {
        if (isSuppressed(now)) {
            oweAll();
        }
        suppressAt = Screen.NEVER;
    }

    /** True if the client wants no output. Before it has seen a whole frame it always gets some. */
    public boolean isSuppressed(long now) {
        return unseen.isEmpty() && now >= suppressAt;
    }

    /** True if there is something for the client and it can take it. */
    public boolean isReady(long now) {
        return isShowing() && !isSuppressed(now) && (pointerOwed != null || !owed.isEmpty()) && window.isOpen(now);
    }

    /** When {@link #isReady} or {@link #isSuppressed} may change without an event; {@link Screen#NEVER} if not. */
    public long nextDeadline(long now) {
        long suppression = suppressAt > now ? suppressAt : Screen.NEVER;
        boolean waits = isShowing() && !isSuppressed(now) && (pointerOwed != null || !owed.isEmpty());
        return waits ? Math.min(suppression, window.nextDeadline()) : suppression;
    }

    /** Chooses the tiles for the next batch, which then have to be encoded; see {@link #picked}. */
    public int pick() {
        int most = Math.max(1, window.budget() / lane.expectedBytes());
        pickedCount = 0;
        int tile = owed.nextSetBit(cursor);
        boolean wrapped = false;
        while (pickedCount < most) {
            if (tile < 0 && !wrapped) {
                wrapped = true;
                tile = owed.nextSetBit(0);
            }
            if (tile < 0 || wrapped && tile >= cursor) {
                break;
            }
            picked[pickedCount++] = tile;
            tile = owed.nextSetBit(tile + 1);
        }
        return pickedCount;
    }

    /** One of the tiles chosen last. */
    public int picked(int index) {
        return picked[index];
    }

    /**
     * Makes the batch of the chosen tiles that fit the budget; they are owed no longer. The batch is the receiver's until
     * {@link SendWindow#drained}.
     */
    public FrameBatch take(long now) {
        batch.begin(grid, pointerOwed);
        pointerOwed = null;
        int budget = window.budget();
        for (int i = 0; i < pickedCount && batch.totalBytes() < budget; i++) {
            int tile = picked[i];
            owed.clear(tile);
            unseen.clear(tile);
            cursor = tile + 1;
            if (lane.bytes(tile) != null) {
                batch.add(lane, tile);
            }
        }
        pickedCount = 0;
        batch.number(window.sent(batch.totalBytes(), now));
        return batch;
    }
}
