// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Region;
import org.rdpmux.server.console.ViewerPort.Stage;
import org.rdpmux.server.screen.EncodeRound;
import org.rdpmux.server.screen.EncoderPool;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Pace;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a console's viewers see, on its way to them: the place where the Screen, the viewers' windows, their lanes and the
 * encoders meet. Lives on the console's thread.
 *
 * <p>All work happens in {@link #pump}, which every event calls: tick if the frame clock says so and a viewer can take
 * something, encode what the ready viewers need, hand it to them. While tiles are being encoded the snapshot stands still:
 * ticks and mode changes wait for the end of the round.
 */
final class ConsoleOutput {

    /** Whose screen it is. */
    interface Owner {
        String name();

        /** Those who look on, and those who are about to. */
        List<ViewerPort> ports();

        /** The guest's screen is this one now, and not yet shown to anybody whom it does not fit. */
        void screenReplaced(boolean sameSize);
    }

    /** Size of the dark screen a viewer sees if the guest's never was known. */
    static final int FIRST_WIDTH = 640;

    static final int FIRST_HEIGHT = 480;

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleOutput.class);

    /** A lane and what the current round needs of it. */
    private static final class LaneUse {
        final TileLane lane;
        final BitSet inRound = new BitSet();

        LaneUse(TileLane lane) {
            this.lane = lane;
        }
    }

    private final ConsoleLoop loop;
    private final EncoderPool encoders;
    private final long intervalNanos;
    private final DisplayKeeper keeper;
    private final ConsoleCounters counters;
    private final Owner owner;
    private final Map<EncoderProfile, LaneUse> lanes = new HashMap<>();
    private final Pace pace;
    private final List<ViewerPort> inRound = new ArrayList<>();
    private Screen screen;
    private Framebuffer framebuffer;
    private Framebuffer nextFramebuffer;
    private PointerShape pointer = new PointerShape.Default();
    private boolean encoding;
    private boolean closed;
    private ConsoleLoop.Timer timer;
    private long timerAt = Screen.NEVER;

    ConsoleOutput(
            ConsoleLoop loop,
            EncoderPool encoders,
            int frameRate,
            DisplayKeeper keeper,
            ConsoleCounters counters,
            Owner owner) {
        this.loop = loop;
        this.encoders = encoders;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / frameRate;
        this.keeper = keeper;
        this.counters = counters;
        this.owner = owner;
        this.pace = new Pace(frameRate);
        keeper.setFrameRate(frameRate);
        this.screen = new Screen(FIRST_WIDTH, FIRST_HEIGHT, intervalNanos);
    }

    /** The screen as it was seen last; that of {@link #FIRST_WIDTH} if it never was. */
    TileGrid grid() {
        return screen.grid();
    }

    /** Whether the guest's screen is to be had at present. */
    boolean hasFramebuffer() {
        return framebuffer != null;
    }

    /** True while a round is under way. */
    boolean isEncoding() {
        return encoding;
    }

    void close() {
        closed = true;
    }

    // ---- viewers ----

    /** Begins to show the screen to a viewer. */
    void show(ViewerPort port) {
        port.stage = Stage.SHOWING;
        LaneUse use = lanes.computeIfAbsent(
                port.viewer.profile(), profile -> new LaneUse(new TileLane(profile, screen.grid())));
        port.viewer.show(screen.grid(), use.lane, pointer);
    }

    /** Shows a viewer that leaves nothing any more. */
    void leave(ViewerPort port) {
        if (port.viewer != null) {
            port.viewer.hide();
            closeUnusedLanes();
        }
        pump();
    }

    private void closeUnusedLanes() {
        lanes.values().removeIf(use -> {
            boolean unused =
                    owner.ports().stream().noneMatch(port -> port.viewer != null && port.viewer.lane() == use.lane);
            if (unused) {
                use.lane.close();
            }
            return unused;
        });
    }

    void drained(ViewerPort port) {
        if (port.viewer != null) {
            port.viewer.window().drained(loop.now());
            port.publishDrained();
            pump();
        }
    }

    /** A client said something about its output. */
    void heard(ViewerPort port, ClientMailbox.News news) {
        if (port.viewer == null) {
            return;
        }
        long now = loop.now();
        if (news.acknowledgement() != null) {
            port.viewer
                    .window()
                    .acknowledged(
                            news.acknowledgement().frame(),
                            news.acknowledgement().queueDepth(),
                            now);
            port.publish(now);
        }
        if (news.outputWanted() != null && news.outputWanted()) {
            port.viewer.allow(now);
        } else if (news.outputWanted() != null) {
            port.viewer.suppress(now);
        }
        if (news.refresh() != null) {
            news.refresh().rectangles().forEach(port.viewer::owe);
        }
        pump();
    }

    // ---- the display ----

    /** The guest's screen has this framebuffer now. */
    void displayResized(Framebuffer newest) {
        nextFramebuffer = newest;
        if (!encoding) {
            changeFramebuffer();
        }
    }

    private void changeFramebuffer() {
        framebuffer = nextFramebuffer;
        nextFramebuffer = null;
        long now = loop.now();
        TileGrid grid = screen.grid();
        boolean sameSize = grid.width() == framebuffer.width() && grid.height() == framebuffer.height();
        if (!sameSize) {
            lanes.values().forEach(use -> use.lane.close());
            lanes.clear();
            screen = new Screen(framebuffer.width(), framebuffer.height(), intervalNanos);
            owner.ports().stream().filter(port -> port.viewer != null).forEach(port -> port.viewer.hide());
        }
        screen.damaged(framebuffer.bounds(), now);
        tick(now);
        owner.screenReplaced(sameSize);
        pump();
    }

    void damaged(Region damage) {
        long now = loop.now();
        for (int i = 0; i < damage.count(); i++) {
            screen.damaged(damage.get(i), now);
        }
    }

    void pointer(PointerShape shape) {
        if (!shape.equals(pointer)) {
            pointer = shape;
            owner.ports().stream().filter(port -> port.viewer != null).forEach(port -> port.viewer.owePointer(pointer));
        }
    }

    void displayGone() {
        framebuffer = null;
        nextFramebuffer = null;
    }

    // ---- frames ----

    /** Does what is due. To be called after every event. */
    void pump() {
        if (closed || encoding) {
            return;
        }
        long now = loop.now();
        keeper.setActive(owner.ports().isEmpty() || owner.ports().stream().anyMatch(port -> looksOn(port, now)));
        if (framebuffer != null && screen.nextDeadline() <= now && anyWindowOpen(now)) {
            boolean late = now - screen.nextDeadline() > intervalNanos / 2;
            pace.frame(!late && owner.ports().stream().anyMatch(ConsoleOutput::hasAll));
            keeper.setFrameRate(pace.framesPerSecond());
            tick(now);
        }
        collect(now);
        if (!encoding) {
            arm(now);
        }
    }

    private static boolean hasAll(ViewerPort port) {
        return port.stage == Stage.SHOWING && port.viewer.owesNothing();
    }

    private static boolean looksOn(ViewerPort port, long now) {
        return port.viewer == null || !port.viewer.isSuppressed(now);
    }

    private boolean anyWindowOpen(long now) {
        for (ViewerPort port : owner.ports()) {
            if (port.stage == Stage.SHOWING
                    && !port.viewer.isSuppressed(now)
                    && port.viewer.window().isOpen(now)) {
                return true;
            }
        }
        return false;
    }

    private void tick(long now) {
        BitSet changed = screen.tick(framebuffer, now);
        counters.tick(changed.cardinality(), screen.lastTouched());
        for (ViewerPort port : owner.ports()) {
            if (port.viewer != null) {
                port.viewer.owe(changed);
            }
        }
    }

    /** Lets every ready viewer choose its tiles and has those encoded that are not yet. */
    private void collect(long now) {
        inRound.clear();
        EncodeRound round = null;
        int reused = 0;
        for (ViewerPort port : owner.ports()) {
            port.publish(now);
            if (port.stage != Stage.SHOWING || !port.viewer.isReady(now)) {
                continue;
            }
            inRound.add(port);
            LaneUse use = lanes.get(port.viewer.profile());
            int count = port.viewer.pick();
            for (int i = 0; i < count; i++) {
                int tile = port.viewer.picked(i);
                if (use.lane.has(tile, screen.version(tile)) || use.inRound.get(tile)) {
                    reused++;
                } else {
                    use.inRound.set(tile);
                    round = round == null ? new EncodeRound(screen) : round;
                    round.add(use.lane, tile);
                }
            }
        }
        if (round != null) {
            encode(round);
        } else if (!inRound.isEmpty()) {
            deliver();
        }
        counters.round(0, reused, 0);
    }

    private void encode(EncodeRound round) {
        encoding = true;
        encoders.run(round, () -> loop.execute(() -> encoded(round)));
    }

    private void encoded(EncodeRound round) {
        encoding = false;
        if (round.failure() != null) {
            LOG.error("{}: a tile could not be encoded", owner.name(), round.failure());
        }
        for (int i = 0; i < round.count(); i++) {
            TileLane lane = round.lane(i);
            if (round.bytes(i) == null) {
                continue;
            }
            if (lane.isClosed()) {
                round.bytes(i).release();
            } else {
                int tile = round.tile(i);
                lane.put(tile, screen.version(tile), round.bytes(i), round.encoding(i));
            }
        }
        lanes.values().forEach(use -> use.inRound.clear());
        counters.round(round.count(), 0, round.nanos());
        deliver();
        if (nextFramebuffer != null) {
            changeFramebuffer();
        } else {
            pump();
        }
    }

    private void deliver() {
        long now = loop.now();
        for (ViewerPort port : inRound) {
            if (port.stage == Stage.SHOWING) {
                port.link.send(port.viewer.take(now));
                port.publishSent(now);
            }
        }
        inRound.clear();
    }

    /** Sees to it that {@link #pump} is called when something becomes due. */
    private void arm(long now) {
        long at = framebuffer != null && anyWindowOpen(now) ? screen.nextDeadline() : Screen.NEVER;
        for (ViewerPort port : owner.ports()) {
            if (port.viewer != null) {
                at = Math.min(at, port.viewer.nextDeadline(now));
            }
        }
        if (at == timerAt) {
            return;
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        timerAt = at;
        if (at != Screen.NEVER) {
            timer = loop.schedule(this::timedOut, Math.max(0, at - now));
        }
    }

    private void timedOut() {
        timer = null;
        timerAt = Screen.NEVER;
        pump();
    }
}
