// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Decides what to tell about domains. Does no input or output; confined to one thread.
 *
 * <p>libvirt's events say that something happened, and may arrive after an answer that already shows it, or not at all
 * while there is no connection. So an event is only a reason to look: whoever drives the table looks at the domains
 * {@link #nextLook} names, reports what is there, and the difference to what was known is told. Listing all domains is
 * looking at all of them. Which run of a domain a look shows is known by libvirt's id of it.
 *
 * <p>INVARIANT: at most one look at a domain is under way, and one that was asked for while another was under way is made
 * after it. So looks show a domain's states in the order in which they were, and the last one is after the last event.
 */
final class DomainTable {

    /** The most domains followed: as many as libvirt sends in a list (REMOTE_DOMAIN_LIST_MAX). */
    static final int LIMIT = 16_384;

    private static final class Entry {
        /** Null until the domain has been seen. */
        DomainInfo info;

        boolean looking;
        Optional<StopReason> stopReason = Optional.empty();
    }

    private final Consumer<DomainEvent> out;
    private final Map<UUID, Entry> entries = new LinkedHashMap<>();
    private final Set<UUID> toLook = new LinkedHashSet<>();
    private final Set<UUID> unlisted = new LinkedHashSet<>();
    private boolean listing;
    private long generations;

    DomainTable(Consumer<DomainEvent> out) {
        this.out = Objects.requireNonNull(out);
    }

    /**
     * Something happened to a domain.
     *
     * @param stopReason why it stopped, if that is what happened. Counts if a look does not show the reason, since the
     *     domain runs again or is gone.
     * @return whether the domain is followed; false if there are too many
     */
    boolean changed(UUID uuid, Optional<StopReason> stopReason) {
        Entry entry = entries.get(uuid);
        if (entry == null) {
            if (entries.size() >= LIMIT) {
                return false;
            }
            entry = new Entry();
            entries.put(uuid, entry);
        }
        if (stopReason.isPresent()) {
            entry.stopReason = stopReason;
        }
        toLook.add(uuid);
        return true;
    }

    /** These are all domains there are; each of them, and each that was known and is not among them, is looked at. */
    void listed(Collection<UUID> present) {
        Set<UUID> all = new LinkedHashSet<>(present);
        all.addAll(entries.keySet());
        listing = true;
        for (UUID uuid : all) {
            if (changed(uuid, Optional.empty())) {
                unlisted.add(uuid);
            }
        }
        tellIfListed();
    }

    /**
     * A look at the list alone, for what libvirt tells no event of: a domain whose process died while libvirtd was away
     * just is off some time after libvirtd is back. Domains that are not as they were known are looked at.
     *
     * @param ids libvirt's ids of all domains
     */
    void checked(Map<UUID, OptionalInt> ids) {
        ids.forEach((uuid, id) -> {
            Entry entry = entries.get(uuid);
            if (entry == null || entry.info == null || !entry.info.id().equals(id)) {
                changed(uuid, Optional.empty());
            }
        });
        for (UUID uuid : List.copyOf(entries.keySet())) {
            if (!ids.containsKey(uuid)) {
                changed(uuid, Optional.empty());
            }
        }
    }

    /** The connection is gone, and with it all looks that were under way. What is known stays. */
    void disconnected() {
        toLook.clear();
        unlisted.clear();
        listing = false;
        entries.values().removeIf(entry -> entry.info == null);
        for (Entry entry : entries.values()) {
            entry.looking = false;
            entry.stopReason = Optional.empty();
        }
    }

    /** The domain to look at next; it counts as being looked at until {@link #seen}, {@link #gone} or {@link #unseen}. */
    Optional<UUID> nextLook() {
        for (UUID uuid : toLook) {
            Entry entry = entries.get(uuid);
            if (!entry.looking) {
                toLook.remove(uuid);
                entry.looking = true;
                return Optional.of(uuid);
            }
        }
        return Optional.empty();
    }

    /** A look at a domain shows this. */
    void seen(Snapshot now) {
        Entry entry = entries.get(now.uuid());
        entry.looking = false;
        tellDifference(entry, now);
        settled(now.uuid());
    }

    /** A look shows that libvirt does not know the domain. */
    void gone(UUID uuid) {
        Entry entry = entries.remove(uuid);
        if (entry.info != null) {
            if (entry.info.active()) {
                stop(entry, entry.info.persistent(), entry.info.graphics(), entry.info.metadata());
            }
            out.accept(new DomainEvent.Undefined(entry.info));
        }
        if (toLook.contains(uuid)) {
            entry = new Entry(); // defined anew while we looked
            entries.put(uuid, entry);
        } else {
            settled(uuid);
        }
    }

    /** A look failed. The domain stays as it was known; the next thing that happens to it has it looked at again. */
    void unseen(UUID uuid) {
        Entry entry = entries.get(uuid);
        entry.looking = false;
        if (entry.info == null && !toLook.contains(uuid)) {
            entries.remove(uuid);
        }
        settled(uuid);
    }

    /** A look takes too long: nobody waits for it any more, but it is not over. */
    void stuck(UUID uuid) {
        unlisted.remove(uuid);
        tellIfListed();
    }

    private void settled(UUID uuid) {
        if (!toLook.contains(uuid)) {
            unlisted.remove(uuid);
            tellIfListed();
        }
    }

    private void tellIfListed() {
        if (listing && unlisted.isEmpty()) {
            listing = false;
            out.accept(new DomainEvent.Listed());
        }
    }

    private void tellDifference(Entry entry, Snapshot now) {
        if (entry.info == null) {
            boolean active = now.id().isPresent();
            entry.info = now.asOf(active ? ++generations : 0);
            entry.stopReason = Optional.empty();
            out.accept(new DomainEvent.Defined(entry.info));
            if (active) {
                out.accept(new DomainEvent.Started(entry.info));
            }
            return;
        }
        if (!entry.info.name().equals(now.name())) {
            String oldName = entry.info.name();
            DomainInfo was = entry.info;
            entry.info = new DomainInfo(
                    was.uuid(),
                    now.name(),
                    was.id(),
                    was.state(),
                    was.generation(),
                    was.persistent(),
                    was.graphics(),
                    was.metadata());
            out.accept(new DomainEvent.Renamed(entry.info, oldName));
        }
        boolean stopped = entry.info.active() && !entry.info.id().equals(now.id());
        boolean started = now.id().isPresent() && !entry.info.id().equals(now.id());
        if (stopped) {
            entry.stopReason = now.stopReason().or(() -> entry.stopReason);
            stop(entry, now.persistent(), started ? entry.info.graphics() : now.graphics(), now.metadata());
        }
        entry.stopReason = Optional.empty();
        if (started) {
            entry.info = now.asOf(++generations);
            out.accept(new DomainEvent.Started(entry.info));
        } else {
            tellChanges(entry, now.asOf(entry.info.generation()));
        }
    }

    private void stop(Entry entry, boolean persistent, List<Graphics> graphics, DomainMetadata metadata) {
        DomainInfo was = entry.info;
        entry.info = new DomainInfo(
                was.uuid(),
                was.name(),
                OptionalInt.empty(),
                DomainState.OFF,
                was.generation(),
                persistent,
                graphics,
                metadata);
        out.accept(new DomainEvent.Stopped(entry.info, entry.stopReason.orElse(StopReason.UNKNOWN)));
        entry.stopReason = Optional.empty();
    }

    /** Tells what is different within a run, or within the time a domain is off. */
    private void tellChanges(Entry entry, DomainInfo now) {
        DomainInfo was = entry.info;
        entry.info = now;
        boolean ran = was.state() == DomainState.RUNNING || was.state() == DomainState.SHUTTING_DOWN;
        boolean runs = now.state() == DomainState.RUNNING || now.state() == DomainState.SHUTTING_DOWN;
        if (ran && !runs && now.active()) {
            out.accept(new DomainEvent.Suspended(now));
        } else if (!ran && runs) {
            out.accept(new DomainEvent.Resumed(now));
        } else if (was.state() != now.state()) {
            out.accept(new DomainEvent.Updated(now));
            return;
        }
        if (was.persistent() != now.persistent()
                || !was.graphics().equals(now.graphics())
                || !was.metadata().equals(now.metadata())) {
            out.accept(new DomainEvent.Updated(now));
        }
    }
}
