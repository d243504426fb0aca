// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.concurrent.TimeUnit;
import org.rdpmux.display.Rect;
import org.rdpmux.server.Resizing;

/**
 * Asks the guest for the size that a viewer has made its window. One viewer decides: the first to ask among those that may
 * type, until it leaves. One request is under way at a time, and of those that come meanwhile only the newest counts. A guest
 * that grants another size, or none, is not asked the same again. Lives on the console's thread.
 */
final class SizeControl {

    /** How long a guest may take to change its mode before it is asked for another. */
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The least time between two requests: each makes the guest lay out its desktop anew. */
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private record Request(Rect size, long at) {}

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final Resizing resizing;
    private final Deadline deadline;

    /** Who decides; null while nobody has asked. */
    private Viewer controller;
    /** What the controller wants; null if it has been asked for. */
    private Rect wanted;
    /** What the guest was asked for last; null if nothing. */
    private Request last;
    /** Whether the guest has had the size that it was asked for last. */
    private boolean granted;

    /** The guest's screen; empty while it is not known. */
    private Rect screen = Rect.EMPTY;
    /** What the guest had before it was asked for the first time; null before. */
    private Rect original;

    SizeControl(ConsoleLoop loop, DisplayKeeper keeper, Resizing resizing) {
        this.loop = loop;
        this.keeper = keeper;
        this.resizing = resizing;
        this.deadline = new Deadline(loop, this::pump);
    }

    boolean isAllowed() {
        return resizing.allowed();
    }

    /** A viewer that may type wants this size; what is too large, or comes from who has left, is passed over. */
    void wanted(Viewer viewer, int width, int height) {
        // What the guest would grant, but could not be shown.
        boolean tooLarge = (long) width * height > DisplayKeeper.MAX_PIXELS;
        if (!resizing.allowed() || tooLarge || viewer.stage() == ViewerStage.GONE) {
            return;
        }
        if (controller == null) {
            controller = viewer;
        }
        if (viewer == controller) {
            wanted = new Rect(0, 0, width, height);
            pump();
        }
    }

    /** A viewer has left. @param last whether nobody looks on any more */
    void left(Viewer viewer, boolean last) {
        if (viewer == controller) {
            controller = null;
            forget();
        }
        if (last && original != null) {
            if (resizing.restored()) {
                request(original);
            }
            original = null;
        }
    }

    /** The guest's screen has this size now. */
    void displayResized(Rect size) {
        screen = size;
        granted |= last != null && size.equals(last.size());
        pump();
    }

    /** The display has ended; the next may be of a guest that has started anew. */
    void displayGone() {
        screen = Rect.EMPTY;
        original = null;
        last = null;
        forget();
    }

    private void forget() {
        wanted = null;
        deadline.set(Deadline.NEVER);
    }

    private void pump() {
        if (wanted == null || screen.isEmpty()) {
            return;
        }
        if (wanted.equals(screen) || isRefused(wanted)) {
            forget();
            return;
        }
        if (last != null) {
            long next = last.at() + (screen.equals(last.size()) ? PAUSE_NANOS : ANSWER_NANOS);
            if (loop.now() < next) {
                deadline.set(next);
                return;
            }
        }
        if (original == null) {
            original = screen;
        }
        request(wanted);
        forget();
    }

    private boolean isRefused(Rect size) {
        return last != null && size.equals(last.size()) && !granted;
    }

    private void request(Rect size) {
        last = new Request(size, loop.now());
        granted = false;
        keeper.requestSize(size.width(), size.height());
    }
}
