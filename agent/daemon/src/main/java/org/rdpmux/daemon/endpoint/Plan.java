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
import java.util.Set;
import java.util.stream.Collectors;
import org.rdpmux.daemon.config.PortRange;
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
     * @param policy who may come in
     * @param today for leases
     * @param complete whether every console there is is known; until then none is taken for forgotten
     */
    record Rules(
            InetAddress address,
            PortRange range,
            Set<Integer> busy,
            EndpointPolicy policy,
            LocalDate today,
            boolean complete) {}

    Plan {
        wanted = Map.copyOf(wanted);
        problems = Map.copyOf(problems);
    }

    /**
     * Plans for all known consoles at once. Pinned ports win over leases; of two consoles that pin one port, the one that
     * comes first by name gets it.
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

        Map<ConsoleId, EndpointSpec> wanted = new HashMap<>();
        Map<ConsoleId, String> problems = new HashMap<>();
        PortTable table = ports;
        for (KnownConsole console : served) {
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
                Optional<PortTable> given = table.with(
                        console.id(),
                        rules.range(),
                        candidate ->
                                !reserved.contains(candidate) && !rules.busy().contains(candidate),
                        id -> rules.complete() && !knownIds.contains(id),
                        rules.today());
                if (given.isEmpty()) {
                    problems.put(
                            console.id(), "no port is left in listen.ports = " + rules.range() + "; make it larger");
                    continue;
                }
                table = given.get();
                port = table.port(console.id()).getAsInt();
            }
            EndpointSpec.Place place =
                    new EndpointSpec.Place(new InetSocketAddress(rules.address(), port), rules.policy());
            wanted.put(
                    console.id(),
                    new EndpointSpec(console.name(), console.display().get(), Optional.of(place)));
        }
        return new Plan(wanted, problems, table);
    }
}
