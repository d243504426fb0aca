// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.Rect;
import org.rdpmux.librdpmux.wire.GuestMessage;
import org.rdpmux.librdpmux.wire.HostMessage;
import org.rdpmux.librdpmux.wire.HostMessage.CompleteAtRate;
import org.rdpmux.librdpmux.wire.MalformedMessageException;
import org.rdpmux.librdpmux.wire.Numbering;
import org.rdpmux.librdpmux.wire.TransportReady.Framing;
import org.rdpmux.librdpmux.wire.TransportSniffer;

/**
 * A registered guest: its socket, its connection, its screen, and the displays that look at it. Confined to its event
 * loop, but for what {@link GuestRegistration} offers and {@link #post}.
 *
 * <p>INVARIANT: a guest that waits for acknowledges gets one for each update, whatever is wrong with the update, and one at
 * each connection, since the last one may have been lost with the connection before. A surplus one does no harm; a lost
 * one would freeze the guest's screen.
 *
 * <p>Has more fields than most classes: what it came with, and its connections, screen and displays now.
 */
final class Guest implements GuestRegistration {

    static final String ENDED = "the guest has ended";

    /** A guest has one connection, or two while an old one has not ended yet or with libraries that make two. */
    private static final int MAX_LINKS = 4;

    private final GuestSurroundings surroundings;
    private final EventLoop loop;
    private final GuestSocket socket;
    private final GuestClaim claim;
    private volatile GuestRecord record;
    private volatile GuestAccess access;

    private final GuestScreen screen = new GuestScreen(new ScreenOwner());
    private final GuestInput input;
    private final List<GuestLink> links = new ArrayList<>(1);
    private final Set<LibrdpmuxDisplay> displays = new LinkedHashSet<>();
    private GuestLink active;
    private int acknowledgedRate;
    private boolean closed;

    Guest(GuestRecord record, Path socketDirectory, EventLoop loop, GuestSurroundings surroundings) {
        this.record = record;
        this.access = record.access();
        this.claim = record.claim();
        this.socket =
                new GuestSocket(socketDirectory.resolve(record.socketName()), claim.process(), surroundings::isAlive);
        this.loop = loop;
        this.surroundings = surroundings;
        this.input = new GuestInput(loop, this::send);
    }

    @Override
    public String key() {
        return claim.key();
    }

    @Override
    public int id() {
        return claim.id();
    }

    @Override
    public Optional<UUID> uuid() {
        return claim.realUuid().or(record::vmUuid);
    }

    @Override
    public ProtocolVersion version() {
        return claim.version();
    }

    @Override
    public ProcessIdentity process() {
        return claim.process();
    }

    @Override
    public int requestedPort() {
        return claim.port();
    }

    @Override
    public GuestAccess access() {
        return access;
    }

    @Override
    public CompletableFuture<Void> changeAccess(UnaryOperator<GuestAccess> change) {
        return surroundings.changeAccess(this, change);
    }

    /** For the registry alone, which has saved it. */
    void setAccess(GuestAccess saved) {
        access = saved;
    }

    @Override
    public Path socket() {
        return socket.path();
    }

    @Override
    public GuestDisplay openDisplay() {
        return new LibrdpmuxDisplay(this, surroundings.frameRate());
    }

    /** What is to be kept of it. */
    GuestRecord record() {
        return record.with(access);
    }

    @Override
    public String toString() {
        return "guest " + claim.key() + " (librdpmux " + claim.version().number() + ", process "
                + claim.process().pid() + ")";
    }

    void warn(String what) {
        surroundings.log().warn("{}: {}", this, what);
    }

    /** Runs a task on the event loop; false if there is none any more. */
    boolean post(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Makes the socket; called once, from any thread. */
    ChannelFuture bind() {
        ChannelFuture bound = socket.bind(loop, this::accept, who -> warn("refused a connection from " + who));
        bound.addListener(done -> {
            if (!closed) {
                record.mode().ifPresent(screen::show);
            }
        });
        return bound;
    }

    /** Ends everything; displays hear the reason. From any thread, more than once if need be. */
    void close(String reason) {
        post(() -> {
            if (closed) {
                return;
            }
            closed = true;
            socket.close();
            List.copyOf(links).forEach(GuestLink::close);
            displays.forEach(display -> display.tellFailed(reason));
            displays.clear();
            screen.close();
        });
    }

    // connections

    private void accept(Channel channel) {
        if (links.size() == MAX_LINKS) {
            links.get(0).close();
        }
        GuestLink link = new GuestLink(this);
        links.add(link);
        channel.pipeline()
                .addLast(new TransportSniffer(claim.version().framings(), claim.uuid()))
                .addLast(link);
    }

    void ready(GuestLink link) {
        active = link;
        if (waitsForAcknowledges()) {
            acknowledge(link);
        }
        if (screen.framebuffer() != null) {
            screen.changed(
                    screen.framebuffer().bounds()); // what changed while there was no connection was told to nobody
        }
    }

    void lost(GuestLink link) {
        links.remove(link);
        if (active == link) {
            active = links.stream()
                    .filter(other -> other.framing() != null)
                    .reduce((first, second) -> second)
                    .orElse(null);
        }
        if (links.isEmpty() && !closed) {
            surroundings.mayHaveEnded(this, false);
        }
    }

    void received(GuestLink link, byte[] payload) {
        if (closed) {
            return;
        }
        active = link;
        boolean maybeUpdate = true;
        try {
            GuestMessage message = decode(payload);
            handle(link, message);
            maybeUpdate = message instanceof GuestMessage.Update;
        } catch (MalformedMessageException e) {
            warn(e.getMessage());
        }
        if (maybeUpdate && waitsForAcknowledges()) {
            acknowledge(link);
        }
    }

    private GuestMessage decode(byte[] payload) {
        GuestMessage.Numbered numbered = GuestMessage.decode(Unpooled.wrappedBuffer(payload));
        Optional<Numbering> known = record.numbering();
        if (known.isEmpty()) {
            record = record.with(numbered.numbering());
            surroundings.changed(this);
        } else if (known.get() != numbered.numbering()) {
            throw new MalformedMessageException(
                    "message: numbered " + numbered.numbering() + " in a guest that numbers " + known.get());
        }
        return numbered.message();
    }

    private void handle(GuestLink link, GuestMessage message) {
        if (message instanceof GuestMessage.Update update) {
            updated(link, update);
        } else if (message instanceof GuestMessage.SwitchMode change) {
            ScreenMode mode = ScreenMode.of(change);
            if (!record.mode().equals(Optional.of(mode))) {
                record = record.with(mode);
                surroundings.changed(this);
            }
            screen.show(mode);
        } else {
            surroundings.mayHaveEnded(this, true);
        }
    }

    private boolean waitsForAcknowledges() {
        return record.numbering().filter(Numbering.ZERO_BASED::equals).isPresent();
    }

    private void acknowledge(GuestLink link) {
        acknowledgedRate = frameRate();
        HostMessage message =
                link.framing() == Framing.SP ? new HostMessage.Complete() : new CompleteAtRate(acknowledgedRate);
        link.send(message, Numbering.ZERO_BASED);
    }

    // the screen

    private void updated(GuestLink link, GuestMessage.Update update) {
        if (record.mode().isEmpty()) {
            return;
        }
        ScreenMode mode = record.mode().get();
        if (version().announcesOnlyFirstChange(link.framing())) {
            screen.changed(mode.bounds());
        } else {
            mode.changed(update).ifPresent(screen::changed);
        }
    }

    /** Looks after the screen; called every few seconds, from any thread. */
    void check() {
        post(screen::check);
    }

    private final class ScreenOwner implements GuestScreen.Owner {
        @Override
        public boolean post(Runnable task) {
            return Guest.this.post(task);
        }

        @Override
        public void later(Runnable task, long millis) {
            loop.schedule(task, millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void runBlocking(Runnable task) {
            surroundings.runBlocking(task);
        }

        @Override
        public SharedMemory openMemory() throws IOException {
            return SharedMemory.open(
                    surroundings.sharedMemoryDirectory(), id(), process().uid());
        }

        @Override
        public void warn(String what) {
            Guest.this.warn(what);
        }

        @Override
        public void resized(Framebuffer framebuffer) {
            input.resize(framebuffer.width(), framebuffer.height());
            displays.forEach(display -> display.tellResized(framebuffer));
        }

        @Override
        public void damaged(Rect area) {
            displays.forEach(display -> display.tellDamaged(area));
        }
    }

    // viewers

    void attach(LibrdpmuxDisplay display) {
        if (closed) {
            display.tellFailed(ENDED);
            return;
        }
        displays.add(display);
        display.tellPointer();
        if (screen.framebuffer() != null) {
            display.tellResized(screen.framebuffer());
        }
        rateChanged();
    }

    void detach(LibrdpmuxDisplay display) {
        displays.remove(display);
    }

    void activityChanged(LibrdpmuxDisplay display) {
        if (screen.framebuffer() != null) {
            display.tellDamaged(screen.framebuffer().bounds());
        }
        rateChanged();
    }

    /** A guest that looks for changes too rarely is told at once; one that does so too often with the next update. */
    void rateChanged() {
        if (active != null && waitsForAcknowledges() && frameRate() > acknowledgedRate) {
            acknowledge(active);
        }
    }

    /** What the fastest of those who look on takes; slow when nobody does. */
    private int frameRate() {
        int wanted = displays.stream()
                .filter(LibrdpmuxDisplay::isActive)
                .mapToInt(LibrdpmuxDisplay::frameRate)
                .max()
                .orElse(CompleteAtRate.SLOWEST);
        return Math.max(CompleteAtRate.SLOWEST, Math.min(wanted, CompleteAtRate.FASTEST));
    }

    void input(InputEvent event) {
        input.send(event);
    }

    private void send(HostMessage message) {
        if (active != null && screen.framebuffer() != null) {
            record.numbering().ifPresent(numbering -> active.send(message, numbering));
        }
    }
}
