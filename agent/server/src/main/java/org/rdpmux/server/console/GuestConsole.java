// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.Rect;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.console.ViewerPort.Stage;
import org.rdpmux.server.screen.EncoderPool;
import org.rdpmux.server.screen.TileGrid;

/**
 * One guest's console: who looks on, from joining to leaving, and which display there is. What they see is {@link
 * ConsoleOutput}'s, what they type {@link ConsoleInput}'s. It lives on its own thread; the public methods may be called from
 * any.
 */
public final class GuestConsole implements DisplayKeeper.Owner, ConsoleOutput.Owner {

    /** What a console is made with. */
    public record Options(int frameRate, long lingerNanos) {}

    /** How long a client that connects waits for the guest's screen to become known. */
    static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final ConsoleCounters counters = new ConsoleCounters();
    private final List<ViewerPort> ports = new CopyOnWriteArrayList<>();
    private final ConsoleOutput output;
    private final ConsoleInput input;
    /** The guest's LEDs; null while they are not known. */
    private LockKeys locks;

    private boolean closed;
    private volatile String name;
    // The guest's screen as far as it ever was known.
    private volatile Rect knownSize = Rect.EMPTY;

    public GuestConsole(
            String name, Supplier<GuestDisplay> displays, Options options, ConsoleLoop loop, EncoderPool encoders) {
        this.name = name;
        this.loop = loop;
        this.keeper = new DisplayKeeper(loop, this, this::name, options.lingerNanos(), displays);
        this.output = new ConsoleOutput(loop, encoders, options.frameRate(), keeper, counters, this);
        this.input = new ConsoleInput(loop, keeper, counters, output::grid);
        post(keeper::probe);
    }

    @Override
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
                output.close();
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

    /** True while tiles are being encoded. On the console's thread. */
    boolean isEncoding() {
        return output.isEncoding();
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
        if (output.hasFramebuffer()) {
            offer(port);
        } else {
            port.offerTimer = loop.schedule(() -> offer(port), OFFER_NANOS);
        }
    }

    private void offer(ViewerPort port) {
        if (port.stage == Stage.JOINING) {
            port.stage = Stage.CONNECTING;
            port.offerTimer = cancel(port.offerTimer);
            port.link.offerDesktop(output.grid().width(), output.grid().height());
        }
    }

    void activated(ViewerPort port, ViewerIdentity who, ViewerCapabilities agreed) {
        if (port.stage != Stage.CONNECTING && port.stage != Stage.RESIZING) {
            return;
        }
        port.identity = who;
        port.settings = agreed;
        input.join(port);
        if (port.viewer == null) {
            port.viewer = new Viewer(agreed.profile(), agreed.frameLimit());
        } else if (!port.viewer.profile().equals(agreed.profile())) {
            port.viewer = port.viewer.successor(agreed.profile(), agreed.frameLimit(), loop.now());
        }
        TileGrid grid = output.grid();
        if (agreed.resizable() && (agreed.width() != grid.width() || agreed.height() != grid.height())) {
            resize(port);
        } else {
            show(port);
        }
        port.publish(loop.now());
        output.pump();
    }

    private void show(ViewerPort port) {
        output.show(port);
        if (locks != null) {
            port.link.locks(input.locks());
        }
    }

    private void resize(ViewerPort port) {
        port.stage = Stage.RESIZING;
        port.link.resize(output.grid().width(), output.grid().height());
    }

    /** A viewer typed or pointed at something. */
    void takeInput(ViewerPort port) {
        input.told(port);
    }

    /** A viewer's client said something about its output. */
    void takeNews(ViewerPort port, ClientMailbox.News news) {
        output.heard(port, news);
    }

    /** A viewer's socket has taken the last batch. */
    void drained(ViewerPort port) {
        output.drained(port);
    }

    void leave(ViewerPort port) {
        if (port.stage == Stage.GONE) {
            return;
        }
        port.stage = Stage.GONE;
        port.offerTimer = cancel(port.offerTimer);
        ports.remove(port);
        input.leave(port);
        output.leave(port);
        if (ports.isEmpty()) {
            keeper.want(false);
        }
    }

    private static ConsoleLoop.Timer cancel(ConsoleLoop.Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
        return null;
    }

    @Override
    public List<ViewerPort> ports() {
        return ports;
    }

    @Override
    public void screenReplaced(boolean sameSize) {
        knownSize = new Rect(0, 0, output.grid().width(), output.grid().height());
        for (ViewerPort port : ports) {
            if (port.stage == Stage.JOINING) {
                offer(port);
            } else if (!sameSize && port.stage == Stage.SHOWING) {
                if (port.settings.resizable()) {
                    resize(port);
                } else {
                    show(port);
                }
            }
        }
    }

    // ---- the display, on the console's thread ----

    @Override
    public void displayResized(Framebuffer newest) {
        output.displayResized(newest);
    }

    @Override
    public void displayChanged(DisplayMailbox.News news) {
        output.damaged(news.damage());
        if (news.locks() != null) {
            input.locks(news.locks());
            locks = input.locks();
            ports.stream().filter(port -> port.stage == Stage.SHOWING).forEach(port -> port.link.locks(locks));
        }
        if (news.pointer() != null) {
            output.pointer(news.pointer());
        }
        if (news.warp() != null) {
            ports.stream()
                    .filter(port -> port.stage == Stage.SHOWING)
                    .forEach(port ->
                            port.link.warpPointer(news.warp().x(), news.warp().y()));
        }
        output.pump();
    }

    @Override
    public void displayGone() {
        locks = null;
        output.displayGone();
        input.displayGone();
    }
}
