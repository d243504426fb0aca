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
import java.util.stream.IntStream;
import org.rdpmux.daemon.config.PortRange;

/**
 * Which console has which port, for good: a console that was served once finds its port again. Immutable. It never holds
 * more leases than there are ports, and no port twice.
 *
 * <p>As text it has one line for each lease: {@code domain:UUID PORT DATE SUBSTITUTE NAME}. DATE is the last day on which the
 * console was served, SUBSTITUTE is {@code -} if there is none, NAME is the rest of the line. Earlier versions wrote the first
 * three.
 */
record PortTable(Map<ConsoleId, Lease> leases) {

    static final PortTable EMPTY = new PortTable(Map.of());

    private static final String HEADING =
            "# Ports of consoles, kept by rdpmux: console, port, last day served, second port, name.";

    /**
     * What is kept for a console.
     *
     * @param port 1 to 65535
     * @param substitute a second port, on which the console was served while somebody else used the first
     * @param lastServed the day, by which leases are chosen that must give way
     * @param name of the console when it was served last; empty if not known
     */
    record Lease(int port, OptionalInt substitute, LocalDate lastServed, String name) {
        Lease {
            requirePort(port);
            substitute.ifPresent(Lease::requirePort);
            // A line of the file must be able to hold it.
            name = name.chars().anyMatch(Character::isISOControl) ? "" : name;
        }

        private static void requirePort(int port) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
            }
        }

        IntStream ports() {
            return IntStream.concat(IntStream.of(port), substitute.stream());
        }
    }

    /** A table, and what was wrong with the text it was read from. */
    record Parsed(PortTable table, List<String> problems) {}

    PortTable {
        leases = Map.copyOf(leases);
        Set<Integer> ports = new HashSet<>();
        leases.values().stream().flatMapToInt(Lease::ports).forEach(port -> {
            if (!ports.add(port)) {
                throw new IllegalArgumentException("port " + port + " is kept twice");
            }
        });
    }

    Optional<Lease> lease(ConsoleId id) {
        return Optional.ofNullable(leases.get(id));
    }

    OptionalInt port(ConsoleId id) {
        Lease lease = leases.get(id);
        return lease == null ? OptionalInt.empty() : OptionalInt.of(lease.port());
    }

    /** Whose port that is. */
    Optional<ConsoleId> holder(int port) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().ports().anyMatch(held -> held == port))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The lease of the console that had this name last, among those that may be forgotten. */
    Optional<ConsoleId> lastNamed(String name, Predicate<ConsoleId> forgettable) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name) && forgettable.test(entry.getKey()))
                .max(Comparator.<Map.Entry<ConsoleId, Lease>, LocalDate>comparing(
                                entry -> entry.getValue().lastServed())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey);
    }

    /** The table with this very port for {@code id}; whoever else had it has no lease any more. */
    PortTable with(ConsoleId id, String name, int port, LocalDate today) {
        Lease lease = leases.get(id);
        if (lease != null && lease.port() == port) {
            return put(id, new Lease(port, lease.substitute(), today, name));
        }
        PortTable without = holder(port).map(this::without).orElse(this);
        return without.put(id, new Lease(port, OptionalInt.empty(), today, name));
    }

    /** The table with a second port, which nobody has, for a console that has a lease. */
    PortTable withSubstitute(ConsoleId id, int port) {
        Lease lease = leases.get(id);
        return put(id, new Lease(lease.port(), OptionalInt.of(port), lease.lastServed(), lease.name()));
    }

    /** The table with {@code from}'s lease in the hands of {@code to}. */
    PortTable handedOn(ConsoleId from, ConsoleId to) {
        return without(from).put(to, leases.get(from));
    }

    /**
     * The lowest port that nobody has, else that of the console which may be forgotten and was served the longest time ago.
     *
     * @param usable whether a port may be given out at all
     * @param forgettable consoles that need not find their port again
     * @return empty if every port is taken
     */
    OptionalInt free(PortRange range, IntPredicate usable, Predicate<ConsoleId> forgettable) {
        Set<Integer> leased = new HashSet<>();
        leases.values().stream().flatMapToInt(Lease::ports).forEach(leased::add);
        OptionalInt lowest = IntStream.rangeClosed(range.first(), range.last())
                .filter(port -> usable.test(port) && !leased.contains(port))
                .findFirst();
        if (lowest.isPresent()) {
            return lowest;
        }
        return leases.entrySet().stream()
                .filter(entry -> forgettable.test(entry.getKey()))
                .sorted(Comparator.<Map.Entry<ConsoleId, Lease>, LocalDate>comparing(
                                entry -> entry.getValue().lastServed())
                        .thenComparing(Map.Entry::getKey))
                .flatMapToInt(entry -> entry.getValue().ports())
                .filter(port -> range.contains(port) && usable.test(port))
                .findFirst();
    }

    private PortTable put(ConsoleId id, Lease lease) {
        if (lease.equals(leases.get(id))) {
            return this;
        }
        Map<ConsoleId, Lease> changed = new HashMap<>(leases);
        changed.put(id, lease);
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
        new TreeMap<>(leases).forEach((id, lease) -> lines.add(line(id, lease)));
        return String.join("\n", lines) + "\n";
    }

    private static String line(ConsoleId id, Lease lease) {
        String substitute = lease.substitute().isPresent()
                ? String.valueOf(lease.substitute().getAsInt())
                : "-";
        return id + " " + lease.port() + " " + lease.lastServed() + " " + substitute + " " + lease.name();
    }

    private static Lease lease(String[] words) {
        boolean substitute = words.length > 3 && !words[3].equals("-");
        return new Lease(
                Integer.parseInt(words[1]),
                substitute ? OptionalInt.of(Integer.parseInt(words[3])) : OptionalInt.empty(),
                LocalDate.parse(words[2]),
                words.length > 4 ? words[4] : "");
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
            String[] words = line.split(" ", 5);
            try {
                if (words.length < 3) {
                    throw new IllegalArgumentException("is not CONSOLE PORT DATE");
                }
                ConsoleId id = ConsoleId.parse(words[0]);
                Lease lease = lease(words);
                if (leases.containsKey(id) || lease.ports().anyMatch(ports::contains)) {
                    throw new IllegalArgumentException("names a console or a port for the second time");
                }
                lease.ports().forEach(ports::add);
                leases.put(id, lease);
            } catch (IllegalArgumentException | DateTimeParseException e) {
                problems.add("line " + number + " is left out: " + e.getMessage());
            }
        }
        return new Parsed(new PortTable(leases), problems);
    }
}
