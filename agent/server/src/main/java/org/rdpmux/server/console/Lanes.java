// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.rdpmux.codec.VideoEncoderProvider;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncodeRunner;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.rdpmux.server.screen.VideoFrame;
import org.rdpmux.server.screen.VideoStream;

/**
 * The lanes of a console's viewers: each has encoded what its ready viewers need, one job at a time, and hands it to them.
 * Nothing waits for a job but the viewers of its lane. Lives on the console's thread.
 */
final class Lanes {

    /** A lane and those who wait for its job. */
    private record LaneUse(TileLane lane, List<Viewer> waiting) {}

    private final ConsoleLoop loop;
    private final EncodeRunner encoders;
    private final Optional<VideoEncoderProvider> videoEncoders;
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
        this.videoEncoders = options.video();
        this.counters = counters;
        this.viewers = viewers;
        this.ended = ended;
    }

    /** The lane of a profile; made for the screen if there is none. */
    TileLane of(EncoderProfile profile, Screen screen) {
        EncoderProfile possible = profile.withVideo(profile.video() && videoEncoders.isPresent());
        return uses.computeIfAbsent(possible, made -> new LaneUse(newLane(made, screen), new ArrayList<>()))
                .lane();
    }

    private TileLane newLane(EncoderProfile profile, Screen screen) {
        return profile.video()
                ? new TileLane(profile, screen, new VideoStream(videoEncoders.orElseThrow(), screen))
                : new TileLane(profile, screen);
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
                TileLane wanted = of(viewer.profile(), screen);
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
        EncodeJob job = job(use.lane(), use.waiting(), now);
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

    /** What has to be encoded for viewers; null if all is there. */
    private EncodeJob job(TileLane lane, List<Viewer> ready, long now) {
        TileParts wanted = new TileParts(lane.screen().grid());
        BitSet coarse = new BitSet();
        TileParts moving = new TileParts(lane.screen().grid());
        boolean key = false;
        int budget = Integer.MAX_VALUE;
        int reused = 0;
        for (Viewer viewer : ready) {
            int count = viewer.pick(now);
            for (int i = 0; i < count; i++) {
                int tile = viewer.picked(i);
                int part = viewer.stalePart(tile);
                boolean takesCoarse = viewer.takesCoarse(tile);
                if (viewer.keeps(tile)) {
                    continue;
                }
                TileParts missing = viewer.video().leaves(tile) ? moving : wanted;
                boolean isThere = missing == moving
                        ? viewer.video().isOnItsWay(lane.video(), tile)
                        : lane.isCurrent(tile, part, takesCoarse);
                if (isThere) {
                    reused++;
                    continue;
                }
                reused += TileParts.covers(missing.part(tile), part) ? 1 : 0;
                coarse.set(tile, takesCoarse && (coarse.get(tile) || missing.part(tile) == 0)); // if all take it
                missing.add(tile, part);
            }
            if (lane.video() != null) {
                key |= viewer.video().needsKey(lane.video());
                budget = Math.min(budget, viewer.budget());
            }
        }
        counters.reused(reused);
        return begin(lane, wanted, coarse, new VideoFrame(moving, key, budget, now));
    }

    private static EncodeJob begin(TileLane lane, TileParts wanted, BitSet coarse, VideoFrame frame) {
        if (frame.isWorthIt()) {
            return lane.begin(wanted, coarse, frame);
        }
        TileParts few = frame.parts();
        for (int tile = few.next(0); tile >= 0; tile = few.next(tile + 1)) {
            if (!lane.isCurrent(tile, few.part(tile), coarse.get(tile))) {
                wanted.add(tile, few.part(tile));
            }
        }
        return wanted.isEmpty() ? null : lane.begin(wanted, coarse);
    }

    private void encoded(LaneUse use, EncodeJob job) {
        finish(use, job);
        ended.accept(job.failure());
    }

    private void finish(LaneUse use, EncodeJob job) {
        encoding.remove(use.lane().screen());
        counters.encoded(job.finish(), job.frames(), job.nanos());
        deliver(use);
    }

    private void deliver(LaneUse use) {
        long now = loop.now();
        boolean alone = isAlone(use.lane());
        for (Viewer viewer : use.waiting()) {
            if (viewer.lane() != use.lane()) {
                continue; // it has left, or its screen is another one now
            }
            viewer.send(use.lane(), alone, now);
        }
        use.waiting().clear();
    }

    /** Whether a lane has one viewer at most. */
    private boolean isAlone(TileLane lane) {
        int count = 0;
        for (Viewer viewer : viewers) {
            count += viewer.lane() == lane ? 1 : 0;
        }
        return count <= 1;
    }
}
