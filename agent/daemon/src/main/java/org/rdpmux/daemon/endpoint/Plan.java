// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
     * What a plan goes by.
     *
     * @param where endpoints may be, and who may come in
     * @param busy ports that somebody else was found to have
     * @param placed where consoles listen by now: they stay there, whatever their guests ask for
     * @param today for leases
     * @param complete whether every console there is is known; until then none is taken for forgotten
     */
    record Rules(
            EndpointManager.Listening where,
            Set<Integer> busy,
            Map<ConsoleId, Integer> placed,
            LocalDate today,
            boolean complete) {

        /** Whether a port that its guest asks for may become the console's. */
        boolean maySeek(ConsoleId id, PortTable ports) {
            return !placed.containsKey(id)
                    || ports.lease(id).stream().noneMatch(lease -> where.range().contains(lease.port()));
        }

        /** Whether a console may have the port that is pinned for it. The host's own configuration may pin any. */
        boolean mayPin(KnownConsole console) {
            int port = console.pin().orElseThrow();
            return console.origin() != KnownConsole.Origin.LIBVIRT
                    || where.range().contains(port)
                    || where.pinnable().stream().anyMatch(range -> range.contains(port));
        }
    }

    Plan {
        wanted = Map.copyOf(wanted);
        problems = Map.copyOf(problems);
    }

    /**
     * Plans for all known consoles at once. A console keeps its port, which a pin of another waits for; of two consoles that
     * pin one free port, the one that comes first by name gets it. A port that a guest asks for becomes its lease if no other
     * console has or pins it.
     */
    static Plan of(Collection<KnownConsole> known, PortTable ports, Rules rules) {
        Map<ConsoleId, EndpointPolicy> policies = new HashMap<>();
        Map<ConsoleId, String> problems = new HashMap<>();
        InetAddress address = rules.where().address();
        List<KnownConsole> served = new ArrayList<>();
        known.stream()
                .filter(console -> console.display().isPresent())
                .sorted(Comparator.comparing(KnownConsole::name).thenComparing(KnownConsole::id))
                .forEach(console -> {
                    EndpointPolicy policy = rules.where().policies().apply(console);
                    if (opensToNetwork(policy, address)) {
                        problems.put(console.id(), opened(address));
                    } else {
                        policies.put(console.id(), policy);
                        served.add(console);
                    }
                });
        PortPlanner planner = new PortPlanner(known, served, ports, rules).plan();
        problems.putAll(planner.problems());
        Map<ConsoleId, EndpointSpec> wanted = new HashMap<>();
        for (KnownConsole console : served) {
            Integer port = planner.ports().get(console.id());
            if (port != null) {
                EndpointSpec.Place place =
                        new EndpointSpec.Place(new InetSocketAddress(address, port), policies.get(console.id()));
                wanted.put(
                        console.id(),
                        new EndpointSpec(console.name(), console.display().get(), Optional.of(place)));
            }
        }
        return new Plan(wanted, problems, planner.table());
    }

    private static String opened(InetAddress address) {
        return "its policy is 'none', which listen.address = " + address.getHostAddress()
                + " would open to the network; if that is meant, set security.none-on-network = yes";
    }

    private static boolean opensToNetwork(EndpointPolicy policy, InetAddress address) {
        return policy.authentication() == Authentication.NONE && !policy.openAnywhere() && !address.isLoopbackAddress();
    }
}
