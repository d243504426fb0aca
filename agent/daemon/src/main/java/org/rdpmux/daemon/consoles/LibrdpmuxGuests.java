// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.daemon.endpoint.AccessTerms;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.DisplayOffer;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.endpoint.KnownConsole.Wishes;
import org.rdpmux.librdpmux.GuestAccess;
import org.rdpmux.librdpmux.GuestRegistration;
import org.rdpmux.libvirt.DomainInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guests that registered through librdpmux: which domain each belongs to, and those that are consoles by themselves.
 * Belongs to the agent thread.
 */
public final class LibrdpmuxGuests {

    private static final Logger LOG = LoggerFactory.getLogger(LibrdpmuxGuests.class);

    private final DomainProcesses processes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<UUID, Remembered> remembered = new HashMap<>();
    private PortRange allowedPorts;
    private long registrations;

    /** A guest's wishes last as long as its domain runs: that the guest is gone must not open its endpoint to others. */
    private record Remembered(long generation, Wishes wishes) {}

    private static final class Entry {
        final GuestRegistration guest;
        final long number;
        final String name;
        final Set<Long> strangerTo = new HashSet<>();
        ConsoleId console;

        Entry(GuestRegistration guest, long number) {
            this.guest = guest;
            this.number = number;
            this.name = name(guest);
        }

        boolean shut() {
            return guest.access().shut();
        }
    }

    private static String name(GuestRegistration guest) {
        int pid = guest.process().pid();
        Hypervisor hypervisor = Hypervisor.of(pid);
        return hypervisor
                .name()
                .or(() -> guest.uuid().map(UUID::toString))
                .orElseGet(() -> hypervisor.program().orElse("guest") + "-" + pid);
    }

    /**
     * No guests yet.
     *
     * @param libvirtUri of the libvirt whose domains they may be
     * @param allowedPorts that guests may ask for
     */
    public LibrdpmuxGuests(String libvirtUri, PortRange allowedPorts) {
        this.processes = DomainProcesses.of(libvirtUri);
        this.allowedPorts = allowedPorts;
    }

    /** Guests may ask for these ports from now on. */
    public void allowPorts(PortRange ports) {
        allowedPorts = ports;
    }

    public void add(GuestRegistration guest) {
        entries.put(guest.key(), new Entry(guest, ++registrations));
        int port = guest.requestedPort();
        if (port != 0 && !allowedPorts.contains(port)) {
            LOG.warn(
                    "guest {} asks for port {}, which librdpmux.ports = {} does not allow",
                    guest.key(),
                    port,
                    allowedPorts);
        }
    }

    public void remove(GuestRegistration guest) {
        entry(guest).ifPresent(entry -> entries.remove(guest.key()));
    }

    private Optional<Entry> entry(GuestRegistration guest) {
        return Optional.ofNullable(entries.get(guest.key())).filter(entry -> entry.guest == guest);
    }

    /** The console that shows this guest; empty if none does. */
    public Optional<ConsoleId> console(GuestRegistration guest) {
        return entry(guest).map(entry -> entry.console);
    }

    /**
     * How a running domain is to be shown.
     *
     * @param offer the guest's display; empty if it has none or was shut
     * @param wishes also those of a guest that is gone, as long as the domain runs
     * @param shut whether somebody took the guest off its console
     */
    record Shown(Optional<DisplayOffer> offer, Wishes wishes, boolean shut) {
        static final Shown NOT = new Shown(Optional.empty(), Wishes.NONE, false);
    }

    /** The guest that registered this running domain, if it did and its process is the domain's. */
    Shown domain(DomainInfo domain) {
        UUID uuid = domain.uuid();
        Optional<Entry> found = entries.values().stream()
                .filter(entry -> entry.guest.uuid().equals(Optional.of(uuid)))
                .filter(entry -> belongs(entry, domain))
                .findFirst();
        if (found.isEmpty()) {
            Remembered before = remembered.get(uuid);
            return before == null || before.generation != domain.generation()
                    ? Shown.NOT
                    : new Shown(Optional.empty(), before.wishes, false);
        }
        Entry entry = found.get();
        entry.console = new ConsoleId.OfDomain(uuid);
        Wishes wishes = wishes(entry);
        remembered.put(uuid, new Remembered(domain.generation(), wishes));
        boolean shut = entry.shut();
        return new Shown(shut ? Optional.empty() : Optional.of(offer(entry)), wishes, shut);
    }

    private boolean belongs(Entry entry, DomainInfo domain) {
        int pid = entry.guest.process().pid();
        if (processes.runs(pid, domain.name(), domain.uuid())) {
            return true;
        }
        if (entry.strangerTo.add(domain.generation())) {
            LOG.warn(
                    "process {} registered with the UUID of {}, but is not its process: it is not shown",
                    pid,
                    domain.name());
        }
        return false;
    }

    /** Forgets what was known of a domain. */
    void forget(UUID uuid) {
        remembered.remove(uuid);
    }

    /**
     * Guests that are consoles by themselves.
     *
     * @param isDomain whether a UUID is that of a domain, to which its guest belongs even before the domain is seen to run
     */
    public List<KnownConsole> unmanaged(Predicate<UUID> isDomain) {
        List<KnownConsole> consoles = new ArrayList<>();
        for (Entry entry : entries.values()) {
            Optional<UUID> uuid = entry.guest.uuid();
            if (uuid.isEmpty() || !isDomain.test(uuid.get())) {
                entry.console = uuid.<ConsoleId>map(ConsoleId.OfDomain::new)
                        .orElseGet(() -> new ConsoleId.OfGuest(entry.guest.key()));
                consoles.add(console(entry));
            }
        }
        return consoles;
    }

    private KnownConsole console(Entry entry) {
        boolean shut = entry.shut();
        return new KnownConsole(
                entry.console,
                entry.name,
                KnownConsole.Origin.REGISTERED,
                "running",
                OptionalInt.empty(),
                wishes(entry),
                AccessTerms.NONE,
                shut ? Optional.empty() : Optional.of(offer(entry)),
                shut ? SHUT : "");
    }

    /** What is said of a console that its guest was taken off. */
    static final String SHUT = "shut down through the guest's D-Bus object";

    private Wishes wishes(Entry entry) {
        int port = entry.guest.requestedPort();
        GuestAccess access = entry.guest.access();
        return new Wishes(
                port != 0 && allowedPorts.contains(port) ? OptionalInt.of(port) : OptionalInt.empty(),
                access.authenticated() ? access.credentialFile() : Optional.empty());
    }

    private static DisplayOffer offer(Entry entry) {
        GuestRegistration guest = entry.guest;
        return new DisplayOffer(
                "librdpmux:" + guest.key() + ":" + entry.number,
                "librdpmux " + guest.version().number(),
                guest::openDisplay);
    }
}
