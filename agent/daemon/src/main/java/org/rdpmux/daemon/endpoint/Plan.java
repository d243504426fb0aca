// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.EndpointPolicy;

/**
 * Which consoles are to be served and where: a pure function of what is known.
 *
 * @param wanted by console
 * @param problems why a console that could be served is not, a sentence each
 * @param ports the table with the ports that this plan gives out
 */
record Plan(Map<ConsoleId, EndpointSpec> wanted, Map<ConsoleId, String> problems, PortTable ports) {

    /**
     * Where endpoints may be.
     *
     * @param address they listen on
     * @param range ports that are given out
     * @param busy ports that somebody else was found to have
     * @param placed consoles that listen somewhere already: they stay there, whatever their guests ask for
     * @param policies who may come in at a console's endpoint
     * @param today for leases
     * @param complete whether every console there is is known; until then none is taken for forgotten
     */
    record Rules(
            InetAddress address,
            PortRange range,
            Set<Integer> busy,
            Set<ConsoleId> placed,
            Function<KnownConsole, EndpointPolicy> policies,
            LocalDate today,
            boolean complete) {

        /** Whether a port that its guest asks for may become the console's. */
        boolean maySeek(ConsoleId id, PortTable ports) {
            return !placed.contains(id) || ports.port(id).stream().noneMatch(range::contains);
        }
    }

    Plan {
        wanted = Map.copyOf(wanted);
        problems = Map.copyOf(problems);
    }

    /**
     * Plans for all known consoles at once. Pinned ports win over leases; of two consoles that pin one port, the one that
     * comes first by name gets it. A port that a guest asks for becomes its lease if no other console has or pins it.
     */
    static Plan of(Collection<KnownConsole> known, PortTable ports, Rules rules) {
        List<KnownConsole> served = known.stream()
                .filter(console -> console.display().isPresent())
                .sorted(Comparator.comparing(KnownConsole::name).thenComparing(KnownConsole::id))
                .toList();
        Map<Integer, KnownConsole> pinned = new HashMap<>();
        served.forEach(console -> console.pin().ifPresent(port -> pinned.putIfAbsent(port, console)));
        // Pins of guests that do not run are kept free as well: their owners expect them.
        Set<Integer> reserved = known.stream()
                .flatMapToInt(console -> console.pin().stream())
                .boxed()
                .collect(Collectors.toSet());
        Set<ConsoleId> knownIds = known.stream().map(KnownConsole::id).collect(Collectors.toSet());

        IntPredicate usable = port -> !reserved.contains(port) && !rules.busy().contains(port);
        Predicate<ConsoleId> forgettable = id -> rules.complete() && !knownIds.contains(id);

        Map<ConsoleId, EndpointSpec> wanted = new HashMap<>();
        Map<ConsoleId, String> problems = new HashMap<>();
        PortTable table = grantWishes(served, withoutUseless(served, ports, usable, rules), usable, forgettable, rules);
        for (KnownConsole console : served) {
            EndpointPolicy policy = rules.policies().apply(console);
            if (opensToNetwork(policy, rules.address())) {
                problems.put(
                        console.id(),
                        "its policy is 'none', which listen.address = "
                                + rules.address().getHostAddress()
                                + " would open to the network; if that is meant, set security.none-on-network = yes");
                continue;
            }
            int port;
            if (console.pin().isPresent()) {
                port = console.pin().getAsInt();
                KnownConsole owner = pinned.get(port);
                if (owner != console) {
                    problems.put(
                            console.id(), "port " + port + " is pinned for '" + owner.name() + "' too, which has it");
                    continue;
                }
            } else {
                OptionalInt wish = console.wishes().port();
                boolean granted =
                        wish.isPresent() && table.port(console.id()).equals(wish) && usable.test(wish.getAsInt());
                Optional<PortTable> given = granted
                        ? Optional.of(table)
                        : table.with(console.id(), rules.range(), usable, forgettable, rules.today());
                if (given.isEmpty()) {
                    problems.put(
                            console.id(), "no port is left in listen.ports = " + rules.range() + "; make it larger");
                    continue;
                }
                table = given.get();
                port = table.port(console.id()).getAsInt();
            }
            EndpointSpec.Place place = new EndpointSpec.Place(new InetSocketAddress(rules.address(), port), policy);
            wanted.put(
                    console.id(),
                    new EndpointSpec(console.name(), console.display().get(), Optional.of(place)));
        }
        return new Plan(wanted, problems, table);
    }

    /** Takes leases back that will not do any more, before anybody is given another port. */
    private static PortTable withoutUseless(
            List<KnownConsole> served, PortTable ports, IntPredicate usable, Rules rules) {
        PortTable table = ports;
        for (KnownConsole console : served) {
            OptionalInt lease = table.port(console.id());
            boolean allowed =
                    lease.equals(console.wishes().port()) || lease.stream().anyMatch(rules.range()::contains);
            if (lease.isPresent() && console.pin().isEmpty() && !(allowed && usable.test(lease.getAsInt()))) {
                table = table.without(console.id());
            }
        }
        return table;
    }

    /** Until nothing changes: one that moves to where it wants to be may make room for another. */
    private static PortTable grantWishes(
            List<KnownConsole> served,
            PortTable ports,
            IntPredicate usable,
            Predicate<ConsoleId> forgettable,
            Rules rules) {
        PortTable before;
        PortTable table = ports;
        do {
            before = table;
            for (KnownConsole console : served) {
                OptionalInt wish = console.wishes().port();
                if (console.pin().isEmpty()
                        && wish.isPresent()
                        && usable.test(wish.getAsInt())
                        && rules.maySeek(console.id(), table)) {
                    table = table.with(console.id(), wish.getAsInt(), forgettable, rules.today())
                            .orElse(table);
                }
            }
        } while (!table.equals(before));
        return table;
    }

    private static boolean opensToNetwork(EndpointPolicy policy, InetAddress address) {
        return policy.authentication() == Authentication.NONE && !policy.openAnywhere() && !address.isLoopbackAddress();
    }
}
