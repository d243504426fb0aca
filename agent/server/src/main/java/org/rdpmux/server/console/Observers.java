// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PixelsUnavailableException;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.ScreenPicture;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;

/**
 * Programs that look at a console's screen. They see the Screen that viewers see and have nothing encoded; while there are any,
 * the display stays open. Lives on the console's thread.
 */
final class Observers {

    /** A picture that is not to be had after this time is refused: before whoever asks has given up. */
    static final long PICTURE_NANOS = TimeUnit.SECONDS.toNanos(8);

    /**
     * A display that has a framebuffer and has not reported all of it after this time has reported what there is: those that
     * share memory with the guest need not report anything.
     */
    static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final PixelBudget pixels;
    private final Runnable pump;
    private final List<Look> looks = new ArrayList<>();
    /** Tiles that the display has reported since it began to show its screen. */
    private final BitSet reported = new BitSet();

    private int showings;
    private long showingSince;

    /** @param asked when it was asked for */
    private record Look(CompletableFuture<ScreenPicture> answer, long asked) {}

    /** @param pump has {@link #serve} called */
    Observers(ConsoleLoop loop, DisplayKeeper keeper, PixelBudget pixels, Runnable pump) {
        this.loop = loop;
        this.keeper = keeper;
        this.pixels = pixels;
        this.pump = pump;
    }

    boolean isEmpty() {
        return looks.isEmpty();
    }

    /** Adds one that wants a picture; it leaves with its answer, or when that is cancelled. */
    void add(CompletableFuture<ScreenPicture> answer) {
        looks.add(new Look(answer, loop.now()));
    }

    /** The console is closed. */
    void close() {
        refuse("the console is closed");
    }

    /** The state of the display is another. */
    void displayState() {
        if (keeper.state() == DisplayState.FAILED) {
            refuse("the guest's screen is not to be had: " + keeper.reason());
        }
    }

    private void refuse(String why) {
        if (!looks.isEmpty()) {
            looks.forEach(look -> look.answer().completeExceptionally(new ConsoleUnavailableException(why)));
            loop.execute(pump);
        }
    }

    /** The display has another framebuffer, none of which was reported. */
    void displayResized() {
        showings = keeper.showings();
        showingSince = loop.now();
        reported.clear();
    }

    /** The display has reported these pixels. */
    void reported(Region damage, TileGrid grid) {
        noteShowing();
        for (int i = 0; i < damage.count() && reported.cardinality() < grid.count(); i++) {
            grid.mark(damage.get(i), reported);
        }
    }

    private void noteShowing() {
        if (showings != keeper.showings()) {
            displayResized();
        }
    }

    /** When the framebuffer has all of the guest's screen, as far as is known; the past if it has. */
    private long complete(TileGrid grid) {
        noteShowing();
        return reported.cardinality() < grid.count() ? showingSince + REPORT_NANOS : 0;
    }

    /**
     * Answers what can be answered, and lets those go that are answered.
     *
     * @param screen null if it does not show the guest
     * @param tickedAt when its pixels were copied last
     */
    void serve(Screen screen, long tickedAt, long now) {
        boolean ready = screen != null && complete(screen.grid()) <= now;
        for (int i = looks.size() - 1; i >= 0; i--) {
            Look look = looks.get(i);
            if (look.answer().isDone()) {
                looks.remove(i);
            } else if (ready && (screen.nextDeadline() == Screen.NEVER || tickedAt >= look.asked())) {
                looks.remove(i);
                answer(look.answer(), screen);
            } else if (now >= look.asked() + PICTURE_NANOS) {
                looks.remove(i);
                look.answer()
                        .completeExceptionally(
                                new ConsoleUnavailableException("the guest's screen is not to be had: its"
                                        + " display has not shown it within "
                                        + TimeUnit.NANOSECONDS.toSeconds(PICTURE_NANOS) + " s"));
            }
        }
    }

    private void answer(CompletableFuture<ScreenPicture> answer, Screen screen) {
        TileGrid grid = screen.grid();
        ScreenPicture picture;
        try {
            PixelBudget.Share share = pixels.reserve(grid.width(), grid.height());
            picture = new ScreenPicture(grid.width(), grid.height(), share);
        } catch (PixelsUnavailableException e) {
            answer.completeExceptionally(new ConsoleUnavailableException(e.getMessage()));
            return;
        }
        screen.copy(new Rect(0, 0, grid.width(), grid.height()), picture.pixels());
        if (!answer.complete(picture)) {
            picture.close(); // nobody wants it any more
        }
    }

    /** When {@link #serve} is to be called; {@link Screen#NEVER} without looks. */
    long nextDeadline(Screen screen, long now) {
        long at = Screen.NEVER;
        for (Look look : looks) {
            at = Math.min(at, look.asked() + PICTURE_NANOS);
        }
        if (!looks.isEmpty() && screen != null) {
            long complete = complete(screen.grid());
            at = complete > now ? Math.min(at, complete) : at;
        }
        return at;
    }
}
