// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.PixelsUnavailableException;
import org.rdpmux.display.PointerShape;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.screen.FrameMemory;
import org.rdpmux.server.screen.Pace;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.TextFramebuffer;
import org.rdpmux.server.screen.TileGrid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a console's viewers see, on its way to them: the place where the Screen, the viewers' windows, their lanes and the
 * encoders meet. Lives on the console's thread.
 *
 * <p>All work happens in {@link #pump}, which every event calls: tick if the frame clock says so and a viewer can take
 * something, let each lane that is not busy encode what its ready viewers need, hand it to them. Nothing waits for an encoder
 * but the viewers of its lane. Has more fields than most classes: they are what meets here.
 *
 * <p>Where there is no memory for the guest's screen, the display ends as if it had failed, and viewers are told so on a small
 * screen; where there is none for that either, they are sent away.
 */
final class ConsoleVideo {

    /** Size of the screen that viewers see if the guest's never was known or does not fit. */
    static final TileGrid FIRST_SIZE = new TileGrid(640, 480);

    /** Two changes of the size within this time are part of a row of them. */
    private static final long OFTEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long viewers get the rest of a picture before they get the next. */
    private static final long WHOLE_PICTURE_NANOS = 150_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleVideo.class);

    private final ConsoleLoop loop;
    private final long intervalNanos;
    private final FrameMemory memory;
    private final DisplayKeeper keeper;
    private final ConsoleCounters counters;
    private final Supplier<String> consoleName;
    /** Those who look on, and those who are about to. */
    private final List<Viewer> viewers;

    private final Observers observers;
    private final Lanes lanes;
    private final Pace pace;
    private final Deadline deadline;
    private TileGrid size = FIRST_SIZE;
    /** Null while nobody looks on. */
    private Screen screen;

    private long resizedAt = -OFTEN_NANOS;
    private Framebuffer framebuffer;
    /** What is shown while there is no framebuffer. */
    private TextFramebuffer words;

    /** Whether the Screen has the guest's pixels, present or last ones, not words. */
    private boolean showsGuest;

    private PointerShape pointer = new PointerShape.Default();
    private long tickedAt;
    private boolean closed;

    /** @param viewers the console's, which others change */
    ConsoleVideo(
            ConsoleLoop loop,
            GuestConsole.Options options,
            DisplayKeeper keeper,
            ConsoleCounters counters,
            Supplier<String> consoleName,
            List<Viewer> viewers) {
        this.loop = loop;
        this.intervalNanos = options.frameNanos();
        this.memory = new FrameMemory(options.pixels(), this::isOtherScreenRead);
        this.keeper = keeper;
        this.counters = counters;
        this.consoleName = consoleName;
        this.viewers = viewers;
        this.observers = new Observers(loop, keeper, options.pixels(), this::pump);
        this.pace = new Pace(options.frameRate());
        this.deadline = new Deadline(loop, this::pump);
        this.lanes = new Lanes(loop, options, counters, viewers, this::encoded);
        keeper.setFrameRate(options.frameRate());
    }

    /** The guest's screen as it was seen last; {@link #FIRST_SIZE} if it never was. */
    TileGrid grid() {
        return size;
    }

    /** Whether the guest's screen is to be had at present. */
    boolean hasFramebuffer() {
        return framebuffer != null;
    }

    /** Whether viewers see the guest, as it is or as it was last. */
    boolean showsGuest() {
        return showsGuest;
    }

    /** True while a job is in flight, even if its lane is no longer used. */
    boolean isEncoding() {
        return lanes.isEncoding();
    }

    void close() {
        closed = true;
    }

    /** Programs that look at the screen. */
    Observers observers() {
        return observers;
    }

    // ---- viewers ----

    /** Begins to show the screen to a viewer. */
    void show(Viewer viewer) {
        viewer.show(screen().grid(), lanes.of(viewer.profile(), screen()), pointer);
        lanes.closeUnused();
    }

    private Screen screen() {
        if (screen == null) {
            memory.resize(size, loop.now() - resizedAt < OFTEN_NANOS);
            resizedAt = loop.now();
            screen = new Screen(size, intervalNanos, memory);
            tickedAt = loop.now() - WHOLE_PICTURE_NANOS;
            showsGuest = framebuffer != null;
            damageAll();
        }
        return screen;
    }

    private boolean isOtherScreenRead() {
        return lanes.isReadingOther(screen);
    }

    private void damageAll() {
        if (source() != null) {
            screen.damaged(source().bounds(), loop.now());
        }
    }

    /** What viewers are to see. */
    private Framebuffer source() {
        return framebuffer != null ? framebuffer : words;
    }

    /** A viewer has left. */
    void leave() {
        lanes.closeUnused();
        dropPixels();
    }

    // ---- the display ----

    /** The guest's screen has this framebuffer now. */
    void displayResized(Framebuffer newest) {
        boolean sameSize = size.width() == newest.width() && size.height() == newest.height();
        framebuffer = newest;
        observers.displayResized();
        words = null;
        if (!sameSize) {
            resize(new TileGrid(newest.width(), newest.height()));
        } else if (screen != null) {
            showsGuest = true;
            damageAll();
        }
        viewers.forEach(viewer -> viewer.offer(size));
        pump();
    }

    /** Goes on with a screen of another size. */
    private void resize(TileGrid newSize) {
        size = newSize;
        dropScreen();
        words = words == null ? null : words.resized(size);
        viewers.forEach(Viewer::hide);
        List<Viewer> waiting = viewers.stream().filter(Viewer::takesScreen).toList();
        try {
            if (!waiting.isEmpty()) {
                screen(); // before anybody is told of a screen for which there is no memory
            }
            waiting.forEach(this::showOrResize);
        } catch (PixelsUnavailableException e) {
            noPixels(e.getMessage());
        }
    }

    private void dropScreen() {
        lanes.close();
        screen = null;
        showsGuest = false;
    }

    /** Shows the screen to a viewer, once its desktop has the screen's size. */
    void showOrResize(Viewer viewer) {
        if (!viewer.fits(size)) {
            viewer.resize(size);
            return;
        }
        try {
            show(viewer);
        } catch (PixelsUnavailableException e) {
            noPixels(e.getMessage());
        }
    }

    /** There is no memory for the present screen. */
    private void noPixels(String why) {
        boolean small = framebuffer == null && size.equals(FIRST_SIZE);
        LOG.debug("{}: {}", consoleName.get(), why);
        keeper.fail("the guest's screen cannot be shown: " + why);
        if (small) {
            viewers.forEach(viewer -> viewer.outbox().post(new ToViewer.Disconnect(DisconnectReason.OUT_OF_MEMORY)));
        } else {
            memory.close();
            resize(FIRST_SIZE);
        }
    }

    /** Shows words in place of a guest that has no framebuffer. @param lines see {@link TextFramebuffer} */
    void say(List<String> lines) {
        words = new TextFramebuffer(size, lines);
        showsGuest = false;
        pointer = new PointerShape.Default();
        viewers.forEach(viewer -> viewer.pointer(pointer));
        if (screen != null) {
            damageAll();
        }
        pump();
    }

    void displayChanged(DisplayChanges changes) {
        observers.reported(changes.damage(), size);
        if (screen != null) {
            long now = loop.now();
            for (int i = 0; i < changes.damage().count(); i++) {
                screen.damaged(changes.damage().get(i), now);
            }
            changes.moves().forEach(screen::moved);
        }
        if (changes.pointer() != null && !changes.pointer().equals(pointer)) {
            pointer = changes.pointer();
            viewers.forEach(viewer -> viewer.pointer(pointer));
        }
        pump();
    }

    void displayGone() {
        framebuffer = null;
        dropPixels();
    }

    /** What nobody sees is not kept: a console that nobody looks at costs no pixels. */
    private void dropPixels() {
        if (lanes.isEmpty() && observers.isEmpty()) {
            screen = null;
            showsGuest = false;
            memory.close();
        }
    }

    // ---- frames ----

    /** Does what is due. To be called after every event. */
    void pump() {
        if (closed) {
            return;
        }
        try {
            work(loop.now());
        } catch (PixelsUnavailableException e) {
            noPixels(e.getMessage());
        }
    }

    private void work(long now) {
        activate(now);
        if (memory.isRead()) {
            return; // jobs of the screen before; their end calls again
        }
        if (!observers.isEmpty() && framebuffer != null) {
            screen();
        }
        if (isTickDue(now)) {
            boolean late = now - screen.nextDeadline() > intervalNanos / 2;
            if (!viewers.isEmpty()) {
                pace.frame(!late && viewers.stream().anyMatch(Viewer::hasAll));
            }
            keeper.setFrameRate(pace.framesPerSecond());
            tick(now);
        }
        if (screen != null) {
            screen.settle(now);
            viewers.forEach(viewer -> viewer.refine(screen.moving(), now));
            lanes.regroup(screen);
        }
        lanes.feed(now);
        viewers.forEach(viewer -> viewer.report().suspended(viewer.isSuppressed(now)));
        observe(now);
        deadline.set(nextDeadline(now));
    }

    private void activate(long now) {
        boolean seen = viewers.stream().anyMatch(viewer -> !viewer.isSuppressed(now));
        keeper.setActive(viewers.isEmpty() || seen || !observers.isEmpty());
    }

    private void observe(long now) {
        if (observers.serve(showsGuest && framebuffer != null ? screen : null, tickedAt, now)) {
            dropPixels();
            activate(now);
            keeper.wishes().set(DisplayWishes.Wish.OBSERVERS, false);
        }
    }

    private boolean isTickDue(long now) {
        return nextTick(now) <= now;
    }

    /**
     * When to tick: as soon as a viewer could be sent what the tick finds. One that still lacks much of the last picture gets
     * that first, for a while: who has most of it can use moves, and sees no picture that is made of many. Who types waits
     * for no picture, and a program waits no longer than for that.
     */
    private long nextTick(long now) {
        long next = Screen.NEVER;
        if (source() != null && screen != null) {
            if (observers.isWaiting()) {
                next = Math.max(screen.nextDeadline(), viewers.isEmpty() ? now : tickedAt + WHOLE_PICTURE_NANOS);
            }
            for (Viewer viewer : viewers) {
                if (viewer.isOpen(now) && !viewer.lane().isBusy()) {
                    long earliest = viewer.lacksMuch(now) ? tickedAt + WHOLE_PICTURE_NANOS : now;
                    next = Math.min(next, Math.max(screen.nextDeadline(), earliest));
                }
            }
        }
        return next;
    }

    private void tick(long now) {
        boolean moves = false;
        for (Viewer viewer : viewers) {
            moves |= viewer.isShowing() && viewer.canUseMoves();
        }
        tickedAt = now;
        long changedSince = screen.damagedSince();
        ScreenChange change = screen.tick(source(), now, moves);
        observers.ticked(screen, change, now);
        counters.tick(change.changed().count(), change.touched());
        for (Viewer viewer : viewers) {
            viewer.changed(change);
            if (viewer.isShowing() && !change.changed().isEmpty()) {
                viewer.report().changed(changedSince);
            }
        }
    }

    /** A job has ended, which may be one of a lane that is no longer used. @param failure null if it went well */
    private void encoded(Throwable failure) {
        if (failure instanceof OutOfMemoryError && !closed) {
            noPixels("there is no memory to encode it");
        } else if (failure != null) {
            LOG.error("{}: part of the screen could not be encoded", consoleName.get(), failure);
        }
        pump();
    }

    private long nextDeadline(long now) {
        long at = nextTick(now);
        if (screen != null) {
            at = Math.min(at, screen.nextSettling());
        }
        at = Math.min(at, observers.nextDeadline(showsGuest ? screen : null, now));
        for (Viewer viewer : viewers) {
            at = Math.min(at, viewer.nextDeadline(now));
        }
        return at;
    }
}
