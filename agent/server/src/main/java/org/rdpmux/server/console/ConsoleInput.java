// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.screen.TileGrid;

/**
 * What a console's viewers type and point at, on its way to the display: viewers take turns, the InputArbiter makes one
 * keyboard and mouse of theirs, and the KeyPace sends keys no faster than the display says that its guest reads them. What
 * the guest cannot take yet stays in the viewers' queues, and a client whose queue is full is read from no further. Lives
 * on the console's thread.
 */
final class ConsoleInput {

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final ConsoleCounters counters;
    private final Supplier<TileGrid> grid;
    private final KeyPace pace = new KeyPace(this::send);
    private final InputArbiter arbiter = new InputArbiter(this::decided);
    private final ProgramInput programs;
    /** Viewers that said something; each is here once at most. */
    private final ArrayDeque<Viewer> turns = new ArrayDeque<>();

    private final Deadline deadline;

    /** @param grid the screen's, into which positions are clipped */
    ConsoleInput(ConsoleLoop loop, DisplayKeeper keeper, ConsoleCounters counters, Supplier<TileGrid> grid) {
        this.loop = loop;
        this.keeper = keeper;
        this.counters = counters;
        this.grid = grid;
        this.programs = new ProgramInput(loop, keeper, arbiter, this::pump);
        this.deadline = new Deadline(loop, this::pump);
    }

    /** What programs type. */
    ProgramInput programs() {
        return programs;
    }

    /** A viewer has finished its connection: its input counts from now on. */
    void join(Viewer viewer) {
        if (viewer.source() == null) {
            viewer.setSource(arbiter.join());
        }
    }

    /** A viewer's keyboard has this layout. */
    void layout(Viewer viewer, InputEvent.Layout layout) {
        if (viewer.source() != null) {
            viewer.source().layout(layout);
        }
    }

    /** A viewer may have typed something. */
    void read(Viewer viewer) {
        if (!viewer.inbox().input().isEmpty() && !turns.contains(viewer)) {
            turns.add(viewer);
            pump();
        }
    }

    /**
     * A viewer has left: what it typed ahead counts (unless many have left who did that), then what it holds is released.
     */
    void leave(Viewer viewer) {
        if (viewer.source() != null) {
            ViewerInput last = viewer.inbox().input().poll();
            while (last != null && !pace.isOverfull()) {
                viewer.source().on(last);
                last = viewer.inbox().input().poll();
            }
            viewer.source().leave();
            pump();
        }
    }

    /** What an unreachable viewer holds is released; what it sends when it is back counts as ever. */
    void reachable(Viewer viewer, boolean reachable) {
        if (!reachable && viewer.source() != null) {
            viewer.source().letGo();
            pump();
        }
    }

    /** The guest's LEDs. */
    void locks(LockKeys leds) {
        arbiter.guestLocks(leds);
    }

    /** See {@link InputArbiter#locks}. */
    LockKeys locks() {
        return arbiter.locks();
    }

    /** There is no display any more. */
    void displayGone() {
        pace.clear();
        arbiter.reset();
        programs.displayGone();
    }

    /** Passes on what is due. To be called when something is to be typed, or no longer. */
    void pump() {
        pace.pass(keeper.keyboard().keyGapNanos(), loop.now());
        boolean typing = true;
        while (!pace.isFull() && (typing || !turns.isEmpty())) {
            typing = programs.type(loop.now());
            if (!turns.isEmpty()) {
                take(turns.poll());
            }
        }
        programs.settle(pace.isEmpty(), loop.now());
        long next = pace.nextDeadline(keeper.keyboard().keyGapNanos());
        deadline.set(pace.isFull() ? next : Math.min(next, programs.nextDeadline()));
    }

    /** Takes one event of a viewer. */
    private void take(Viewer viewer) {
        ViewerInput input = viewer.inbox().input().poll();
        if (input != null) {
            turns.add(viewer);
            if (viewer.source() != null && viewer.stage() != ViewerStage.GONE && isForGuest(input)) {
                if (!InputQueue.isMove(input)) {
                    viewer.typed(loop.now());
                }
                viewer.source().on(input);
            }
        }
        if (viewer.inbox().input().resumes()) {
            viewer.outbox().post(new ToViewer.ResumeInput());
        }
    }

    /** What is typed while there is no display is for nobody: viewers read that it has no effect. */
    private boolean isForGuest(ViewerInput input) {
        return keeper.state() == DisplayState.RUNNING || input instanceof ViewerInput.Sync;
    }

    private void decided(InputEvent event) {
        if (event instanceof InputEvent.Unicode && !keeper.keyboard().characters()) {
            return; // it would only keep others waiting
        }
        pace.add(event, keeper.keyboard().keyGapNanos(), loop.now());
    }

    private void send(InputEvent event) {
        counters.input();
        if (event instanceof InputEvent.PointerMove move) {
            keeper.send(new InputEvent.PointerMove(
                    Math.min(move.x(), grid.get().width() - 1),
                    Math.min(move.y(), grid.get().height() - 1)));
        } else {
            keeper.send(event);
        }
    }
}
