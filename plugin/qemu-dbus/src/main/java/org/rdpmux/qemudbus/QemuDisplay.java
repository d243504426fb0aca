// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.KeyboardTraits;
import org.rdpmux.display.OpenListener;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.SizeRequests;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A console that QEMU shows over D-Bus. One event loop owns everything behind {@link #start}: calls from other threads are
 * posted to it in order, and the listener hears from it alone.
 *
 * <p>Has many fields, for three groups of threads: see the comments between them.
 */
final class QemuDisplay implements GuestDisplay, QemuSession.Surroundings {

    private static final Logger log = LoggerFactory.getLogger(QemuDisplay.class);

    /**
     * Over D-Bus QEMU hands keys to its guest as they come, and drops without a word what the guest's keyboard has no room for:
     * a PS/2 keyboard holds 16 bytes, three for a key that is pressed and released, and a USB keyboard 16 events. At this pace
     * a guest may look away for 160 ms before it misses anything.
     */
    private static final KeyboardTraits KEYBOARD = new KeyboardTraits(false, TimeUnit.MILLISECONDS.toNanos(15));

    private final DisplayAddress.Opened address;
    private final PixelBudget pixels;
    private final Duration deadline;
    private final AtomicBoolean started = new AtomicBoolean();
    /** Set once by close, from any thread: silences the listener at once. */
    private volatile boolean closed;
    /** Set once by start. */
    private volatile IoEventLoop loop;

    private volatile boolean active = true;

    // Confined to the loop.
    private Listener listener;
    private ScheduledFuture<?> deadlineTimer;
    private DbusSocket main;
    private DbusSocket pixelSocket;
    private QemuSession session;
    private boolean ended;
    private int wantedWidth;
    private int wantedHeight;

    QemuDisplay(DisplayAddress.Opened address, PixelBudget pixels, Duration deadline) {
        this.address = address;
        this.pixels = pixels;
        this.deadline = deadline;
    }

    @Override
    public String kind() {
        return "D-Bus";
    }

    @Override
    public KeyboardTraits keyboard() {
        return KEYBOARD;
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
            hears.failed("the display " + address + " needs Linux on x86-64 or arm64: "
                    + sentence(Epoll.unavailabilityCause()));
            return;
        }
        loop = QemuThreads.shared().nextLoop();
        loop.execute(() -> begin(hears));
    }

    @Override
    public void setActive(boolean nowActive) {
        active = nowActive;
        post(() -> session.setActive(nowActive));
    }

    @Override
    public void send(InputEvent event) {
        post(() -> session.send(event));
    }

    @Override
    public Optional<SizeRequests> sizeRequests() {
        return Optional.of(this::requestSize);
    }

    private void requestSize(int width, int height) {
        IoEventLoop mine = loop;
        if (mine != null) {
            mine.execute(() -> {
                wantedWidth = width;
                wantedHeight = height;
            });
        }
        post(() -> session.requestSize(width, height));
    }

    @Override
    public void close() {
        closed = true;
        IoEventLoop mine = loop;
        if (mine != null) {
            mine.execute(this::release);
        }
    }

    /** Runs a task on the loop if there is a session by then. */
    private void post(Runnable task) {
        IoEventLoop mine = loop;
        if (mine != null) {
            mine.execute(() -> {
                if (session != null && !ended) {
                    guarded(task);
                }
            });
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (DbusException e) {
            fail(e.getMessage());
        }
    }

    private void begin(Listener hears) {
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
            QemuThreads.shared().openers().execute(this::open);
        } catch (RejectedExecutionException e) {
            fail("cannot be opened: too many others are waiting to be");
        }
    }

    // ---- on an opener's thread, which may block

    private void open() {
        try {
            int descriptor = address.opener().open();
            loop.execute(() -> guarded(() -> connect(new UnixSocket(descriptor))));
        } catch (IOException | RuntimeException e) {
            loop.execute(() -> fail("cannot be opened: " + sentence(e)));
        }
    }

    private static String sentence(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    // ---- on the loop

    private void connect(UnixSocket socket) {
        if (ended) {
            socket.close();
            return;
        }
        main = new DbusSocket(socket, this::fail);
        session = new QemuSession(
                listener, pixels, this, active, () -> post(() -> fail("took away the memory of its screen")));
        session.requestSize(wantedWidth, wantedHeight);
        session.begin(talk(main, socket, session));
    }

    private DbusPeer talk(DbusSocket socket, UnixSocket to, DbusPeer.Handler handler) {
        int user;
        try {
            user = to.peerUser();
        } catch (IOException e) {
            throw new DbusException(e.getMessage());
        }
        DbusPeer peer = new DbusPeer(user, handler, socket);
        socket.begin(loop, peer, this::received);
        return peer;
    }

    private void received() {
        if (ended) {
            return;
        }
        session.report();
        if (session.isReady()) {
            deadlineTimer.cancel(false);
        }
    }

    /** A pair of our own, of which QEMU gets one end: QEMU believes us to be who made it. */
    @Override
    public int open(ListenerHandler calls) throws IOException {
        closeListener();
        int[] pair = UnixSocket.pair();
        UnixSocket ours = new UnixSocket(pair[0]);
        pixelSocket = new DbusSocket(ours, this::fail);
        try {
            calls.answerTo(talk(pixelSocket, ours, calls));
        } catch (DbusException e) {
            UnixSocket.close(pair[1]);
            throw e;
        }
        return pair[1];
    }

    @Override
    public void closeListener() {
        if (pixelSocket != null) {
            pixelSocket.close();
            pixelSocket = null;
        }
    }

    @Override
    public void later(Runnable task) {
        loop.schedule(
                () -> {
                    if (!ended) {
                        guarded(task);
                        received();
                    }
                },
                QemuSession.MOMENT_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void fail(String predicate) {
        if (ended) {
            return;
        }
        release();
        String reason = "the display " + address + " " + predicate;
        log.debug("{}", reason);
        listener.failed(reason);
    }

    private void release() {
        ended = true;
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
        }
        if (session != null) {
            session.close();
        }
        if (main != null) {
            main.close();
        }
    }
}
