// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.share.SetKeyboardIndicators;
import org.rdpmux.security.access.Login;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Inbound;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.console.FrameBatch;
import org.rdpmux.server.console.GuestConsole;
import org.rdpmux.server.console.ToConsole;
import org.rdpmux.server.console.ToViewer;
import org.rdpmux.server.console.ViewerIdentity;
import org.rdpmux.server.console.ViewerInbox;
import org.rdpmux.server.console.ViewerInput;
import org.rdpmux.server.screen.EncoderProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client between its console and its connection, from joining the console to the end: what it types goes one way, what
 * the console shows the other. Lives on the channel's loop, where the console's messages come, too. INVARIANT: all that
 * crosses to and from the console's thread crosses here.
 *
 * <p>Has many fields: it is where one client's writers, input and messages meet.
 */
public final class ClientSession {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

    /** What a session needs of its connection. Used on the channel's loop, but for {@link #channel}. */
    public interface Connection {

        Channel channel();

        /** Says whether the client is to be read from no further. */
        void holdInput(boolean hold);

        /** True once nothing is sent any more. */
        boolean isClosing();

        /** Tells the connection sequence. */
        void step(Inbound in);

        /** Ends the session in an orderly way. */
        void disconnect(DisconnectReason reason);

        /** Ends it because something has failed. */
        void fail(Throwable cause);
    }

    /** How to write while a share is active. */
    private record Writers(Share share, PointerWriter pointers) {}

    private final Connection connection;
    private final ClientOutput output;
    private final GuestConsole console;
    private final ClientLogin client;
    private final InputDecoder input = new InputDecoder(this::typed);
    private final LockSync locks;
    /** What one PDU holds beyond what the console takes. */
    private final ArrayDeque<ClientInput> waiting = new ArrayDeque<>();

    private boolean full;
    /** Null while no share is active. INVARIANT: nothing of the console's is sent then. */
    private Writers writers;

    private ViewerInbox toConsole;
    private AutoDetect network;
    private ClientPicture picture;
    private int pictureBytes;
    /** From the first share on, which is when the client has seen the console; null before. */
    private ClientChannels channels;

    /** @param output whose {@code drained} is {@link #drained} */
    public ClientSession(Connection connection, ClientOutput output, GuestConsole console, ClientLogin client) {
        this.connection = connection;
        this.output = output;
        this.console = console;
        this.client = client;
        this.locks = new LockSync(connection.channel().eventLoop(), this::tellLocks);
    }

    // ---- from the connection ----

    /** Joins the console, which offers a desktop size next. */
    public void join(long viewerId) {
        toConsole = console.join(viewerId, connection.channel().eventLoop(), this::fromConsole);
        network = new AutoDetect(output, 0, new ChannelEvents());
        picture = new ClientPicture(connection.channel().eventLoop(), output, toConsole, network);
    }

    /** The client's network is to be measured, from before its licence on. */
    public void detectNetwork(int messageChannel) {
        network.begin(messageChannel, System.nanoTime());
    }

    /** The client said something on its message channel. */
    public void networkAnswered(AutoDetectResponse answer) {
        network.received(answer, System.nanoTime());
    }

    /** A share is active. */
    public void activated(ClientProfile profile, Share share) {
        writers = new Writers(share, new PointerWriter(profile, share, output.alloc()));
        output.fence();
        locks.start();
        picture.activated(profile, share, identity(profile));
        if (channels == null) {
            int layout = profile.identity().keyboardLayout();
            toConsole.post(new ToConsole.Keyboard(new InputEvent.Layout(layout)));
            LOG.atInfo()
                    .addKeyValue("console", console.name())
                    .addKeyValue("user", client.login().account())
                    .log(
                            "{}: viewer {} ({}) has joined, with {} bits a pixel",
                            console.name(),
                            client.remote(),
                            PrintableText.of(profile.identity().name()),
                            profile.graphics().bitsPerPixel());
            channels = new ClientChannels(
                    connection.channel().eventLoop(),
                    output,
                    profile.channels(),
                    new ClientChannels.Offered(
                            profile.graphics().pipeline(),
                            !network.answers(),
                            client.controls() && profile.desktop().resizable() && console.takesSizes(),
                            client.controls() ? console.clipboard() : ClipboardPolicy.OFF,
                            console.sound().allows(client.controls())),
                    new ChannelEvents());
        }
        channels.activated();
    }

    private ViewerIdentity identity(ClientProfile profile) {
        Login login = client.login();
        return new ViewerIdentity(
                client.remote(),
                PrintableText.of(profile.identity().name()),
                PrintableText.of(login.source().isEmpty() ? profile.identity().user() : login.account()),
                !client.controls());
    }

    /** No share is active any more, for a while or for ever: what waits is sent, and nothing follows. Idempotent. */
    public void deactivated() {
        writers = null;
        picture.deactivated();
        locks.stop();
        if (channels != null) {
            channels.deactivated();
        }
        output.fence();
    }

    /** Those of one PDU; while some of them wait for the guest, the client is read from no further. */
    public void input(List<ClientInput> events) {
        if (client.controls()) {
            waiting.addAll(events);
            typeWaiting();
        }
    }

    private void typeWaiting() {
        while (!full && !waiting.isEmpty()) {
            input.decode(waiting.poll());
        }
        if (full) {
            connection.holdInput(true);
        }
    }

    private void typed(ViewerInput event) {
        if (event instanceof ViewerInput.Sync sync) {
            locks.clientHas(sync.locks());
            output.discard(Kind.INDICATORS);
        }
        full |= !toConsole.post(new ToConsole.Input(event));
    }

    /** The client's machine has stopped to acknowledge what it is sent, or does again. */
    public void reachable(boolean reachable) {
        toConsole.post(new ToConsole.Reachable(reachable));
    }

    public void acknowledged(int frameId) {
        toConsole.post(new ToConsole.Acknowledged(frameId, 0));
    }

    /** The client wants output of this area only, of none if it is empty. */
    public void outputWanted(Optional<InclusiveRect> visible) {
        toConsole.post(new ToConsole.OutputWanted(visible.isPresent()));
    }

    public void refresh(List<InclusiveRect> areas) {
        toConsole.post(
                ToConsole.Refresh.of(areas.stream().map(ClientSession::rect).toList()));
    }

    /** A chunk came on a static virtual channel. One that comes before the first share answers nothing: it is passed over. */
    public void received(Action.ChannelData chunk) {
        if (channels != null) {
            channels.received(chunk);
        }
    }

    /** The socket has taken the last picture. */
    public void drained() {
        toConsole.post(new ToConsole.Drained(pictureBytes));
    }

    /** True if the client has seen the console. */
    public boolean wasEverActive() {
        return channels != null;
    }

    /** The connection has ended. */
    public void leave() {
        deactivated();
        if (channels != null) {
            channels.close();
        }
        toConsole.post(new ToConsole.Left());
    }

    /** What the session makes of what happens on its channels, and of what its network is found to be. */
    private final class ChannelEvents implements ClientChannels.Listener, AutoDetect.Listener {

        @Override
        public void roundTrip(long nanos) {
            toConsole.post(new ToConsole.RoundTrip(nanos));
        }

        @Override
        public void arrived(int frame) {
            acknowledged(frame);
        }

        @Override
        public void graphicsOpened(DynamicPath path, EncoderProfile decodes, int cacheSlots) {
            picture.opened(path, decodes, cacheSlots);
        }

        @Override
        public void graphicsClosed() {
            picture.closed();
        }

        @Override
        public void frameAcknowledged(FrameAcknowledge acknowledge) {
            toConsole.post(new ToConsole.Acknowledged(acknowledge.frameId(), acknowledge.queueDepth()));
        }

        @Override
        public void sizeWanted(int width, int height) {
            toConsole.post(new ToConsole.SizeWanted(width, height));
        }

        @Override
        public void clipboard(ClipboardEvent event) {
            toConsole.post(new ToConsole.Clipboard(event));
        }

        @Override
        public void clipboardClosed() {
            toConsole.post(new ToConsole.ClipboardClosed());
        }

        @Override
        public void listens(boolean sound) {
            toConsole.post(new ToConsole.Listens(sound));
        }

        @Override
        public void note(String what) {
            LOG.debug("{}: viewer {}: {}", console.name(), client.remote(), what);
        }

        @Override
        public void failed(Throwable cause) {
            connection.fail(cause);
        }
    }

    // ---- from the console ----

    private void fromConsole(ToViewer message) {
        try {
            if (message instanceof ToViewer.Frame frame) {
                show(frame.batch());
            } else if (!connection.isClosing()) {
                on(message);
            }
        } catch (RuntimeException e) {
            connection.fail(e);
        }
    }

    private void on(ToViewer message) {
        if (message instanceof ToViewer.DesktopSize size) {
            if (!picture.resize(size.width(), size.height())) {
                connection.step(new Inbound.DesktopSize(size.width(), size.height(), client.controls()));
            }
        } else if (message instanceof ToViewer.PointerWarped warp) {
            warp(warp.x(), warp.y());
        } else if (message instanceof ToViewer.Locks guest && client.controls()) {
            // For those whose keyboard is the guest's: clients set the locks of their own keyboard to it.
            locks.guestHas(guest.leds());
        } else if (message instanceof ToViewer.Clipboard guest) {
            channels.clipboard(guest.event());
        } else if (message instanceof ToViewer.Sound guest) {
            guest.blocks().forEach(channels::sound);
        } else if (message instanceof ToViewer.ResumeInput) {
            full = false;
            typeWaiting();
            if (!full) {
                connection.holdInput(false);
            }
        } else if (message instanceof ToViewer.Disconnect disconnect) {
            connection.disconnect(disconnect.reason());
        }
    }

    private void warp(int x, int y) {
        if (writers != null) {
            output.send(Kind.POSITION, writers.pointers().position(x, y));
            output.flush();
        }
    }

    private void tellLocks(SetKeyboardIndicators leds) {
        output.send(Kind.INDICATORS, writers.share().frame(leds));
        output.flush();
    }

    private void show(FrameBatch batch) {
        if (writers != null && !connection.isClosing()) {
            write(batch);
        } else {
            batch.release();
        }
    }

    private void write(FrameBatch batch) {
        int frame = batch.frame();
        double rate = batch.linkRate();
        boolean taken;
        try {
            PointerShape pointer = batch.pointer();
            ByteBuf shape =
                    pointer == null ? Unpooled.EMPTY_BUFFER : writers.pointers().shape(pointer);
            pictureBytes = shape.readableBytes();
            taken = output.send(Kind.SHAPE, shape);
            ByteBuf pixels = picture.write(batch);
            pictureBytes += pixels.readableBytes();
            taken &= output.send(Kind.PIXELS, pixels);
        } finally {
            batch.release(); // the console fills it again as soon as it is told that this picture has drained
        }
        if (!taken) {
            throw new IllegalStateException("a picture of " + pictureBytes + " bytes before the last has drained");
        }
        network.pictureSent(frame, picture.isAcknowledged(), rate, System.nanoTime());
        output.tellWhenDrained();
        output.flush();
        channels.pictureSent();
    }

    private static Rect rect(InclusiveRect area) {
        return area.right() < area.left() || area.bottom() < area.top()
                ? Rect.EMPTY
                : new Rect(area.left(), area.top(), area.right() - area.left() + 1, area.bottom() - area.top() + 1);
    }
}
