// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncodeRunner;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Lane;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.StreamLane;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;

/**
 * The lanes of a console's viewers: each has encoded what its ready viewers need, one job at a time, and hands it to them.
 * Nothing waits for a job but the viewers of its lane. Lives on the console's thread.
 */
final class Lanes {

    /** A lane and those who wait for its job. */
    private record LaneUse(Lane lane, List<Viewer> waiting) {}

    private final ConsoleLoop loop;
    private final EncodeRunner encoders;
    private final LaneFactory factory;
    private final ConsoleCounters counters;
    private final List<Viewer> viewers;
    private final Consumer<Throwable> ended;
    private final Map<EncoderProfile, LaneUse> uses = new HashMap<>();
    /** Of the jobs in flight. */
    private final List<Screen> encoding = new ArrayList<>();

    /**
     * @param viewers the console's, which others change
     * @param ended called when a job of another thread has ended, and when one failed; with its failure or null
     */
    Lanes(
            ConsoleLoop loop,
            GuestConsole.Options options,
            ConsoleCounters counters,
            List<Viewer> viewers,
            Consumer<Throwable> ended) {
        this.loop = loop;
        this.encoders = options.encoders();
        this.factory = options.lanes();
        this.counters = counters;
        this.viewers = viewers;
        this.ended = ended;
    }

    /** The lane of a profile; made for the screen if there is none. */
    Lane of(EncoderProfile profile, Screen screen) {
        return uses.computeIfAbsent(profile, made -> new LaneUse(factory.newLane(made, screen), new ArrayList<>()))
                .lane();
    }

    boolean isEmpty() {
        return uses.isEmpty();
    }

    /** True while a job is in flight, even if its lane is no longer used. */
    boolean isEncoding() {
        return !encoding.isEmpty();
    }

    /** True while a job of another Screen is in flight, whose lane is closed. */
    boolean isReadingOther(Screen screen) {
        for (Screen other : encoding) {
            if (other != screen) {
                return true;
            }
        }
        return false;
    }

    /** Closes the lanes that no viewer has. */
    void closeUnused() {
        uses.values().removeIf(use -> {
            boolean unused = viewers.stream().noneMatch(viewer -> viewer.lane() == use.lane());
            if (unused) {
                use.lane().close();
            }
            return unused;
        });
    }

    /** Closes all: the screen is another one. */
    void close() {
        uses.values().forEach(use -> use.lane().close());
        uses.clear();
    }

    /** Gives each viewer the lane of its present profile, unless a job of its lane is in flight. */
    void regroup(Screen screen) {
        boolean changed = false;
        for (Viewer viewer : viewers) {
            if (viewer.isShowing() && !viewer.lane().isBusy()) {
                Lane wanted = of(viewer.profile(), screen);
                changed |= wanted != viewer.lane();
                viewer.follow(wanted);
            }
        }
        if (changed) {
            closeUnused();
        }
    }

    /** Has each lane that is not busy encode what its ready viewers need. */
    void feed(long now) {
        for (LaneUse use : uses.values()) {
            if (!use.lane().isBusy()) {
                feed(use, now);
            }
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
        encoding.add(use.lane().screen());
        if (encoders.run(job, () -> loop.execute(() -> encoded(use, job)))) {
            finish(use, job);
            if (job.failure() != null) {
                loop.execute(() -> ended.accept(job.failure())); // not while lanes are fed
            }
        }
    }

    private EncodeJob tileJob(TileLane lane, List<Viewer> ready) {
        TileParts wanted = new TileParts(lane.screen().grid());
        BitSet coarse = new BitSet();
        int reused = 0;
        for (Viewer viewer : ready) {
            int count = viewer.pick(lane);
            for (int i = 0; i < count; i++) {
                int tile = viewer.picked(i);
                int part = viewer.stalePart(tile);
                boolean takesCoarse = viewer.takesCoarse(tile);
                if (lane.isCurrent(tile, part, takesCoarse)) {
                    reused++;
                    continue;
                }
                reused += TileParts.covers(wanted.part(tile), part) ? 1 : 0;
                coarse.set(tile, takesCoarse && (coarse.get(tile) || wanted.part(tile) == 0)); // if all take it
                wanted.add(tile, part);
            }
        }
        counters.reused(reused);
        return wanted.isEmpty() ? null : lane.begin(wanted, coarse);
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
        ended.accept(job.failure());
    }

    private void finish(LaneUse use, EncodeJob job) {
        encoding.remove(use.lane().screen());
        counters.encoded(job.finish(), job.nanos());
        deliver(use);
    }

    private void deliver(LaneUse use) {
        long now = loop.now();
        boolean alone = isAlone(use.lane());
        for (Viewer viewer : use.waiting()) {
            if (viewer.lane() != use.lane()) {
                continue; // it has left, or its screen is another one now
            }
            if (use.lane() instanceof TileLane tiles) {
                viewer.sendTiles(tiles, alone, now);
            } else {
                viewer.sendStream((StreamLane) use.lane(), now);
            }
        }
        use.waiting().clear();
    }

    /** Whether a lane has one viewer at most. */
    private boolean isAlone(Lane lane) {
        int count = 0;
        for (Viewer viewer : viewers) {
            count += viewer.lane() == lane ? 1 : 0;
        }
        return count <= 1;
    }
}
