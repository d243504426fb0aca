// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches which guests Proxmox VE runs on this host and tells a sink of all of them, once at first and after each change, on a
 * thread of its own. Two threads live for as long as Proxmox's directory is there, none before. Thread safe.
 */
public final class ProxmoxWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProxmoxWatcher.class);

    /** Proxmox's own, in a file system without events; of each node the part that is its own. */
    private static final Path CONFIGURATIONS = Path.of("/etc/pve/qemu-server");

    /** A QEMU that is killed leaves its file behind, and a guest that is renamed has the same ones: no event tells of that. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final RunDirectory directory;
    private final Duration look;
    private final Consumer<List<ProxmoxGuest>> sink;
    /** One is there when something may have changed. */
    private final Semaphore changes = new Semaphore(0);

    private volatile String failure = "";

    // Guarded by this.
    private boolean watching;
    private boolean closed;
    private Optional<WatchService> events = Optional.empty();

    /**
     * A watcher that watches nothing yet.
     *
     * @param directory where Proxmox keeps process numbers and sockets, {@code /run/qemu-server}
     */
    public ProxmoxWatcher(Path directory, Consumer<List<ProxmoxGuest>> sink) {
        this(new RunDirectory(directory, CONFIGURATIONS, Path.of("/proc")), LOOK, sink);
    }

    /** @param look how long at most until the next look */
    ProxmoxWatcher(RunDirectory directory, Duration look, Consumer<List<ProxmoxGuest>> sink) {
        this.directory = Objects.requireNonNull(directory);
        this.look = Objects.requireNonNull(look);
        this.sink = Objects.requireNonNull(sink);
    }

    /**
     * Begins to watch, if the directory is there and it is not watched yet. Returns at once.
     *
     * @return whether it is watched now
     */
    public synchronized boolean begin() {
        if (!watching && !closed && Files.isDirectory(directory.run())) {
            watching = true;
            start("proxmox", this::watch);
        }
        return watching;
    }

    /** Looks again at once. */
    public void refresh() {
        changes.release();
    }

    /** Why nothing is known of guests, a sentence; empty if all is well. */
    public String failure() {
        return failure;
    }

    /** Ends it; the sink may be called once more. */
    @Override
    public synchronized void close() {
        closed = true;
        unsubscribe();
        changes.release();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void end(WatchService service) {
        try {
            service.close();
        } catch (IOException e) {
            LOG.debug("cannot end watching", e);
        }
    }

    private void watch() {
        List<ProxmoxGuest> told = null;
        try {
            while (goesOn()) {
                subscribe(); // before the look, so that nothing is missed between them
                changes.drainPermits();
                List<ProxmoxGuest> found = look(told);
                if (!found.equals(told)) {
                    told = found;
                    sink.accept(found);
                }
                changes.tryAcquire(look.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is there; what was there, where that cannot be read. */
    private List<ProxmoxGuest> look(List<ProxmoxGuest> before) {
        try {
            List<ProxmoxGuest> found = directory.guests();
            failure = "";
            return found;
        } catch (IOException e) {
            String now = "the guests of Proxmox are not known: cannot read " + directory.run() + ": " + e;
            if (!now.equals(failure)) {
                LOG.warn("{}", now);
            }
            failure = now;
            return before == null ? List.of() : before;
        }
    }

    /** Whether the directory is there; where it is not, nothing is watched any more. */
    private synchronized boolean goesOn() {
        if (!closed && Files.isDirectory(directory.run())) {
            return true;
        }
        watching = false;
        unsubscribe();
        failure = "";
        if (!closed) {
            sink.accept(List.of());
        }
        return false;
    }

    /** Has events of the directory bring about the next look, if it is not so already; without them, that comes later. */
    private synchronized void subscribe() {
        if (closed || events.isPresent()) {
            return;
        }
        try {
            WatchService service = directory.run().getFileSystem().newWatchService();
            events = Optional.of(service);
            directory
                    .run()
                    .register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY, // also of rights
                            StandardWatchEventKinds.ENTRY_DELETE);
            start("proxmox-events", () -> handOn(service));
        } catch (IOException e) {
            LOG.debug("guests of Proxmox are noticed within {} s instead of at once", look.toSeconds(), e);
            unsubscribe();
        }
    }

    private synchronized void unsubscribe() {
        events.ifPresent(ProxmoxWatcher::end);
        events = Optional.empty();
    }

    private void handOn(WatchService service) {
        try {
            boolean valid = true;
            while (valid) {
                WatchKey key = service.take();
                key.pollEvents();
                valid = key.reset();
                changes.release();
            }
            unsubscribe(); // the directory was replaced: that of the same name is another
            changes.release();
        } catch (ClosedWatchServiceException e) {
            LOG.trace("no more events", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
