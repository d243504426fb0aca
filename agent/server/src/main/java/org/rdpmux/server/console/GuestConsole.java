// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.console.ViewerPort.Stage;
import org.rdpmux.server.sharing.EncoderProfile;
import org.rdpmux.server.sharing.InputArbiter;
import org.rdpmux.server.sharing.InputQueue;
import org.rdpmux.server.sharing.Pace;
import org.rdpmux.server.sharing.Screen;
import org.rdpmux.server.sharing.TileGrid;
import org.rdpmux.server.sharing.TileLane;
import org.rdpmux.server.sharing.Viewer;
import org.rdpmux.server.sharing.ViewerInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One guest's console: the place where its display, its Screen, the viewers, their lanes and the encoders meet. It lives
 * on its own thread; the public methods may be called from any.
 *
 * <p>All work happens in {@link #pump}, which every event calls: tick if the frame clock says so and a viewer can take
 * something, encode what the ready viewers need, hand it to them. While tiles are being encoded the snapshot stands still:
 * ticks and mode changes wait for the end of the round.
 */
public final class GuestConsole implements DisplayKeeper.Owner {

    /** What a console is made with. */
    public record Settings(int frameRate, long lingerNanos) {}

    /** How long a client that connects waits for the guest's screen to become known. */
    static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    /** Size of the dark screen a viewer sees if the guest's never was known. */
    static final int FIRST_WIDTH = 640;

    static final int FIRST_HEIGHT = 480;

    private static final Logger LOG = LoggerFactory.getLogger(GuestConsole.class);

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
    private final InputArbiter arbiter = new InputArbiter(this::sendInput);
    private final ConsoleCounters counters = new ConsoleCounters();
    private final List<ViewerPort> ports = new CopyOnWriteArrayList<>();
    private final Map<EncoderProfile, LaneUse> lanes = new HashMap<>();
    private final Pace pace;
    private final List<ViewerPort> inRound = new ArrayList<>();
    private Screen screen;
    private Framebuffer framebuffer;
    private Framebuffer nextFramebuffer;
    private PointerShape pointer = new PointerShape.Default();
    /** The guest's LEDs; null while they are not known. */
    private LockKeys locks;

    private boolean encoding;
    private boolean closed;
    private ConsoleLoop.Timer timer;
    private long timerAt = Screen.NEVER;
    private volatile String name;
    // The guest's screen as far as it ever was known.
    private volatile Rect knownSize = Rect.EMPTY;

    public GuestConsole(
            String name, Supplier<GuestDisplay> displays, Settings settings, ConsoleLoop loop, EncoderPool encoders) {
        this.name = name;
        this.loop = loop;
        this.encoders = encoders;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / settings.frameRate();
        this.keeper = new DisplayKeeper(loop, this, this::name, settings.lingerNanos(), displays);
        this.pace = new Pace(settings.frameRate());
        keeper.setFrameRate(settings.frameRate());
        this.screen = new Screen(FIRST_WIDTH, FIRST_HEIGHT, intervalNanos);
        post(keeper::probe);
    }

    public String name() {
        return name;
    }

    public void rename(String newName) {
        name = newName;
    }

    public void setDisplays(Supplier<GuestDisplay> displays) {
        post(() -> {
            if (!closed) {
                keeper.replace(displays);
            }
        });
    }

    public ConsoleStatus status() {
        Rect size = knownSize;
        return new ConsoleStatus(
                name,
                keeper.kind(),
                size.width(),
                size.height(),
                keeper.state(),
                keeper.reason(),
                viewers().size(),
                counters.snapshot());
    }

    public List<ViewerStatus> viewers() {
        long now = loop.now();
        return ports.stream().flatMap(port -> port.status(now).stream()).toList();
    }

    public void disconnect(long viewerId, DisconnectReason reason) {
        ports.stream().filter(port -> port.id() == viewerId).forEach(port -> port.disconnect(reason));
    }

    /** Closes the display and sends everybody away. Idempotent. */
    public void close(DisconnectReason reason) {
        post(() -> {
            if (!closed) {
                closed = true;
                ports.forEach(port -> port.disconnect(reason));
                keeper.close();
            }
        });
    }

    /**
     * A client that is welcome here. It is offered a desktop size next; a closed console sends it away.
     *
     * @param id unique among all viewers
     */
    public ViewerPort join(long id, ViewerLink link) {
        ViewerPort port = new ViewerPort(id, Instant.now(), this, link);
        post(() -> joined(port));
        return port;
    }

    void post(Runnable task) {
        loop.execute(task);
    }

    // ---- viewers, on the console's thread ----

    private void joined(ViewerPort port) {
        if (closed) {
            port.disconnect(DisconnectReason.CONSOLE_CLOSED);
            return;
        }
        ports.add(port);
        keeper.setActive(true);
        keeper.want(true);
        if (framebuffer != null) {
            offer(port);
        } else {
            port.offerTimer = loop.schedule(() -> offer(port), OFFER_NANOS);
        }
    }

    private void offer(ViewerPort port) {
        if (port.stage == Stage.JOINING) {
            port.stage = Stage.CONNECTING;
            if (port.offerTimer != null) {
                port.offerTimer.cancel();
            }
            port.link.offerDesktop(screen.grid().width(), screen.grid().height());
        }
    }

    void activated(ViewerPort port, ViewerIdentity who, ViewerSettings agreed) {
        if (port.stage != Stage.CONNECTING && port.stage != Stage.RESIZING) {
            return;
        }
        port.identity = who;
        port.settings = agreed;
        if (port.seat == null) {
            port.seat = arbiter.join();
        }
        if (port.viewer == null || !port.viewer.profile().equals(agreed.profile())) {
            port.viewer = new Viewer(agreed.profile(), agreed.frameLimit());
        }
        if (agreed.resizable() && !hasScreensSize(agreed)) {
            resize(port);
        } else {
            show(port);
        }
        port.publish(loop.now());
        pump();
    }

    private boolean hasScreensSize(ViewerSettings settings) {
        return settings.width() == screen.grid().width()
                && settings.height() == screen.grid().height();
    }

    private void resize(ViewerPort port) {
        port.stage = Stage.RESIZING;
        port.link.resize(screen.grid().width(), screen.grid().height());
    }

    private void show(ViewerPort port) {
        port.stage = Stage.SHOWING;
        LaneUse use = lanes.computeIfAbsent(
                port.viewer.profile(), profile -> new LaneUse(new TileLane(profile, screen.grid())));
        port.viewer.show(screen.grid(), use.lane, pointer);
        if (locks != null) {
            port.link.locks(locks);
        }
    }

    void takeInput(ViewerPort port) {
        List<ViewerInput> inputs = port.inputQueue.take();
        if (port.seat != null && port.stage != Stage.GONE) {
            inputs.forEach(port.seat::on);
        }
        if (inputs.size() >= InputQueue.LIMIT) {
            port.link.resumeInput();
        }
    }

    void drained(ViewerPort port) {
        if (port.viewer != null) {
            port.viewer.window().drained(loop.now());
            port.publishDrained();
            pump();
        }
    }

    void acknowledged(ViewerPort port, int frame, int queueDepth) {
        if (port.viewer != null) {
            port.viewer.window().acknowledged(frame, queueDepth, loop.now());
            port.publish(loop.now());
            pump();
        }
    }

    void allowOutput(ViewerPort port, boolean allowed) {
        if (port.viewer == null) {
            return;
        }
        if (allowed) {
            port.viewer.allow(loop.now());
        } else {
            port.viewer.suppress(loop.now());
        }
        pump();
    }

    void refresh(ViewerPort port, List<Rect> areas) {
        if (port.viewer != null) {
            areas.forEach(port.viewer::owe);
            pump();
        }
    }

    void leave(ViewerPort port) {
        if (port.stage == Stage.GONE) {
            return;
        }
        port.stage = Stage.GONE;
        ports.remove(port);
        if (port.viewer != null) {
            port.viewer.hide();
            port.seat.leave();
            closeUnusedLanes();
        }
        if (ports.isEmpty()) {
            keeper.want(false);
        }
        pump();
    }

    private void closeUnusedLanes() {
        lanes.values().removeIf(use -> {
            boolean unused = ports.stream().noneMatch(port -> port.viewer != null && port.viewer.lane() == use.lane);
            if (unused) {
                use.lane.close();
            }
            return unused;
        });
    }

    private void sendInput(InputEvent event) {
        counters.input();
        if (event instanceof InputEvent.PointerMove move) {
            keeper.send(new InputEvent.PointerMove(
                    Math.min(move.x(), screen.grid().width() - 1),
                    Math.min(move.y(), screen.grid().height() - 1)));
        } else {
            keeper.send(event);
        }
    }

    // ---- the display, on the console's thread ----

    @Override
    public void displayResized(Framebuffer newest) {
        nextFramebuffer = newest;
        if (!encoding) {
            changeFramebuffer();
        }
    }

    private void changeFramebuffer() {
        framebuffer = nextFramebuffer;
        nextFramebuffer = null;
        knownSize = framebuffer.bounds();
        long now = loop.now();
        TileGrid grid = screen.grid();
        boolean sameSize = grid.width() == framebuffer.width() && grid.height() == framebuffer.height();
        if (!sameSize) {
            lanes.values().forEach(use -> use.lane.close());
            lanes.clear();
            screen = new Screen(framebuffer.width(), framebuffer.height(), intervalNanos);
        }
        screen.damaged(framebuffer.bounds(), now);
        tick(now);
        for (ViewerPort port : ports) {
            if (port.stage == Stage.JOINING) {
                offer(port);
            } else if (!sameSize && port.stage == Stage.SHOWING) {
                port.viewer.hide();
                if (port.settings.resizable()) {
                    resize(port);
                } else {
                    show(port);
                }
            }
        }
        pump();
    }

    @Override
    public void displayChanged(DisplayMailbox.News news) {
        long now = loop.now();
        for (int i = 0; i < news.damage().count(); i++) {
            screen.damaged(news.damage().get(i), now);
        }
        if (news.locks() != null) {
            arbiter.guestLocks(news.locks());
            locks = news.locks();
            ports.stream().filter(port -> port.stage == Stage.SHOWING).forEach(port -> port.link.locks(locks));
        }
        if (news.pointer() != null && !news.pointer().equals(pointer)) {
            pointer = news.pointer();
            ports.stream().filter(port -> port.viewer != null).forEach(port -> port.viewer.owePointer(pointer));
        }
        if (news.warp() != null) {
            ports.stream()
                    .filter(port -> port.stage == Stage.SHOWING)
                    .forEach(port ->
                            port.link.warpPointer(news.warp().x(), news.warp().y()));
        }
        pump();
    }

    @Override
    public void displayGone() {
        framebuffer = null;
        nextFramebuffer = null;
        locks = null;
        arbiter.reset();
    }

    // ---- output, on the console's thread ----

    private void pump() {
        if (closed || encoding) {
            return;
        }
        long now = loop.now();
        keeper.setActive(ports.isEmpty() || ports.stream().anyMatch(port -> looksOn(port, now)));
        if (framebuffer != null && screen.nextDeadline() <= now && anyWindowOpen(now)) {
            boolean late = now - screen.nextDeadline() > intervalNanos / 2;
            pace.frame(!late && ports.stream().anyMatch(GuestConsole::hasAll));
            keeper.setFrameRate(pace.framesPerSecond());
            tick(now);
        }
        collect(now);
        if (!encoding) {
            arm(now);
        }
    }

    /** True while a round is under way. */
    boolean isEncoding() {
        return encoding;
    }

    private static boolean hasAll(ViewerPort port) {
        return port.stage == Stage.SHOWING && port.viewer.owesNothing();
    }

    private static boolean looksOn(ViewerPort port, long now) {
        return port.viewer == null || !port.viewer.isSuppressed(now);
    }

    private boolean anyWindowOpen(long now) {
        for (ViewerPort port : ports) {
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
        for (ViewerPort port : ports) {
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
        for (ViewerPort port : ports) {
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
        encoders.run(round, () -> post(() -> encoded(round)));
    }

    private void encoded(EncodeRound round) {
        encoding = false;
        if (round.failure() != null) {
            LOG.error("{}: a tile could not be encoded", name, round.failure());
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
        for (ViewerPort port : ports) {
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
