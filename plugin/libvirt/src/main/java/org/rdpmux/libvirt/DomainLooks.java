// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the domains of one session: at those that changed as soon as they did, a few at a time, and at the list from time
 * to time. What it sees goes to the {@link DomainTable}. Confined to the watcher's thread; libvirt is asked on others.
 */
final class DomainLooks {
    private static final Logger LOG = LoggerFactory.getLogger(DomainLooks.class);

    /** Looks at domains at a time, each on a connection of its own. */
    static final int LOOKS = 4;

    /**
     * When the list is checked after a connection was made, and how often later; seconds. Events do not tell all: see
     * {@link DomainTable#checked}. One short call each time, which also shows whether libvirt answers.
     */
    private static final int[] CHECKS = {1, 3, 10, 30, 60};

    /** Whose domains they are. Called on the watcher's thread, but for {@link #post}. */
    interface Owner {
        /** Has the watcher's thread run something. From any thread. */
        void post(Runnable task);

        /** The list has come: libvirt is of use. */
        void listed();

        /** The list has not come: the session is to be given up. */
        void notListed(Throwable error);
    }

    private final String uri;
    private final LibvirtSession session;
    private final DomainTable table;
    private final CallPool calls;
    private final Owner owner;
    private int underWay;
    private int checks;
    private long nextCheckNanos;
    private boolean listing;
    private boolean ended;

    DomainLooks(String uri, LibvirtSession session, DomainTable table, CallPool calls, Owner owner) {
        this.uri = uri;
        this.session = session;
        this.table = table;
        this.calls = calls;
        this.owner = owner;
    }

    /** Asks for the list. */
    void begin() {
        list(ids -> table.listed(ids.keySet()));
    }

    /** The session is no longer used: what is still asked counts for nothing. */
    void end() {
        ended = true;
    }

    /** How long there is nothing to do unless something happens. */
    long nanosToWork() {
        return listing ? Long.MAX_VALUE : Math.max(0, nextCheckNanos - System.nanoTime());
    }

    /** Does what is due. */
    void work() {
        if (!listing && nextCheckNanos - System.nanoTime() <= 0) {
            list(table::checked);
        }
        while (underWay < LOOKS) {
            Optional<UUID> uuid = table.nextLook();
            if (uuid.isEmpty()) {
                return;
            }
            look(uuid.get());
        }
    }

    private void list(Consumer<Map<UUID, OptionalInt>> use) {
        listing = true;
        CallPool.Call<Map<UUID, OptionalInt>> call = calls.submit("list its domains", session::list, late -> {});
        call.result()
                .whenComplete((ids, error) -> post(() -> {
                    listing = false;
                    if (error == null) {
                        int seconds = CHECKS[Math.min(checks++, CHECKS.length - 1)];
                        nextCheckNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
                        owner.listed();
                        use.accept(ids);
                    } else {
                        owner.notListed(error);
                    }
                }));
    }

    private void look(UUID uuid) {
        underWay++;
        CallPool.Call<Optional<Snapshot>> call =
                calls.submit("look at domain " + uuid, () -> session.look(uuid), late -> {});
        call.result().whenComplete((snapshot, error) -> post(() -> looked(uuid, snapshot, error, call)));
    }

    private void looked(
            UUID uuid, Optional<Snapshot> snapshot, Throwable error, CallPool.Call<Optional<Snapshot>> call) {
        underWay--;
        if (error instanceof CallPool.TimedOutException) {
            LOG.warn("{}: {}", uri, error.getMessage());
            table.stuck(uuid);
            call.ended()
                    .thenRun(() -> post(() -> {
                        table.unseen(uuid);
                        table.changed(uuid, Optional.empty());
                    }));
            nextCheckNanos = System.nanoTime(); // is it this domain, or all of libvirt?
        } else if (error != null) {
            LOG.warn("{}: {}", uri, error.getMessage());
            table.unseen(uuid);
        } else {
            snapshot.ifPresentOrElse(table::seen, () -> table.gone(uuid));
        }
    }

    private void post(Runnable task) {
        owner.post(() -> {
            if (!ended) {
                task.run();
            }
        });
    }
}
