// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.rdpmux.display.Clipboard;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.KeyboardTraits;
import org.rdpmux.display.OpenListener;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.SizeRequests;
import org.rdpmux.display.Sound;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A console that a VNC server shows. One event loop owns everything behind {@link #start}: calls from other threads are
 * posted to it in order, and the listener hears from it alone.
 *
 * <p>Has many fields, for three groups of threads: see the comments between them.
 */
final class VncDisplay implements GuestDisplay {

    private static final Logger log = LoggerFactory.getLogger(VncDisplay.class);

    /** Pixels come by the megabyte: large reads, but small ones for a display that only blinks. */
    private static final AdaptiveRecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(1024, 16384, 1 << 19);
    /** From here on motion is merged: some thousand events that the server did not read. */
    private static final WriteBufferWaterMark CONGESTION = new WriteBufferWaterMark(16 << 10, 32 << 10);

    /**
     * What QEMU's keyboards need. QEMU sends key events on to its guest one each 10 ms (its {@code key-delay-ms}); of what
     * comes faster it queues some 340 events and drops the rest, releases too. The guest's end of the line is short as well:
     * a PS/2 keyboard holds 16 bytes, three for a key that is pressed and released, and a USB keyboard 16 events. With half
     * again QEMU's time its queue stays empty even if its timers are late, a guest may look away for 160 ms before it misses
     * anything, and 66 events a second get through: more than people type, Shift included, and more than keyboards repeat. No
     * pace can be safe for a guest that looks away for longer: nothing tells when it reads its keyboard.
     */
    private static final long QEMU_KEY_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private final DisplaySource source;
    private final VncThreads.Supplier threads;
    private final PixelBudget pixels;
    private final Duration deadline;
    private final VncClipboard clipboard = new VncClipboard(this::post);
    private final AtomicBoolean started = new AtomicBoolean();
    /** Set once by close, from any thread: silences the listener at once. */
    private volatile boolean closed;
    /** Set once by start. */
    private volatile EventLoop loop;

    private volatile boolean active = true;
    private volatile boolean listening;
    private volatile KeyboardTraits keyboard = new KeyboardTraits(true, 0);

    // Confined to the loop.
    private Listener listener;
    private RfbHandler handler;
    private RfbClient client;
    private Channel channel;
    private ScheduledFuture<?> deadlineTimer;
    private boolean ended;
    private int wantedWidth;
    private int wantedHeight;

    VncDisplay(DisplaySource source, VncThreads.Supplier threads, PixelBudget pixels, Duration deadline) {
        this.source = source;
        this.threads = threads;
        this.pixels = pixels;
        this.deadline = deadline;
    }

    @Override
    public String kind() {
        return "VNC";
    }

    @Override
    public void start(Listener hears) {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("started twice");
        }
        if (closed) {
            return;
        }
        if (!Epoll.isAvailable()) {
            hears.failed("the display " + source + " needs Linux on x86-64 or arm64: "
                    + sentence(Epoll.unavailabilityCause()));
            return;
        }
        VncThreads shared = threads.get();
        loop = shared.nextLoop();
        loop.execute(() -> begin(hears, shared));
    }

    @Override
    public void setActive(boolean nowActive) {
        active = nowActive;
        post(() -> withClient(out -> client.setActive(nowActive, out)));
    }

    @Override
    public KeyboardTraits keyboard() {
        return keyboard;
    }

    @Override
    public void send(InputEvent event) {
        post(() -> {
            if (channel == null || !channel.isActive()) {
                return;
            }
            boolean congested = !channel.isWritable();
            if (handler.isStuck(channel)) {
                fail("does not read its input");
                return;
            }
            withClient(out -> client.send(event, congested, out));
        });
    }

    @Override
    public Optional<SizeRequests> sizeRequests() {
        return Optional.of(this::requestSize);
    }

    @Override
    public Optional<Clipboard> clipboard() {
        return Optional.of(clipboard);
    }

    @Override
    public Optional<Sound> sound() {
        return Optional.of(this::listen);
    }

    private void listen(boolean somebody) {
        listening = somebody;
        post(() -> withClient(out -> client.listen(somebody, out)));
    }

    private void requestSize(int width, int height) {
        post(() -> {
            wantedWidth = width;
            wantedHeight = height;
            withClient(out -> client.requestSize(width, height, out));
        });
    }

    @Override
    public void close() {
        closed = true;
        post(this::release);
    }

    private void post(Runnable task) {
        EventLoop mine = loop;
        if (mine != null) {
            mine.execute(task);
        }
    }

    private void begin(Listener hears, VncThreads shared) {
        listener = new OpenListener(hears, () -> !closed);
        if (closed) {
            ended = true;
            return;
        }
        deadlineTimer = loop.schedule(
                () -> fail("did not show a screen within " + deadline.toMillis() / 1000.0 + " s"),
                deadline.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            shared.openers().execute(this::open);
        } catch (RejectedExecutionException e) {
            fail("cannot be opened: too many others are waiting to be");
        }
    }

    // ---- on an opener's thread, which may block

    private void open() {
        char[] password = null;
        try {
            password = source.password().get().orElse(null);
            Target target = Target.of(source.address());
            char[] handedOver = password;
            loop.execute(() -> connect(target, handedOver));
        } catch (IOException | RuntimeException e) {
            clear(password);
            loop.execute(() -> fail("cannot be opened: " + sentence(e)));
        }
    }

    private static void clear(char[] password) {
        if (password != null) {
            Arrays.fill(password, '\0');
        }
    }

    /** Without the system call and its number, which Netty puts in front. */
    static String reason(Throwable e) {
        if (e instanceof FileNotFoundException) { // which has no message
            return "there is no such socket";
        }
        return sentence(e).replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    }

    private static String sentence(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /**
     * Where to connect, with everything looked up that takes time.
     *
     * @param descriptor a connected socket, or -1
     * @param address where to connect if there is none
     */
    private record Target(int descriptor, SocketAddress address, boolean local) {

        static Target of(DisplayAddress address) throws IOException {
            if (address instanceof DisplayAddress.Opened opened) {
                int descriptor = opened.opener().open();
                OpenedSocket.check(descriptor);
                return new Target(descriptor, null, true);
            }
            if (address instanceof DisplayAddress.Unix unix) {
                return new Target(-1, new DomainSocketAddress(unix.path().toFile()), true);
            }
            DisplayAddress.Tcp tcp = (DisplayAddress.Tcp) address;
            InetAddress host;
            try {
                host = InetAddress.getByName(tcp.host());
            } catch (UnknownHostException e) {
                throw new IOException("no host is known by the name '" + tcp.host() + "'", e);
            }
            return new Target(-1, new InetSocketAddress(host, tcp.port()), host.isLoopbackAddress());
        }
    }

    // ---- on the loop

    private void connect(Target target, char[] password) {
        if (ended || closed) {
            clear(password);
            OpenedSocket.close(target.descriptor());
            return;
        }
        RfbClient.Setup setup = new RfbClient.Setup(target.local(), source.keymap(), pixels, clipboard.maxBytes());
        client = new RfbClient(listener, password, setup, active);
        ChannelFuture connecting = target.descriptor() >= 0 ? adopt(target.descriptor()) : dial(target.address());
        if (connecting == null) {
            return;
        }
        channel = connecting.channel();
        if (wantedWidth != 0) {
            withClient(out -> client.requestSize(wantedWidth, wantedHeight, out));
        }
        withClient(out -> client.listen(listening, out));
        clipboard.connecting(client, handler, channel);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                fail("cannot be reached: " + reason(done.cause()));
            }
        });
    }

    private ChannelFuture adopt(int descriptor) {
        EpollDomainSocketChannel adopted;
        try {
            adopted = new EpollDomainSocketChannel(descriptor);
        } catch (RuntimeException e) {
            OpenedSocket.close(descriptor);
            fail("cannot be opened: " + sentence(e));
            return null;
        }
        configure(adopted);
        adopted.config().setRecvByteBufAllocator(READS).setWriteBufferWaterMark(CONGESTION);
        return loop.register(adopted);
    }

    private ChannelFuture dial(SocketAddress address) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, CONGESTION)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(deadline.toMillis(), Integer.MAX_VALUE))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        configure(fresh);
                    }
                });
        if (address instanceof InetSocketAddress) {
            bootstrap
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true);
        } else {
            bootstrap.channel(EpollDomainSocketChannel.class);
        }
        return bootstrap.connect(address);
    }

    private void configure(Channel fresh) {
        handler = new RfbHandler(client, this::ready, this::fail);
        fresh.pipeline().addLast(handler);
    }

    private void ready() {
        deadlineTimer.cancel(false);
        keyboard = new KeyboardTraits(true, client.isQemu() ? QEMU_KEY_GAP_NANOS : 0);
        log.debug("{} is connected", source);
    }

    /** Gives the client a buffer for its messages and sends what it wrote. */
    private void withClient(Consumer<ByteBuf> action) {
        if (client == null || channel == null || ended) {
            return;
        }
        ByteBuf out = channel.alloc().buffer();
        try {
            action.accept(out);
            if (out.isReadable()) {
                channel.writeAndFlush(out.retain(), channel.voidPromise());
            }
        } finally {
            out.release();
        }
    }

    private void fail(String predicate) {
        if (ended) {
            return;
        }
        release();
        String reason = "the display " + source + " " + predicate;
        log.debug("{}", reason);
        listener.failed(reason);
    }

    private void release() {
        ended = true;
        clipboard.close();
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
        if (client != null) {
            client.close();
        }
    }
}
