// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.rdpmux.daemon.config.PortRange;

/**
 * Which console has which port, for good: a console that was served once finds its port again. Immutable. It never holds
 * more leases than there are ports, and no port twice.
 *
 * <p>As text it has one line for each lease, {@code domain:UUID PORT DATE}, where the date is the last day on which the
 * console was served.
 */
record PortTable(Map<ConsoleId, Lease> leases) {

    static final PortTable EMPTY = new PortTable(Map.of());

    private static final String HEADING = "# Ports of consoles, kept by rdpmux: console, port, last day served.";

    /**
     * A port that is kept for a console.
     *
     * @param port 1 to 65535
     * @param lastServed the day, by which leases are chosen that must give way
     */
    record Lease(int port, LocalDate lastServed) {
        Lease {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
            }
        }
    }

    /** A table, and what was wrong with the text it was read from. */
    record Parsed(PortTable table, List<String> problems) {}

    PortTable {
        leases = Map.copyOf(leases);
        Set<Integer> ports = new HashSet<>();
        for (Lease lease : leases.values()) {
            if (!ports.add(lease.port())) {
                throw new IllegalArgumentException("port " + lease.port() + " is kept for two consoles");
            }
        }
    }

    OptionalInt port(ConsoleId id) {
        Lease lease = leases.get(id);
        return lease == null ? OptionalInt.empty() : OptionalInt.of(lease.port());
    }

    /**
     * The table with a port for {@code id}: the one it has if that will do, else the lowest that nobody has a lease on, else
     * that of the console which may be forgotten and was served the longest time ago.
     *
     * @param usable whether a port may be given out at all
     * @param forgettable consoles that need not find their port again
     * @return empty if every port is taken
     */
    Optional<PortTable> with(
            ConsoleId id, PortRange range, IntPredicate usable, Predicate<ConsoleId> forgettable, LocalDate today) {
        Lease lease = leases.get(id);
        if (lease != null && range.contains(lease.port()) && usable.test(lease.port())) {
            return Optional.of(lease.lastServed().equals(today) ? this : put(id, lease.port(), today));
        }
        Set<Integer> leased = new HashSet<>();
        leases.forEach((other, held) -> leased.add(held.port()));
        for (int port = range.first(); port <= range.last(); port++) {
            if (usable.test(port) && !leased.contains(port)) {
                return Optional.of(put(id, port, today));
            }
        }
        return leases.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(id) && forgettable.test(entry.getKey()))
                .filter(entry -> range.contains(entry.getValue().port())
                        && usable.test(entry.getValue().port()))
                .min(Comparator.<Map.Entry<ConsoleId, Lease>, LocalDate>comparing(
                                entry -> entry.getValue().lastServed())
                        .thenComparing(Map.Entry::getKey))
                .map(entry -> without(entry.getKey()).put(id, entry.getValue().port(), today));
    }

    /**
     * The table with this very port for {@code id}.
     *
     * @param forgettable consoles that need not find their port again
     * @return empty if another console has it
     */
    Optional<PortTable> with(ConsoleId id, int port, Predicate<ConsoleId> forgettable, LocalDate today) {
        Lease lease = leases.get(id);
        if (lease != null && lease.port() == port) {
            return Optional.of(lease.lastServed().equals(today) ? this : put(id, port, today));
        }
        Optional<ConsoleId> holder = leases.entrySet().stream()
                .filter(entry -> entry.getValue().port() == port)
                .map(Map.Entry::getKey)
                .findFirst();
        if (holder.isPresent() && !forgettable.test(holder.get())) {
            return Optional.empty();
        }
        return Optional.of(holder.map(this::without).orElse(this).put(id, port, today));
    }

    private PortTable put(ConsoleId id, int port, LocalDate today) {
        Map<ConsoleId, Lease> changed = new HashMap<>(leases);
        changed.put(id, new Lease(port, today));
        return new PortTable(changed);
    }

    PortTable without(ConsoleId id) {
        Map<ConsoleId, Lease> changed = new HashMap<>(leases);
        changed.remove(id);
        return new PortTable(changed);
    }

    String format() {
        List<String> lines = new ArrayList<>();
        lines.add(HEADING);
        new TreeMap<>(leases).forEach((id, lease) -> lines.add(id + " " + lease.port() + " " + lease.lastServed()));
        return String.join("\n", lines) + "\n";
    }

    /** Reads what {@link #format} gave; lines that are damaged are left out and reported. */
    static Parsed parse(Collection<String> lines) {
        Map<ConsoleId, Lease> leases = new HashMap<>();
        Set<Integer> ports = new HashSet<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split(" ", -1);
            try {
                if (words.length != 3) {
                    throw new IllegalArgumentException("is not CONSOLE PORT DATE");
                }
                ConsoleId id = ConsoleId.parse(words[0]);
                Lease lease = new Lease(Integer.parseInt(words[1]), LocalDate.parse(words[2]));
                if (leases.containsKey(id) || !ports.add(lease.port())) {
                    throw new IllegalArgumentException("names a console or a port for the second time");
                }
                leases.put(id, lease);
            } catch (IllegalArgumentException | DateTimeParseException e) {
                problems.add("line " + number + " is left out: " + e.getMessage());
            }
        }
        return new Parsed(new PortTable(leases), problems);
    }
}
