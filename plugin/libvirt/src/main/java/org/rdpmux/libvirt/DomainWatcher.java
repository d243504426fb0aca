// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the domains of one libvirt and keeps watching: connects, reconnects when the connection breaks, and reports each
 * difference to its sink. Needs no libvirt to be there when it starts.
 *
 * <p>The sink is called on the watcher's own thread, one event at a time, in order; it may call this object, but as long as
 * it is busy it hears nothing new. The other methods may be called on any thread. Those that ask libvirt block until it
 * answers or {@link WatcherOptions#callDeadline()} has passed, and must not be called on a thread that has no time for that.
 *
 * <p>Has many fields: what it is made with, what other threads may read, and the state of the connection on its own thread.
 */
public final class DomainWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DomainWatcher.class);

    /** Threads for the watcher itself: looks, and one for opening, listing, closing. */
    private static final int OWN_THREADS = DomainLooks.LOOKS + 2;

    private final String uri;
    private final Consumer<? super DomainEvent> sink;
    private final WatcherOptions options;
    private final Thread thread;
    private final CallPool ownCalls;
    private final CallerCalls callerCalls;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final Map<UUID, DomainInfo> published = new ConcurrentHashMap<>();
    private final Happenings happenings = new Happenings();

    private volatile LibvirtSession session;
    private volatile ConnectionFailure failure;
    private volatile boolean closed;

    // Confined to the watcher's thread.
    private final DomainTable table = new DomainTable(this::tell);
    private final Backoff backoff;
    private boolean opening;
    private CallPool.Call<LibvirtSession> openCall;
    private Reports reports;
    private boolean hopeless;
    /** Null while there is no session. */
    private DomainLooks looks;

    /**
     * A watcher, idle until it is started.
     *
     * @param uri a libvirt URI such as {@code qemu:///system}
     */
    public DomainWatcher(String uri, Consumer<? super DomainEvent> sink, WatcherOptions options) {
        this.uri = Objects.requireNonNull(uri);
        this.sink = Objects.requireNonNull(sink);
        this.options = options;
        failure = new ConnectionFailure(ConnectionFailure.Kind.ABSENT, "not connected to " + uri + " yet");
        ownCalls = new CallPool("libvirt-watch", OWN_THREADS, options.callDeadline());
        callerCalls = new CallerCalls(options.callDeadline());
        backoff = new Backoff(options);
        thread = new Thread(this::run, "libvirt-watcher");
        thread.setDaemon(true);
    }

    public DomainWatcher(String uri, Consumer<? super DomainEvent> sink) {
        this(uri, sink, WatcherOptions.DEFAULT);
    }

    /** Begins to connect, and returns at once. To be called once. */
    public void start() {
        backoff.reset(System.nanoTime());
        thread.start();
    }

    /** The domains as last reported, in no order; those of the last connection while there is none. */
    public List<DomainInfo> domains() {
        return List.copyOf(published.values());
    }

    /** A domain as last reported. */
    public Optional<DomainInfo> domain(UUID uuid) {
        return Optional.ofNullable(published.get(uuid));
    }

    /** Why there is no connection; empty while there is one. */
    public Optional<ConnectionFailure> failure() {
        return session == null ? Optional.of(failure) : Optional.empty();
    }

    /** How many calls to libvirt have been given up and have not returned since. */
    public int stuckCalls() {
        return ownCalls.stuck() + callerCalls.stuck();
    }

    /** What became of all calls to libvirt. */
    public CallStatistics calls() {
        return ownCalls.statistics().plus(callerCalls.statistics());
    }

    /** Done once the watcher's thread has run a task that was given to it now: never, if it hangs or has ended. */
    public CompletableFuture<Void> answer() {
        return CompletableFuture.runAsync(() -> {}, this::post);
    }

    /** Looks at a domain anew, as after an event, and returns at once. Does nothing while there is no connection. */
    public void refresh(UUID uuid) {
        if (session != null && happenings.note(uuid, Optional.empty())) {
            post(() -> {}); // the work is done after each task
        }
    }

    /**
     * Opens a connection to a console of an active domain. No password is needed, whatever the console asks of others.
     *
     * @param index the console's {@link Graphics#index()}
     * @return the file descriptor of a connected socket, the caller's to close
     * @throws LibvirtCallException if libvirt refuses, does not answer in time, or is not there
     */
    public int openGraphics(UUID uuid, int index) throws LibvirtCallException {
        return ask(
                uuid, "open the console of domain " + uuid, s -> s.openGraphics(uuid, index), FileDescriptors::close);
    }

    /**
     * Asks for the password that libvirt holds for a console: of the present run if the domain is active.
     *
     * @param index the console's {@link Graphics#index()}
     * @return the caller's to wipe; empty if the console has none
     * @throws LibvirtCallException as {@link #openGraphics}
     */
    public Optional<GraphicsPassword> graphicsPassword(UUID uuid, int index) throws LibvirtCallException {
        return ask(
                uuid,
                "ask for the password of a console of domain " + uuid,
                s -> s.graphicsPassword(uuid, index),
                late -> late.ifPresent(GraphicsPassword::wipe));
    }

    /** Ends the connection and the reports: none begins after this has returned. Open consoles are not touched. */
    @Override
    public void close() {
        closed = true;
        inbox.add(() -> {}); // wakes the thread
        if (thread.isAlive() && Thread.currentThread() != thread) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } else if (thread.getState() == Thread.State.NEW) {
            endCalls();
        }
    }

    private void endCalls() {
        callerCalls.close();
        ownCalls.close();
    }

    private <T> T ask(UUID uuid, String what, CallerCalls.Question<T> question, Consumer<T> discard)
            throws LibvirtCallException {
        LibvirtSession current = session;
        if (current == null) {
            throw new LibvirtCallException("cannot " + what + ": " + failure.message());
        }
        return callerCalls.ask(uuid, what, () -> question.ask(current), discard);
    }

    // ---- the watcher's thread

    private void run() {
        try {
            while (!closed) {
                Runnable task = inbox.poll(nanosToWork(), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
                if (!closed) {
                    work();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        } finally {
            closed = true;
            LibvirtSession last = session;
            session = null;
            failure = new ConnectionFailure(ConnectionFailure.Kind.ABSENT, "the watcher of " + uri + " is closed");
            if (openCall != null && !openCall.result().cancel(false)) {
                last = openCall.result().exceptionally(e -> null).getNow(null); // opened, and the news not read yet
            }
            if (last != null) {
                awaitEnd(release(last));
            }
            endCalls();
        }
    }

    private void awaitEnd(CallPool.Call<?> call) {
        try {
            call.result().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CancellationException e) {
            LOG.debug("{}: closing: {}", uri, e.getMessage());
        }
    }

    private long nanosToWork() {
        if (session != null) {
            return looks.nanosToWork();
        }
        return opening || hopeless ? Long.MAX_VALUE : backoff.nanosLeft(System.nanoTime());
    }

    private void work() {
        if (session == null) {
            if (!opening && !hopeless && backoff.nanosLeft(System.nanoTime()) == 0) {
                open();
            }
            return;
        }
        takeHappened();
        looks.work();
    }

    private void post(Runnable task) {
        inbox.add(task);
    }

    /** What a session reports, on libvirt's event thread: notes it and wakes the watcher's thread. */
    private final class Reports implements LibvirtSession.Listener {
        @Override
        public void changed(UUID uuid, Optional<StopReason> stopReason) {
            if (happenings.note(uuid, stopReason)) {
                post(() -> {}); // the work is done after each task
            }
        }

        @Override
        public void closed(ConnectionFailure reason) {
            post(() -> lost(this, reason));
        }
    }

    private void open() {
        opening = true;
        Reports mine = new Reports();
        reports = mine;
        CallPool.Call<LibvirtSession> call =
                ownCalls.submit("open " + uri, () -> LibvirtSession.open(uri, mine), LibvirtSession::close);
        call.result()
                .whenComplete((opened, error) -> post(() -> {
                    if (error == null) {
                        opened(opened);
                    } else {
                        notOpened(error);
                    }
                }));
        // An attempt that hangs is waited for before the next one, or each would leave a thread behind.
        call.ended().thenRun(() -> post(() -> opening = false));
    }

    private void opened(LibvirtSession opened) {
        session = opened;
        tell(new DomainEvent.Connected(uri));
        looks = new DomainLooks(uri, opened, table, ownCalls, new Lister());
        looks.begin();
    }

    /** What becomes of the list of domains. */
    private final class Lister implements DomainLooks.Owner {
        @Override
        public void post(Runnable task) {
            DomainWatcher.this.post(task);
        }

        @Override
        public void listed() {
            backoff.reset(System.nanoTime()); // libvirt is of use
        }

        @Override
        public void notListed(Throwable error) {
            drop(
                    error instanceof CallPool.TimedOutException
                            ? LibvirtCodes.silent(uri, options.callDeadline().toSeconds())
                            : LibvirtCodes.unlisted(error));
        }
    }

    private void notOpened(Throwable error) {
        ConnectionFailure reason;
        if (error instanceof LibvirtConnection.ConnectException known) {
            reason = known.failure();
        } else if (error instanceof CallPool.TimedOutException) {
            reason = LibvirtCodes.silent(uri, options.callDeadline().toSeconds());
        } else {
            reason = new ConnectionFailure(
                    ConnectionFailure.Kind.OTHER, "cannot connect to " + uri + ": " + error.getMessage());
        }
        hopeless = reason.kind() == ConnectionFailure.Kind.NO_LIBRARY;
        failed(reason);
    }

    private void lost(Reports by, ConnectionFailure reason) {
        if (session != null && reports == by) {
            drop(reason);
        }
    }

    /** Gives up the present connection; the next attempt is made after a short wait. */
    private void drop(ConnectionFailure reason) {
        LibvirtSession last = session;
        session = null;
        release(last);
        happenings.take();
        table.disconnected();
        looks.end();
        looks = null;
        failed(reason);
    }

    private CallPool.Call<Void> release(LibvirtSession last) {
        return ownCalls.submit(
                "close the connection",
                () -> {
                    last.close();
                    return null;
                },
                nothing -> {});
    }

    private void failed(ConnectionFailure reason) {
        boolean first = backoff.failed(System.nanoTime());
        boolean news = first || reason.kind() != failure.kind();
        failure = reason;
        if (news) {
            tell(new DomainEvent.Disconnected(reason));
        }
    }

    private void takeHappened() {
        happenings.take().forEach((uuid, reason) -> {
            if (!table.changed(uuid, reason)) {
                LOG.warn("{}: more than {} domains; ignoring {}", uri, DomainTable.LIMIT, uuid);
            }
        });
    }

    private void tell(DomainEvent event) {
        if (event instanceof DomainEvent.Undefined undefined) {
            published.remove(undefined.domain().uuid());
        } else if (event instanceof DomainEvent.OfDomain ofDomain) {
            published.put(ofDomain.domain().uuid(), ofDomain.domain());
        }
        if (closed) {
            return;
        }
        try {
            sink.accept(event);
        } catch (RuntimeException e) {
            LOG.error("the sink failed at {}", event, e);
        }
    }
}
