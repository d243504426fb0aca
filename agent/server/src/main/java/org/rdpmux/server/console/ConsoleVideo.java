// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncodeRunner;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Lane;
import org.rdpmux.server.screen.Pace;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.StreamLane;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a console's viewers see, on its way to them: the place where the Screen, the viewers' windows, their lanes and the
 * encoders meet. Lives on the console's thread.
 *
 * <p>All work happens in {@link #pump}, which every event calls: tick if the frame clock says so and a viewer can take
 * something, let each lane that is not busy encode what its ready viewers need, hand it to them. Nothing waits for an encoder
 * but the viewers of its lane. Has more fields than most classes: they are what meets here.
 */
final class ConsoleVideo {

    /** Size of the dark screen a viewer sees if the guest's never was known. */
    static final TileGrid FIRST_SIZE = new TileGrid(640, 480);

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleVideo.class);

    /** A lane and those who wait for its job. */
    private record LaneUse(Lane lane, List<Viewer> waiting) {}

    private final ConsoleLoop loop;
    private final EncodeRunner encoders;
    private final long intervalNanos;
    private final LaneFactory laneFactory;
    private final DisplayKeeper keeper;
    private final ConsoleCounters counters;
    private final Supplier<String> consoleName;
    /** Those who look on, and those who are about to. */
    private final List<Viewer> viewers;

    private final Map<EncoderProfile, LaneUse> lanes = new HashMap<>();
    private final Pace pace;
    private final Deadline deadline;
    private TileGrid size = FIRST_SIZE;
    /** Null while nobody looks on. */
    private Screen screen;

    private Framebuffer framebuffer;
    private PointerShape pointer = new PointerShape.Default();
    private int jobs;
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
        this.encoders = options.encoders();
        this.intervalNanos = options.frameNanos();
        this.laneFactory = options.lanes();
        this.keeper = keeper;
        this.counters = counters;
        this.consoleName = consoleName;
        this.viewers = viewers;
        this.pace = new Pace(options.frameRate());
        this.deadline = new Deadline(loop, this::pump);
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

    /** True while a job is in flight, even if its lane is no longer used. */
    boolean isEncoding() {
        return jobs > 0;
    }

    void close() {
        closed = true;
    }

    // ---- viewers ----

    /** Begins to show the screen to a viewer. */
    void show(Viewer viewer) {
        LaneUse use = lanes.computeIfAbsent(
                viewer.capabilities().profile(),
                profile -> new LaneUse(laneFactory.newLane(profile, screen()), new ArrayList<>()));
        viewer.show(screen().grid(), use.lane(), pointer);
    }

    private Screen screen() {
        if (screen == null) {
            screen = new Screen(size.width(), size.height(), intervalNanos);
            if (framebuffer != null) {
                screen.damaged(framebuffer.bounds(), loop.now());
            }
        }
        return screen;
    }

    /** A viewer has left. */
    void leave() {
        lanes.values().removeIf(use -> {
            boolean unused = viewers.stream().noneMatch(viewer -> viewer.lane() == use.lane());
            if (unused) {
                use.lane().close();
            }
            return unused;
        });
        dropPixels();
    }

    // ---- the display ----

    /** The guest's screen has this framebuffer now. */
    void displayResized(Framebuffer newest) {
        boolean sameSize = size.width() == newest.width() && size.height() == newest.height();
        framebuffer = newest;
        size = sameSize ? size : new TileGrid(newest.width(), newest.height());
        if (!sameSize) {
            lanes.values().forEach(use -> use.lane().close());
            lanes.clear();
            screen = null;
            viewers.forEach(Viewer::hide);
        } else if (screen != null) {
            screen.damaged(newest.bounds(), loop.now());
        }
        for (Viewer viewer : viewers) {
            viewer.offer(size);
            if (viewer.isShowing() && !sameSize) {
                showOrResize(viewer);
            }
        }
        pump();
    }

    /** Shows the screen to a viewer, once its desktop has the screen's size. */
    void showOrResize(Viewer viewer) {
        if (viewer.fits(size)) {
            show(viewer);
        } else {
            viewer.resize(size);
        }
    }

    void displayChanged(DisplayChanges changes) {
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
        if (lanes.isEmpty()) {
            screen = null;
        }
    }

    // ---- frames ----

    /** Does what is due. To be called after every event. */
    void pump() {
        if (closed) {
            return;
        }
        long now = loop.now();
        keeper.setActive(viewers.isEmpty() || viewers.stream().anyMatch(viewer -> !viewer.isSuppressed(now)));
        if (isTickDue(now)) {
            boolean late = now - screen.nextDeadline() > intervalNanos / 2;
            pace.frame(!late && viewers.stream().anyMatch(Viewer::hasAll));
            keeper.setFrameRate(pace.framesPerSecond());
            tick(now);
        }
        for (LaneUse use : lanes.values()) {
            if (!use.lane().isBusy()) {
                feed(use, now);
            }
        }
        viewers.forEach(viewer -> viewer.report().suspended(viewer.isSuppressed(now)));
        deadline.set(nextDeadline(now));
    }

    private boolean isTickDue(long now) {
        return framebuffer != null && screen != null && screen.nextDeadline() <= now && somebodyIsOpen(now);
    }

    /** Whether a viewer could be sent what a tick finds. */
    private boolean somebodyIsOpen(long now) {
        for (Viewer viewer : viewers) {
            if (viewer.isOpen(now) && !viewer.lane().isBusy()) {
                return true;
            }
        }
        return false;
    }

    private void tick(long now) {
        boolean moves = false;
        for (Viewer viewer : viewers) {
            moves |= viewer.isShowing() && viewer.capabilities().moves();
        }
        ScreenChange change = screen.tick(framebuffer, now, moves);
        counters.tick(change.changed().count(), change.touched());
        for (Viewer viewer : viewers) {
            viewer.changed(change);
        }
    }

    /** Has a lane encode what its ready viewers need, and hands them what is there already. */
    private void feed(LaneUse use, long now) {
        use.waiting().clear();
        for (Viewer viewer : viewers) {
            if (viewer.lane() == use.lane() && viewer.isReady(now)) {
                use.waiting().add(viewer);
            }
        }
        if (use.waiting().isEmpty()) {
            return;
        }
        EncodeJob job = use.lane() instanceof TileLane tiles
                ? tileJob(tiles, use.waiting())
                : streamJob((StreamLane) use.lane(), use.waiting(), now);
        if (job == null) {
            deliver(use);
            return;
        }
        jobs++;
        if (encoders.run(job, () -> loop.execute(() -> encoded(use, job)))) {
            finish(use, job);
        }
    }

    private EncodeJob tileJob(TileLane lane, List<Viewer> ready) {
        TileParts wanted = new TileParts(lane.screen().grid());
        int reused = 0;
        for (Viewer viewer : ready) {
            int count = viewer.pick(lane);
            for (int i = 0; i < count; i++) {
                int tile = viewer.picked(i);
                int part = viewer.stalePart(tile);
                if (lane.isCurrent(tile, part) || TileParts.covers(wanted.part(tile), part)) {
                    reused++;
                } else {
                    wanted.add(tile, part);
                }
            }
        }
        counters.reused(reused);
        return wanted.isEmpty() ? null : lane.begin(wanted);
    }

    /** Who can take the last frame gets it at once; what the others lack is the next one. */
    private static EncodeJob streamJob(StreamLane lane, List<Viewer> ready, long now) {
        boolean key = false;
        for (Iterator<Viewer> i = ready.iterator(); i.hasNext(); ) {
            Viewer viewer = i.next();
            if (viewer.canFollow(lane) || viewer.staleTiles() == 0) {
                viewer.sendStream(lane, now);
                i.remove();
            } else {
                key |= !viewer.hasLast(lane);
            }
        }
        return ready.isEmpty() ? null : lane.begin(key);
    }

    private void encoded(LaneUse use, EncodeJob job) {
        finish(use, job);
        pump();
    }

    private void finish(LaneUse use, EncodeJob job) {
        if (job.failure() != null) {
            LOG.error("{}: part of the screen could not be encoded", consoleName.get(), job.failure());
        }
        jobs--;
        counters.encoded(job.finish(), job.nanos());
        deliver(use);
    }

    private void deliver(LaneUse use) {
        long now = loop.now();
        for (Viewer viewer : use.waiting()) {
            if (viewer.lane() != use.lane()) {
                continue; // it has left, or its screen is another one now
            }
            if (use.lane() instanceof TileLane tiles) {
                viewer.sendTiles(tiles, now);
            } else {
                viewer.sendStream((StreamLane) use.lane(), now);
            }
        }
        use.waiting().clear();
    }

    private long nextDeadline(long now) {
        long at = framebuffer != null && screen != null && somebodyIsOpen(now) ? screen.nextDeadline() : Screen.NEVER;
        for (Viewer viewer : viewers) {
            at = Math.min(at, viewer.nextDeadline(now));
        }
        return at;
    }
}
