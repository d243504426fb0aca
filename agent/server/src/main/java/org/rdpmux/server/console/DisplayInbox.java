// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.server.screen.Move;

/**
 * What a display reported and the console has not looked at yet. A display may report as fast as it likes: reports of a
 * kind replace or join each other, and the console's thread is told once until it looks.
 *
 * <p>Has more fields than most classes: one for each kind of report.
 */
final class DisplayInbox implements GuestDisplay.Listener {

    /** More moves than this since the last look are a redraw. */
    private static final int MAX_MOVES = 16;

    /** Blocks that wait: 160 ms. Of what comes while nobody looks for longer, the oldest is left out. */
    static final int MAX_SOUND = 8;

    private final Runnable tell;
    private boolean told;
    private Framebuffer framebuffer;
    private Region damage = new Region();
    private Region spare = new Region();
    private List<Move> moves = new ArrayList<>();
    private PointerShape pointer;
    private Rect warp;
    private LockKeys locks;
    /** At most one of each kind, in the order in which they came. */
    private List<ClipboardEvent> clipboard = new ArrayList<>();

    private List<SoundBlock> sound = new ArrayList<>();
    private String failure;

    /** @param tell called on the display's thread: somebody is to {@link #take} */
    DisplayInbox(Runnable tell) {
        this.tell = tell;
    }

    @Override
    public void resized(Framebuffer newest) {
        synchronized (this) {
            framebuffer = newest;
            damage.clear();
            moves.clear();
        }
        tellOnce();
    }

    @Override
    public void damaged(Rect area) {
        synchronized (this) {
            damage.add(area);
        }
        tellOnce();
    }

    @Override
    public void moved(Rect to, int dx, int dy) {
        synchronized (this) {
            damage.add(to);
            if (moves.size() < MAX_MOVES) {
                moves.add(new Move(to, dx, dy));
            }
        }
        tellOnce();
    }

    @Override
    public void pointer(PointerShape shape) {
        synchronized (this) {
            pointer = shape;
        }
        tellOnce();
    }

    @Override
    public void pointerWarped(int x, int y) {
        synchronized (this) {
            warp = new Rect(x, y, 0, 0);
        }
        tellOnce();
    }

    @Override
    public void locks(LockKeys leds) {
        synchronized (this) {
            locks = leds;
        }
        tellOnce();
    }

    @Override
    public void clipboard(ClipboardEvent event) {
        synchronized (this) {
            clipboard.removeIf(earlier -> earlier.getClass() == event.getClass());
            clipboard.add(event);
        }
        tellOnce();
    }

    @Override
    public void sound(SoundBlock block) {
        synchronized (this) {
            if (sound.size() == MAX_SOUND) {
                sound.remove(0);
            }
            sound.add(block);
        }
        tellOnce();
    }

    @Override
    public void failed(String reason) {
        synchronized (this) {
            failure = reason;
        }
        tellOnce();
    }

    /** All of it. The damage is the caller's until the next call. */
    synchronized DisplayChanges take() {
        told = false;
        DisplayChanges changes =
                new DisplayChanges(framebuffer, damage, moves, pointer, warp, locks, clipboard, sound, failure);
        Region emptied = spare;
        spare = damage;
        damage = emptied;
        damage.clear();
        if (!moves.isEmpty()) {
            moves = new ArrayList<>();
        }
        if (!clipboard.isEmpty()) {
            clipboard = new ArrayList<>();
        }
        if (!sound.isEmpty()) {
            sound = new ArrayList<>();
        }
        framebuffer = null;
        pointer = null;
        warp = null;
        locks = null;
        failure = null;
        return changes;
    }

    private void tellOnce() {
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
        }
        tell.run();
    }
}
