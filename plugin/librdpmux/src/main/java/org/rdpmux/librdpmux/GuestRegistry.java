// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
 * <p>Who may register: a living process, under a UUID that no other living process has, with a number no other living
 * process has (or it could show another guest's shared memory as its own), and not under another UUID than the one on its
 * command line. A guest whose process is gone makes way.
 */
final class GuestRegistry implements GuestSurroundings {

    private static final Logger LOG = LoggerFactory.getLogger(GuestRegistry.class);

    private static final int LINES_A_MINUTE = 60;
    /** A host that starts all its guests at once has as many. */
    private static final int EVENTS_A_MINUTE = 600;

    private static final int BIND_SECONDS = 10;
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

    private final Map<String, Guest> guests = new HashMap<>();
    private final Map<Integer, Guest> guestsById = new ConcurrentHashMap<>();
    private final Map<UUID, Guest> guestsByUuid = new HashMap<>();
    private final Map<Integer, Integer> guestsOfProcess = new HashMap<>();
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
        this.leftovers = new LeftoverCollector(sharedMemoryDirectory, processes, LEFTOVER_AGE);
    }

    /** Brings back the guests that were registered when the service ended, and begins to look after them. Blocks. */
    void start() throws IOException {
        try {
            threads.submit(() -> {
                        restore();
                        return null;
                    })
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
        threads.repeat(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        threads.repeat(() -> runBlocking(this::collectLeftovers), 0, LEFTOVER_MINUTES, TimeUnit.MINUTES);
    }

    /** Closes all sockets and displays, but keeps the records: guests are not gone. Blocks for a bounded time. */
    void close() {
        try {
            threads.submit(() -> {
                        saved.saveChanged();
                        guests.values().forEach(guest -> guest.close("the service ends"));
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
                result.complete("ipc://" + registerNow(claim).socket());
            } catch (RefusedException e) {
                result.completeExceptionally(e);
            } catch (RuntimeException e) {
                LOG.error("A guest could not be registered", e);
                result.completeExceptionally(new RefusedException("internal error"));
            }
        });
        if (!posted) {
            result.completeExceptionally(new RefusedException("the service ends"));
        }
        return result;
    }

    /** What tools reach by this name of a guest's D-Bus object; from any thread. */
    Optional<GuestControl> control(String objectName) {
        return Optional.ofNullable(controls.get(objectName));
    }

    /** The last element of the path of a guest's D-Bus object. */
    static String objectName(Guest guest) {
        GuestClaim claim = guest.record().claim();
        return claim.realUuid()
                .map(uuid -> claim.uuid().replace("-", ""))
                .orElse(GuestClaim.NIL_UUID.replace("-", "") + "_"
                        + claim.process().pid());
    }

    // on the registry's thread

    private void restore() throws IOException {
        sockets.make();
        Set<String> inUse = new HashSet<>();
        for (GuestRecord record : store.load(config.limits().guests())) {
            if (!processes.isAlive(record.claim().process())) {
                LOG.info(
                        "Guest {} ended while this service was away",
                        record.claim().key());
                store.delete(record);
                continue;
            }
            try {
                add(new Guest(record, sockets.path(), loops.next(), this));
                inUse.add(record.socketName());
            } catch (RefusedException e) {
                LOG.error("Guest {} cannot be brought back: {}", record.claim().key(), e.getMessage());
            }
        }
        sockets.deleteOthers(inUse);
        if (!guests.isEmpty()) {
            LOG.info("{} guests are still there", guests.size());
        }
    }

    private Guest registerNow(GuestClaim claim) throws RefusedException {
        if (!processes.isAlive(claim.process())) {
            throw new RefusedException("process " + claim.process().pid() + " has ended");
        }
        Optional<UUID> onCommandLine =
                CommandLine.uuid(processes.commandLine(claim.process().pid()));
        if (claim.realUuid().isPresent() && onCommandLine.isPresent() && !onCommandLine.equals(claim.realUuid())) {
            throw new RefusedException("process " + claim.process().pid() + " runs the virtual machine "
                    + onCommandLine.get() + ", not " + claim.uuid());
        }
        Optional<UUID> uuid = claim.realUuid().or(() -> onCommandLine);
        makeWay(uuid.map(guestsByUuid::get).orElse(null), claim, "its UUID");
        makeWay(guests.get(claim.key()), claim, "its process");
        makeWay(guestsById.get(claim.id()), claim, "its number " + claim.id());
        if (guestsOfProcess.getOrDefault(claim.process().pid(), 0)
                >= config.limits().guestsPerProcess()) {
            throw new RefusedException("process " + claim.process().pid() + " has "
                    + config.limits().guestsPerProcess() + " guests already");
        }
        if (guests.size() >= config.limits().guests()) {
            throw new RefusedException("there are " + guests.size() + " guests already");
        }
        Guest guest = new Guest(
                GuestRecord.of(
                        claim,
                        claim.realUuid().isPresent() ? Optional.empty() : onCommandLine,
                        ThreadLocalRandom.current().nextInt()),
                sockets.path(),
                loops.next(),
                this);
        add(guest);
        saved.save(guest);
        events.info("{} registered", guest);
        return guest;
    }

    /** Ends the present holder of something unless that is another process that still runs. */
    private void makeWay(Guest holder, GuestClaim claim, String what) throws RefusedException {
        if (holder == null) {
            return;
        }
        if (!holder.process().equals(claim.process()) && processes.isAlive(holder.process())) {
            throw new RefusedException(
                    what + " belongs to process " + holder.process().pid() + ", which still runs");
        }
        end(holder, "the guest registered again");
    }

    private void add(Guest guest) throws RefusedException {
        try {
            Files.deleteIfExists(guest.socket());
            ChannelFuture bound = guest.bind();
            if (!bound.awaitUninterruptibly(BIND_SECONDS, TimeUnit.SECONDS) || !bound.isSuccess()) {
                guest.close("it has no socket");
                throw new RefusedException("no socket " + guest.socket() + ": " + bound.cause());
            }
            sockets.admit(guest.socket());
        } catch (IOException e) {
            guest.close("it has no socket");
            throw new RefusedException("no socket " + guest.socket() + ": " + e);
        }
        guests.put(guest.key(), guest);
        guestsById.put(guest.id(), guest);
        guest.uuid().ifPresent(uuid -> guestsByUuid.put(uuid, guest));
        guestsOfProcess.merge(guest.process().pid(), 1, Integer::sum);
        toSweep.add(guest);
        GuestControl control = GuestControl.NONE;
        try {
            control = Objects.requireNonNull(listener.registered(guest), "no control");
        } catch (RuntimeException e) {
            LOG.error("{} was not taken on", guest, e);
        }
        controls.put(objectName(guest), control);
    }

    private void end(Guest guest, String reason) {
        if (!guests.remove(guest.key(), guest)) {
            return;
        }
        guestsById.remove(guest.id(), guest);
        guest.uuid().ifPresent(uuid -> guestsByUuid.remove(uuid, guest));
        guestsOfProcess.computeIfPresent(guest.process().pid(), (pid, count) -> count == 1 ? null : count - 1);
        controls.remove(objectName(guest));
        saved.delete(guest);
        guest.close(reason);
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
            if (guests.get(guest.key()) == guest) {
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
            List<Path> deleted = leftovers.collect(guestsById::containsKey, Instant.now());
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
            } catch (IOException e) {
                result.completeExceptionally(new UncheckedIOException(e));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        if (!posted) {
            result.completeExceptionally(new UncheckedIOException(new IOException("the service ends")));
        }
        return result;
    }

    private void changeAccessNow(Guest guest, UnaryOperator<GuestAccess> change) throws IOException {
        if (guests.get(guest.key()) != guest) {
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
                if (guests.get(guest.key()) == guest) {
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
