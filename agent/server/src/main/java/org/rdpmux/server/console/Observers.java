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
import org.rdpmux.server.ScreenState;
import org.rdpmux.server.ScreenWait;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileParts;

/**
 * Programs that look at a console's screen. They see the Screen that viewers see and have nothing encoded; while there are any,
 * and a little longer, so that one that looks again finds what it knows, the display stays open and the Screen is kept. Nothing
 * is done while the screen stays as it is. Lives on the console's thread.
 *
 * <p>Has more fields than most classes: those who look, and what is known of the display's reports.
 */
final class Observers {

    /** A picture that is not to be had after this time is refused: before whoever asks has given up. */
    static final long PICTURE_NANOS = TimeUnit.SECONDS.toNanos(8);

    /**
     * A display that has a framebuffer and has not reported all of it after this time has reported what there is: those that
     * share memory with the guest need not report anything.
     */
    static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** From one question of a program to its next. */
    static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final PixelBudget pixels;
    private final Runnable pump;
    private final List<Look> looks = new ArrayList<>();
    private final ScreenVersions versions = new ScreenVersions();
    /** Whether somebody looks, or did a moment ago. */
    private boolean active;

    private long keptUntil;
    /** Tiles that the display has reported since it began to show its screen. */
    private final BitSet reported = new BitSet();

    private int showings;
    private long showingSince;

    /** One question. */
    private abstract static class Look {
        final CompletableFuture<?> answer;
        final Rect area;
        final long asked;
        final long until;
        /** When the area changed last, as {@link ScreenVersions} count; 0 while that is not known. */
        long version;
        /** Since when the area has not changed, as far as it was looked at. */
        long quietSince;

        Look(CompletableFuture<?> answer, Rect area, long asked, long timeoutNanos) {
            this.answer = answer;
            this.area = area;
            this.asked = asked;
            this.until = asked + timeoutNanos;
            this.quietSince = asked;
        }

        /** When its time is over. @param ready whether there is a screen to be seen: otherwise it is given time to come */
        long over(boolean ready) {
            return ready ? until : Math.max(until, asked + PICTURE_NANOS);
        }

        void changed(long newVersion, long now) {
            version = newVersion;
            quietSince = now;
        }

        /** When it can be answered if nothing changes; {@link Screen#NEVER} if only a change can help. */
        abstract long due(long newest);

        /** @param screen null if there is none @param inTime whether it is due, and not over */
        abstract void answer(Screen screen, boolean inTime);
    }

    /** @param pump has {@link #serve} called */
    Observers(ConsoleLoop loop, DisplayKeeper keeper, PixelBudget pixels, Runnable pump) {
        this.loop = loop;
        this.keeper = keeper;
        this.pixels = pixels;
        this.pump = pump;
    }

    /** Whether nobody needs the Screen. */
    boolean isEmpty() {
        return !active;
    }

    /** Whether somebody waits for something to be seen. */
    boolean isWaiting() {
        return !looks.isEmpty();
    }

    /** Adds one that wants a picture of a part of the screen; it leaves with its answer, or when that is cancelled. */
    void picture(Rect part, CompletableFuture<ScreenPicture> asking) {
        add(new Look(asking, part, loop.now(), PICTURE_NANOS) {
            @Override
            long due(long newest) {
                return asked;
            }

            @Override
            void answer(Screen screen, boolean inTime) {
                if (inTime) {
                    take(screen, part, asking);
                } else {
                    late(asking);
                }
            }
        });
    }

    /** Adds one that waits for something; likewise. */
    void await(ScreenWait wait, CompletableFuture<ScreenState> asking) {
        add(new Look(asking, wait.area(), loop.now(), wait.timeoutNanos()) {
            @Override
            long due(long newest) {
                boolean changed = version > wait.after() || wait.after() > newest; // which is of another agent's life
                return changed ? quietSince + wait.settleNanos() : Screen.NEVER;
            }

            @Override
            void answer(Screen screen, boolean inTime) {
                if (screen == null) {
                    late(asking);
                } else {
                    TileGrid grid = screen.grid();
                    asking.complete(new ScreenState(grid.width(), grid.height(), versions.version(), inTime));
                }
            }
        });
    }

    private void add(Look look) {
        looks.add(look);
        active = true;
    }

    private static void late(CompletableFuture<?> answer) {
        answer.completeExceptionally(new ConsoleUnavailableException(
                "the guest's screen is not to be had: its display has not shown it in time"));
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
            looks.forEach(look -> look.answer.completeExceptionally(new ConsoleUnavailableException(why)));
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

    /** Pixels of the Screen were copied anew. */
    void ticked(Screen screen, ScreenChange change, long now) {
        if (!active || change.changed().isEmpty()) {
            return;
        }
        follow(screen, now);
        versions.changed(change.changed());
        for (Look look : looks) {
            if (touches(change.changed(), look.area, screen.grid())) {
                look.changed(versions.version(), now);
            }
        }
    }

    /** As exactly as a part of a tile is known; see {@link ScreenWait} for the area. */
    private static boolean touches(TileParts changed, Rect area, TileGrid grid) {
        if (area.isEmpty() || !bounds(grid).contains(area)) {
            return true;
        }
        for (int tile = changed.next(0); tile >= 0; tile = changed.next(tile + 1)) {
            if (TileParts.area(grid, tile, changed.part(tile)).intersects(area)) {
                return true;
            }
        }
        return false;
    }

    private static Rect bounds(TileGrid grid) {
        return new Rect(0, 0, grid.width(), grid.height());
    }

    private void follow(Screen screen, long now) {
        boolean another = versions.follow(screen);
        for (Look look : looks) {
            if (another || look.version == 0) {
                look.changed(versions.of(look.area), another ? now : look.quietSince);
            }
        }
    }

    /**
     * Answers what can be answered, and lets those go that are answered.
     *
     * @param screen null if it does not show the guest
     * @param tickedAt when its pixels were copied last
     * @return whether nobody needs the Screen any more, who did before
     */
    boolean serve(Screen screen, long tickedAt, long now) {
        if (screen != null) {
            follow(screen, now);
        }
        boolean ready = screen != null && complete(screen.grid()) <= now;
        boolean left = false; // with an answer, after which it may ask again
        for (int i = looks.size() - 1; i >= 0; i--) {
            Look look = looks.get(i);
            boolean fresh = ready && (screen.nextDeadline() == Screen.NEVER || tickedAt >= look.asked);
            boolean due = fresh && look.due(versions.version()) <= now;
            if (!look.answer.isDone() && (due || now >= look.over(ready))) {
                look.answer(ready ? screen : null, due);
            }
            if (look.answer.isDone()) {
                looks.remove(i);
                left |= !look.answer.isCompletedExceptionally();
            }
        }
        keptUntil = left ? now + KEEP_NANOS : keptUntil;
        boolean ends = active && looks.isEmpty() && now >= keptUntil;
        if (ends) {
            active = false;
            versions.forget();
        }
        return ends;
    }

    private void take(Screen screen, Rect area, CompletableFuture<ScreenPicture> answer) {
        TileGrid grid = screen.grid();
        Rect part = area.isEmpty() ? bounds(grid) : area;
        if (!bounds(grid).contains(part)) {
            answer.completeExceptionally(new ConsoleUnavailableException(
                    "the guest's screen is " + grid.width() + "x" + grid.height() + ", and has no such part"));
            return;
        }
        ScreenPicture picture;
        try {
            PixelBudget.Share share = pixels.reserve(part.width(), part.height());
            picture = new ScreenPicture(part.width(), part.height(), versions.version(), share);
        } catch (PixelsUnavailableException e) {
            answer.completeExceptionally(new ConsoleUnavailableException(e.getMessage()));
            return;
        }
        screen.copy(part, picture.pixels());
        if (!answer.complete(picture)) {
            picture.close(); // nobody wants it any more
        }
    }

    /** When {@link #serve} is to be called; {@link Screen#NEVER} if nobody is there. */
    long nextDeadline(Screen screen, long now) {
        if (looks.isEmpty()) {
            return active ? keptUntil : Screen.NEVER;
        }
        long complete = screen == null ? Screen.NEVER : complete(screen.grid());
        long at = complete > now ? complete : Screen.NEVER;
        for (Look look : looks) {
            at = Math.min(at, look.over(complete <= now));
            if (complete <= now) {
                long due = look.due(versions.version());
                at = due > now ? Math.min(at, due) : at;
            }
        }
        return at;
    }
}
