// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.util.Collection;
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
import org.rdpmux.librdpmux.ProcessIdentity;
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
    private final Map<UUID, Entry> byDomain = new HashMap<>();
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
        Optional<ConsoleId> console = Optional.empty();
        boolean unmanaged;

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
        entry(guest).ifPresent(entry -> {
            entries.remove(guest.key());
            byDomain.values().remove(entry);
        });
    }

    private Optional<Entry> entry(GuestRegistration guest) {
        return Optional.ofNullable(entries.get(guest.key())).filter(entry -> entry.guest == guest);
    }

    /** The console that shows this guest; empty if none does. */
    public Optional<ConsoleId> console(GuestRegistration guest) {
        return entry(guest).flatMap(entry -> entry.console);
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

    /**
     * Decides which console each guest belongs to: that of the domain that its process runs, or one of its own.
     *
     * @param running domains that are to be shown
     * @param isDomain whether a UUID is that of a domain, to which its guest belongs even before the domain is seen to run
     */
    void assign(Collection<DomainInfo> running, Predicate<UUID> isDomain) {
        byDomain.clear();
        for (DomainInfo domain : running) {
            entries.values().stream()
                    .filter(entry -> entry.guest.uuid().equals(Optional.of(domain.uuid())))
                    .filter(entry -> belongs(entry, domain))
                    .findFirst()
                    .ifPresent(entry -> {
                        byDomain.put(domain.uuid(), entry);
                        remembered.put(domain.uuid(), new Remembered(domain.generation(), wishes(entry)));
                    });
        }
        for (Entry entry : entries.values()) {
            Optional<UUID> uuid = entry.guest.uuid();
            entry.unmanaged = uuid.isEmpty() || !isDomain.test(uuid.get());
            boolean shown = entry.unmanaged || byDomain.get(uuid.get()) == entry;
            entry.console = !shown
                    ? Optional.empty()
                    : Optional.of(uuid.<ConsoleId>map(ConsoleId.OfDomain::new)
                            .orElseGet(() -> new ConsoleId.OfGuest(entry.guest.key())));
        }
    }

    /** How this running domain is to be shown, after {@link #assign}. */
    Shown shown(DomainInfo domain) {
        Entry entry = byDomain.get(domain.uuid());
        if (entry == null) {
            Remembered before = remembered.get(domain.uuid());
            return before == null || before.generation != domain.generation()
                    ? Shown.NOT
                    : new Shown(Optional.empty(), before.wishes, false);
        }
        boolean shut = entry.shut();
        return new Shown(shut ? Optional.empty() : Optional.of(offer(entry)), wishes(entry), shut);
    }

    /** Whether a process provably runs a virtual machine; from any thread. */
    public boolean provablyRuns(ProcessIdentity process, UUID machine) {
        return processes.provablyRuns(process.pid(), machine);
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

    /** Guests that are consoles by themselves, after {@link #assign}. */
    public List<KnownConsole> unmanaged() {
        return entries.values().stream()
                .filter(entry -> entry.unmanaged)
                .map(this::console)
                .toList();
    }

    private KnownConsole console(Entry entry) {
        boolean shut = entry.shut();
        return new KnownConsole(
                entry.console.orElseThrow(),
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
