// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which guests there are. Confined to a thread of its own, to which others post; that thread also writes the records,
 * which are short.
 *
 * <p>{@link Admission} says who may register. Its many fields are the parts that share its thread.
 */
final class GuestRegistry implements GuestSurroundings {

    private static final Logger LOG = LoggerFactory.getLogger(GuestRegistry.class);

    private static final int LINES_A_MINUTE = 60;
    /** A host that starts all its guests at once has as many. */
    private static final int EVENTS_A_MINUTE = 600;

    private static final String SERVICE_ENDS = "the service ends";
    private static final int RESTORE_SECONDS = 60;
    private static final int CLOSE_SECONDS = 10;
    private static final int SWEEP_SECONDS = 1;
    private static final int GUESTS_A_SWEEP = 500;
    private static final int LEFTOVER_MINUTES = 10;
    private static final Duration LEFTOVER_AGE = Duration.ofMinutes(1);
    private static final int END_CHECK_MILLIS = 100;

    private final LibrdpmuxConfig config;
    private final GuestListener listener;
    private final ProcessTable processes;
    private final Path sharedMemoryDirectory;
    private final EventLoopGroup loops;
    private final RegistrationStore store;
    private final SocketDirectory sockets;
    private final LeftoverCollector leftovers;
    private final BoundedLog log = new BoundedLog(LOG, LINES_A_MINUTE, System::nanoTime);
    private final SavedGuests saved;
    private final BoundedLog events = new BoundedLog(LOG, EVENTS_A_MINUTE, System::nanoTime);
    private final RegistryThreads threads = new RegistryThreads();
    private final SocketOpener opener;
    private final GuestIndex guests = new GuestIndex();
    private final Admission admission;
    private final Map<String, GuestControl> controls = new ConcurrentHashMap<>();
    private final Queue<Guest> toSweep = new ArrayDeque<>();

    GuestRegistry(
            LibrdpmuxConfig config,
            GuestListener listener,
            ProcessTable processes,
            Path sharedMemoryDirectory,
            EventLoopGroup loops)
            throws IOException {
        this.config = config;
        this.listener = listener;
        this.processes = processes;
        this.sharedMemoryDirectory = sharedMemoryDirectory;
        this.loops = loops;
        this.store = new RegistrationStore(config.stateDirectory(), processes.bootId());
        this.saved = new SavedGuests(store, log);
        this.sockets = new SocketDirectory(config.runtimeDirectory(), config.socketGroup());
        this.opener = new SocketOpener(threads, sockets);
        this.admission = new Admission(guests, processes, config.limits(), listener, this::end);
        this.leftovers = new LeftoverCollector(sharedMemoryDirectory, processes, LEFTOVER_AGE);
    }

    /** Brings back the guests that were registered when the service ended, and begins to look after them. Blocks. */
    void start() throws IOException {
        try {
            threads.submit(this::restore).get().get(RESTORE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the guests' sockets cannot be made within " + RESTORE_SECONDS + " s", e);
        }
        threads.repeat(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        threads.repeat(() -> runBlocking(this::collectLeftovers), 0, LEFTOVER_MINUTES, TimeUnit.MINUTES);
    }

    /** Closes all sockets and displays, but keeps the records: guests are not gone. Blocks for a bounded time. */
    void close() {
        try {
            threads.submit(() -> {
                        saved.saveChanged();
                        guests.all().forEach(guest -> guest.close(SERVICE_ENDS));
                        opener.giveUpAll(SERVICE_ENDS);
                        return null;
                    })
                    .get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warn("The registry of guests did not end in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.end();
    }

    /**
     * Registers a guest; from any thread.
     *
     * @return completes with the address of its socket, or with {@link RefusedException}
     */
    CompletableFuture<String> register(GuestClaim claim) {
        CompletableFuture<String> result = new CompletableFuture<>();
        boolean posted = threads.post(() -> {
            try {
                Guest guest = checked(claim);
                add(guest)
                        .thenRun(() -> {
                            saved.save(guest);
                            events.info("{} registered", guest);
                        })
                        .whenComplete((done, error) -> answer(result, guest, error));
            } catch (RefusedException | RuntimeException e) {
                answer(result, null, e);
            }
        });
        if (!posted) {
            result.completeExceptionally(new RefusedException(SERVICE_ENDS));
        }
        return result;
    }

    private static void answer(CompletableFuture<String> result, Guest guest, Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause == null) {
            result.complete("ipc://" + guest.socket());
        } else if (cause instanceof RefusedException) {
            result.completeExceptionally(cause);
        } else {
            LOG.error("A guest could not be registered", cause);
            result.completeExceptionally(new RefusedException("internal error"));
        }
    }

    /** What tools reach by this name of a guest's D-Bus object; from any thread. */
    Optional<GuestControl> control(String objectName) {
        return Optional.ofNullable(controls.get(objectName));
    }

    // on the registry's thread

    /** Completes once all of them have sockets, or are given up. */
    private CompletableFuture<Void> restore() throws IOException {
        sockets.make();
        Set<String> inUse = new HashSet<>();
        List<CompletableFuture<Void>> restored = new ArrayList<>();
        for (GuestRecord record : store.load(config.limits().guests())) {
            String key = record.claim().key();
            if (!processes.isAlive(record.claim().process())) {
                LOG.info("Guest {} ended while this service was away", key);
                store.delete(record);
                continue;
            }
            inUse.add(record.socketName());
            restored.add(
                    add(new Guest(record, sockets.path(), loops.next(), this)).exceptionally(error -> {
                        LOG.error(
                                "Guest {} cannot be brought back: {}",
                                key,
                                error.getCause().getMessage());
                        return null;
                    }));
        }
        sockets.deleteOthers(inUse);
        if (guests.size() > 0) {
            LOG.info("{} guests are still there", guests.size());
        }
        return CompletableFuture.allOf(restored.toArray(CompletableFuture[]::new));
    }

    /** A guest that may register; whoever has its place and must make way is gone. */
    private Guest checked(GuestClaim claim) throws RefusedException {
        Optional<UUID> onCommandLine = admission.admit(claim);
        return new Guest(
                GuestRecord.of(
                        claim,
                        claim.realUuid().isPresent() ? Optional.empty() : onCommandLine,
                        ThreadLocalRandom.current().nextInt()),
                sockets.path(),
                loops.next(),
                this);
    }

    /**
     * Takes a guest in, whose place is its own from now on, and has its socket made.
     *
     * @return completes on this thread once the guest is told of; with {@link RefusedException} if it is not
     */
    private CompletableFuture<Void> add(Guest guest) {
        guests.add(guest);
        return opener.open(guest)
                .thenRun(() -> {
                    toSweep.add(guest);
                    controls.put(guest.record().claim().objectName(), announce(guest));
                })
                .whenComplete((done, error) -> {
                    if (error != null) {
                        guests.remove(guest);
                        guest.close("it has no socket");
                    }
                });
    }

    private GuestControl announce(Guest guest) {
        try {
            return Objects.requireNonNull(listener.registered(guest), "no control");
        } catch (RuntimeException e) {
            LOG.error("{} was not taken on", guest, e);
            return GuestControl.NONE;
        }
    }

    private void end(Guest guest, String reason) {
        if (!guests.remove(guest)) {
            return;
        }
        saved.delete(guest);
        guest.close(reason);
        if (opener.giveUp(guest, reason)) {
            return; // nobody was told of it
        }
        controls.remove(guest.record().claim().objectName());
        events.info("{} is gone: {}", guest, reason);
        try {
            listener.gone(guest);
        } catch (RuntimeException e) {
            LOG.error("{} was not let go", guest, e);
        }
    }

    private void sweep() {
        saved.saveUnsaved();
        for (int i = Math.min(toSweep.size(), GUESTS_A_SWEEP); i > 0; i--) {
            Guest guest = toSweep.remove();
            endIfDead(guest);
            if (guests.contains(guest)) {
                guest.check();
                toSweep.add(guest);
            }
        }
    }

    private void endIfDead(Guest guest) {
        if (!processes.isAlive(guest.process())) {
            end(guest, Guest.ENDED);
        }
    }

    private void collectLeftovers() {
        try {
            List<Path> deleted = leftovers.collect(guests::hasId, Instant.now());
            if (!deleted.isEmpty()) {
                LOG.info("Deleted the shared memory that {} guests left behind", deleted.size());
            }
        } catch (IOException e) {
            log.warn("Leftover shared memory cannot be looked for: {}", e.toString());
        }
    }

    @Override
    public CompletableFuture<Void> changeAccess(Guest guest, UnaryOperator<GuestAccess> change) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        boolean posted = threads.post(() -> {
            try {
                changeAccessNow(guest, change);
                result.complete(null);
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e instanceof IOException io ? new UncheckedIOException(io) : e);
            }
        });
        if (!posted) {
            result.completeExceptionally(new UncheckedIOException(new IOException("the service ends")));
        }
        return result;
    }

    private void changeAccessNow(Guest guest, UnaryOperator<GuestAccess> change) throws IOException {
        if (!guests.contains(guest)) {
            throw new IOException("the guest has ended");
        }
        GuestAccess access = change.apply(guest.access());
        try {
            saved.save(guest, access);
        } catch (IOException e) {
            throw new IOException("nothing was changed, since a restart would not know of it: " + e.getMessage(), e);
        }
        guest.setAccess(access);
    }

    // for guests, from their event loops

    @Override
    public void runBlocking(Runnable task) {
        threads.runBlocking(task);
    }

    @Override
    public void changed(Guest guest) {
        if (saved.noteChange(guest)) {
            threads.post(() -> {
                if (guests.contains(guest)) {
                    saved.save(guest);
                } else {
                    saved.ignoreChange(guest);
                }
            });
        }
    }

    @Override
    public void mayHaveEnded(Guest guest, boolean saidSo) {
        if (saidSo) {
            threads.post(() -> end(guest, Guest.ENDED));
            return;
        }
        threads.later(() -> endIfDead(guest), END_CHECK_MILLIS);
    }

    @Override
    public boolean isAlive(ProcessIdentity process) {
        return processes.isAlive(process);
    }

    @Override
    public BoundedLog log() {
        return log;
    }

    @Override
    public Path sharedMemoryDirectory() {
        return sharedMemoryDirectory;
    }

    @Override
    public int frameRate() {
        return config.frameRate();
    }
}
