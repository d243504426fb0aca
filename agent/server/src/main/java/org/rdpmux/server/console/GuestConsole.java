// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rdpmux.codec.VideoEncoderProvider;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;
import org.rdpmux.security.access.AuditSink;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.ConsoleListener;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.OutputStatus;
import org.rdpmux.server.ServerOptions;
import org.rdpmux.server.SoundPolicy;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.screen.EncodeRunner;

/**
 * One guest's console: its viewers, from joining to leaving, and its display. What viewers see is {@link ConsoleVideo}'s,
 * what they type {@link ConsoleInput}'s. It lives on its own thread; the public methods may be called from any.
 *
 * <p>Has more fields than most classes: its parts, and its name and size, which others read. These are volatile.
 */
public final class GuestConsole {

    /**
     * What a console is made with.
     *
     * @param frameRate frames per second at most, 1 or more
     * @param lingerNanos how long the display stays open after the last viewer left
     * @param display what viewers may have of the guest's display beside pixels and keys
     * @param audit takes what they exchanged
     * @param encoders have the screen encoded
     * @param video encodes what moves like a video, if that can be
     * @param pixels what screens' pixels are counted by
     * @param probes whom to ask before a display is opened only to learn its size
     * @param listener hears of the display and of viewers
     */
    public record Options(
            int frameRate,
            long lingerNanos,
            ServerOptions.Display display,
            AuditSink audit,
            EncodeRunner encoders,
            Optional<VideoEncoderProvider> video,
            PixelBudget pixels,
            ProbeQueue probes,
            ConsoleListener listener) {
        long frameNanos() {
            return TimeUnit.SECONDS.toNanos(1) / frameRate;
        }
    }

    /** How long a client that connects waits for the guest's screen to become known. */
    static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private static final Rect PLACEHOLDER = new Rect(0, 0, 640, 480);

    /** Firmware sets a mode well within this: before the third probe. */
    static final long FIRMWARE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final ConsoleLoop loop;
    private final ConsoleListener listener;
    private final DisplayKeeper keeper;
    private final ConsoleCounters counters = new ConsoleCounters();
    private final OutputCounters output = new OutputCounters();
    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private final ConsoleVideo video;
    private final ConsoleInput input;
    private final ConsolePrograms programs;
    private final SizeControl sizes;
    private final ClipboardControl clipboard;
    private final SoundControl sound;
    private final SoundPolicy hearing;
    private final Notice notice;
    /** The guest's LEDs; null while they are not known. */
    private LockKeys locks;

    private long displaysSince;
    private boolean closed;
    private volatile String name;
    // The guest's screen as far as it ever was known.
    private volatile Rect knownSize = Rect.EMPTY;

    /** @param displays see {@link org.rdpmux.server.RdpServer#openConsole} */
    public GuestConsole(String name, Supplier<GuestDisplay> displays, Options options, ConsoleLoop loop) {
        this.name = name;
        this.loop = loop;
        this.listener = options.listener();
        this.keeper = new DisplayKeeper(
                loop,
                this::name,
                options,
                displays,
                new DisplayKeeper.Owner(this::displayChanged, this::displayGone, this::tellDisplay));
        this.video = new ConsoleVideo(loop, options, keeper, counters, this::name, viewers);
        this.input = new ConsoleInput(loop, keeper, counters, video::grid);
        this.programs = new ConsolePrograms(loop, keeper, video, input);
        this.sizes = new SizeControl(loop, keeper, options.display().resizing());
        this.clipboard = new ClipboardControl(
                loop, keeper, options.display().clipboard(), new ClipboardAudit(loop, this::name, options.audit()));
        this.sound = new SoundControl(keeper);
        this.hearing = options.display().sound();
        this.notice = new Notice(loop, this::name, keeper, video);
        this.displaysSince = loop.now();
        loop.execute(keeper::probe);
    }

    public String name() {
        return name;
    }

    public void rename(String newName) {
        name = newName;
    }

    public void setDisplays(Supplier<GuestDisplay> displays) {
        loop.execute(() -> {
            if (!closed) {
                displaysSince = loop.now();
                knownSize = Rect.EMPTY; // of another display
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

    public OutputStatus output() {
        return output.snapshot();
    }

    /** Whether clients may ask for another size of the screen. */
    public boolean takesSizes() {
        return sizes.isAllowed();
    }

    /** What clients that may type are offered of the clipboard. */
    public ClipboardPolicy clipboard() {
        return clipboard.policy();
    }

    /** Which clients are offered what the guest plays. */
    public SoundPolicy sound() {
        return hearing;
    }

    public List<ViewerStatus> viewers() {
        long now = loop.now();
        return viewers.stream()
                .flatMap(viewer -> viewer.report().status(now).stream())
                .toList();
    }

    public void disconnect(long viewerId, DisconnectReason reason) {
        viewers.stream()
                .filter(viewer -> viewer.report().id() == viewerId)
                .forEach(viewer -> viewer.outbox().post(new ToViewer.Disconnect(reason)));
    }

    /** What programs do here. */
    public ConsolePrograms programs() {
        return programs;
    }

    /** Closes the display and sends everybody away. Idempotent. */
    public void close(DisconnectReason reason) {
        loop.execute(() -> {
            if (!closed) {
                closed = true;
                video.close();
                programs.close();
                viewers.forEach(viewer -> viewer.outbox().post(new ToViewer.Disconnect(reason)));
                keeper.close();
            }
        });
    }

    /**
     * A client that is welcome here. It is offered a desktop size next; a closed console sends it away.
     *
     * @param id unique among all viewers
     * @param clientLoop the connection's thread
     * @param client takes the console's messages, on the connection's thread
     * @return where the client's messages go, from the connection's thread
     */
    public ViewerInbox join(long id, Executor clientLoop, Consumer<ToViewer> client) {
        Viewer viewer = new Viewer(id, clientLoop, client, told -> loop.execute(() -> read(told)), output);
        loop.execute(() -> joined(viewer));
        return viewer.inbox();
    }

    /** True while part of the screen is being encoded. On the console's thread. */
    boolean isEncoding() {
        return video.isEncoding();
    }

    /** The console's viewers; their state belongs to the console's thread. */
    List<Viewer> allViewers() {
        return viewers;
    }

    // ---- viewers, on the console's thread ----

    private void joined(Viewer viewer) {
        if (closed) {
            viewer.outbox().post(new ToViewer.Disconnect(DisconnectReason.CONSOLE_CLOSED));
            return;
        }
        viewers.add(viewer);
        keeper.setActive(true);
        keeper.wishes().set(DisplayWishes.Wish.VIEWERS, true);
        if (video.hasFramebuffer()) {
            viewer.offer(video.grid());
        } else {
            viewer.awaitOffer(loop.schedule(() -> viewer.offer(video.grid()), OFFER_NANOS));
        }
    }

    private void read(Viewer viewer) {
        ToConsole message = viewer.inbox().poll();
        if (message != null) {
            for (; message != null; message = viewer.inbox().poll()) {
                on(viewer, message);
            }
            video.pump();
        }
        input.read(viewer);
    }

    private void on(Viewer viewer, ToConsole message) {
        if (message instanceof ToConsole.Activated activated) {
            activated(viewer, activated);
        } else if (message instanceof ToConsole.Keyboard keyboard) {
            input.layout(viewer, keyboard.layout());
        } else if (message instanceof ToConsole.Drained drained) {
            viewer.drained(drained, loop.now());
        } else if (message instanceof ToConsole.Acknowledged acknowledged) {
            viewer.acknowledged(acknowledged, loop.now());
        } else if (message instanceof ToConsole.RoundTrip roundTrip) {
            viewer.roundTrip(roundTrip, loop.now());
        } else if (message instanceof ToConsole.SizeWanted size) {
            sizes.wanted(viewer, size.width(), size.height());
        } else if (message instanceof ToConsole.Clipboard said) {
            clipboard.heard(viewer, said.event());
        } else if (message instanceof ToConsole.ClipboardClosed) {
            clipboard.left(viewer);
        } else if (message instanceof ToConsole.Listens listens) {
            sound.listens(viewer, listens.sound());
        } else if (message instanceof ToConsole.OutputWanted output) {
            viewer.outputWanted(output.wanted(), loop.now());
        } else if (message instanceof ToConsole.Refresh refresh) {
            viewer.refresh(refresh);
        } else if (message instanceof ToConsole.Reachable reachable) {
            input.reachable(viewer, reachable.reachable());
        } else if (message instanceof ToConsole.Left) {
            leave(viewer);
        }
    }

    private void activated(Viewer viewer, ToConsole.Activated activated) {
        boolean joins = viewer.report().status(loop.now()).isEmpty();
        if (viewer.activated(activated, loop.now())) {
            input.join(viewer);
            notice.update();
            video.showOrResize(viewer);
            if (viewer.isShowing() && locks != null) {
                viewer.outbox().post(new ToViewer.Locks(input.locks()));
            }
            if (joins) {
                viewer.report().status(loop.now()).ifPresent(listener::viewerJoined);
            }
        }
    }

    private void leave(Viewer viewer) {
        if (viewer.leave()) {
            viewers.remove(viewer);
            input.leave(viewer);
            video.leave();
            sizes.left(viewer, viewers.isEmpty());
            clipboard.left(viewer);
            sound.left(viewer);
            viewer.report().status(loop.now()).ifPresent(listener::viewerLeft);
            keeper.wishes().set(DisplayWishes.Wish.VIEWERS, !viewers.isEmpty());
        }
    }

    // ---- the display, on the console's thread ----

    private void displayChanged(DisplayChanges changes) {
        if (changes.framebuffer() != null) {
            if (keeper.isWanted() || !isPlaceholder(changes.framebuffer().bounds())) {
                knownSize = changes.framebuffer().bounds();
            }
            video.displayResized(changes.framebuffer());
            sizes.displayResized(changes.framebuffer().bounds());
            clipboard.displayRuns();
            tellDisplay();
        }
        if (changes.locks() != null) {
            input.locks(changes.locks());
            locks = input.locks();
            tellAll(new ToViewer.Locks(locks));
        }
        if (changes.warp() != null) {
            tellAll(new ToViewer.PointerWarped(
                    changes.warp().x(), changes.warp().y()));
        }
        changes.clipboard().forEach(clipboard::guestSays);
        sound.guestPlays(changes.sound());
        video.displayChanged(changes);
    }

    /**
     * Until its guest's firmware has set a mode, QEMU shows a screen of its own of this size. Nobody sees a difference to a
     * guest's mode: soon after the start the size is taken for unknown, and learnt with a later probe.
     */
    private boolean isPlaceholder(Rect size) {
        return size.equals(PLACEHOLDER) && loop.now() - displaysSince < FIRMWARE_NANOS;
    }

    private void tellAll(ToViewer message) {
        viewers.stream()
                .filter(Viewer::isShowing)
                .forEach(viewer -> viewer.outbox().post(message));
    }

    private void tellDisplay() {
        notice.update();
        programs.displayState();
        listener.displayChanged(status());
    }

    private void displayGone() {
        locks = null;
        video.displayGone();
        sizes.displayGone();
        clipboard.displayGone();
        input.displayGone();
    }
}
