// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.server.Console;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.Endpoint;
import org.rdpmux.server.EndpointPolicy;
import org.rdpmux.server.ListenException;
import org.rdpmux.server.RdpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the endpoints that are there match those that are wanted. It is told of all known consoles whenever anything about
 * them changes; what cannot be had is tried again at each {@link #retry}. Belongs to the agent thread.
 *
 * <p>Has more fields than most classes: what is wanted, what is there, and what stands in the way, side by side.
 */
public final class EndpointManager {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointManager.class);

    /** The file of leases in the state directory. */
    static final String PORTS_FILE = "ports";

    /** Ports that are found taken, one after the other, before we leave the rest to the next retry. */
    private static final int MAX_ROUNDS = 32;

    /** A port that another program was found to have is not tried again for so long. */
    private static final Duration BUSY = Duration.ofSeconds(30);

    private final RdpServer server;
    private final StateDirectory state;
    private final Clock clock;
    private final EndpointObserver observer;
    private final Map<ConsoleId, Served> served = new HashMap<>();
    private final Set<Integer> busy = new HashSet<>();
    private final Set<Integer> reported = new HashSet<>();
    private final Map<ConsoleId, String> refusals = new HashMap<>();
    private Map<ConsoleId, KnownConsole> known = Map.of();
    private Map<ConsoleId, String> problems = Map.of();
    private PortTable ports;
    private Listening listening;
    private Set<ConsoleId> established = Set.of();
    private String missingAddress = "";
    private boolean complete;
    private Instant busyUntil = Instant.MIN;

    /**
     * Where endpoints are to be.
     *
     * @param address they listen on
     * @param range of the ports that are given out
     * @param pinnable ports beyond those that a domain's metadata may pin
     * @param policies who may come in at a console's endpoint; equal answers for as long as nothing about that changes
     */
    public record Listening(
            InetAddress address,
            PortRange range,
            Optional<PortRange> pinnable,
            Function<KnownConsole, EndpointPolicy> policies) {}

    /** A console at one moment, as far as its endpoint goes. */
    public record State(KnownConsole known, Optional<Console> console, Optional<Endpoint> endpoint, String problem) {

        /** Whether clients should find it and cannot: not one whose guest is off. */
        public boolean isUnreachable() {
            return endpoint.isEmpty() && !problem.isEmpty() && !problem.equals(known.note());
        }
    }

    /** A console that is open in the server. */
    private static final class Served {
        final Console console;
        EndpointSpec spec;
        Endpoint endpoint;

        Served(Console console, EndpointSpec spec) {
            this.console = console;
            this.spec = spec;
        }
    }

    /**
     * A manager that serves nothing yet; finds the ports that were given out in earlier lives.
     *
     * @param observer hears what becomes of endpoints
     */
    public EndpointManager(
            RdpServer server, StateDirectory state, Listening listening, Clock clock, EndpointObserver observer) {
        this.server = server;
        this.state = state;
        this.listening = listening;
        this.clock = clock;
        this.observer = observer;
        this.ports = load(state);
    }

    private static PortTable load(StateDirectory state) {
        try {
            PortTable.Parsed parsed =
                    PortTable.parse(state.read(PORTS_FILE).orElse("").lines().toList());
            parsed.problems().forEach(problem -> LOG.warn("{}/{}: {}", state.path(), PORTS_FILE, problem));
            return parsed.table();
        } catch (IOException e) {
            LOG.warn("the ports of earlier runs are not known: {}", e.getMessage());
            return PortTable.EMPTY;
        }
    }

    /** Other places for endpoints, from the next {@link #serve} on. Viewers stay. */
    public void listenAt(Listening changed) {
        listening = changed;
        busy.clear();
    }

    /**
     * Serves these consoles and no others.
     *
     * @param everything whether these are all there are: until then no console's port is given to another
     */
    public void serve(Collection<KnownConsole> consoles, boolean everything) {
        Map<ConsoleId, KnownConsole> byId = new HashMap<>();
        consoles.forEach(console -> byId.put(console.id(), console));
        known = byId;
        complete = everything;
        reconcile();
    }

    /** Tries again what could not be had. */
    public void retry() {
        boolean portsMayBeFree =
                !problems.isEmpty() && !busy.isEmpty() && !clock.instant().isBefore(busyUntil);
        if (!refusals.isEmpty() || portsMayBeFree) {
            reconcile();
        }
    }

    /** Every known console, by name. */
    public List<State> states() {
        return known.values().stream()
                .sorted(Comparator.comparing(KnownConsole::name).thenComparing(KnownConsole::id))
                .map(this::state)
                .toList();
    }

    /** The consoles that viewers may be looking at. */
    public Set<ConsoleId> served() {
        return Set.copyOf(served.keySet());
    }

    /** One of them. */
    public Optional<State> state(ConsoleId id) {
        return Optional.ofNullable(known.get(id)).map(this::state);
    }

    private State state(KnownConsole console) {
        Served s = served.get(console.id());
        String problem = refusals.getOrDefault(console.id(), problems.getOrDefault(console.id(), console.note()));
        return new State(
                console,
                Optional.ofNullable(s).map(open -> open.console),
                Optional.ofNullable(s).map(open -> open.endpoint),
                problem);
    }

    private void reconcile() {
        if (!clock.instant().isBefore(busyUntil)) {
            busy.clear();
        }
        Map<ConsoleId, String> problemsBefore = problems;
        established = ports.leases().keySet();
        missingAddress = "";
        boolean another = true;
        for (int round = 0; another && round < MAX_ROUNDS; round++) {
            Plan plan = Plan.of(known.values(), ports, rules());
            if (!plan.ports().equals(ports)) {
                ports = plan.ports();
                state.write(PORTS_FILE, ports.format());
            }
            problems = plan.problems();
            refusals.keySet().retainAll(plan.wanted().keySet());
            another = false;
            for (Change change : Change.diff(plan.wanted(), actual())) {
                another |= !apply(change);
            }
        }
        new TreeMap<>(problems).forEach((id, problem) -> {
            if (!problem.equals(problemsBefore.get(id))) {
                LOG.atWarn()
                        .addKeyValue("console", known.get(id).name())
                        .log("{} has no endpoint: {}", known.get(id).name(), problem);
                observer.failed(id, problem);
            }
        });
    }

    private Plan.Rules rules() {
        Map<ConsoleId, Integer> placed = new HashMap<>();
        served.forEach((id, s) -> {
            if (s.endpoint != null) {
                placed.put(id, s.endpoint.address().getPort());
            }
        });
        return new Plan.Rules(listening, Set.copyOf(busy), placed, LocalDate.now(clock), complete);
    }

    private Map<ConsoleId, EndpointSpec> actual() {
        Map<ConsoleId, EndpointSpec> actual = new HashMap<>();
        served.forEach((id, s) -> actual.put(id, s.spec));
        return actual;
    }

    /** Makes one change; false if it could not be made and another plan may know better. */
    private boolean apply(Change change) {
        ConsoleId id = change.id();
        Served s = served.get(id);
        if (change instanceof Change.Close) {
            close(id, s);
        } else if (change instanceof Change.Unlisten) {
            s.endpoint.close();
            observer.closed(id, s.endpoint.address());
            s.endpoint = null;
            s.spec = new EndpointSpec(s.spec.name(), s.spec.display(), Optional.empty());
        } else if (change instanceof Change.Rename rename) {
            LOG.atInfo().addKeyValue("console", s.spec.name()).log("{} is now {}", s.spec.name(), rename.name());
            s.console.rename(rename.name());
            s.spec = new EndpointSpec(rename.name(), s.spec.display(), s.spec.place());
        } else if (change instanceof Change.Redisplay redisplay) {
            s.console.setDisplays(redisplay.display().displays());
            s.spec = new EndpointSpec(s.spec.name(), redisplay.display(), s.spec.place());
        } else if (change instanceof Change.Open open) {
            Console console = server.openConsole(open.name(), open.display().displays(), observer.listener(id));
            served.put(id, new Served(console, new EndpointSpec(open.name(), open.display(), Optional.empty())));
        } else if (change instanceof Change.Listen listen) {
            return listen(id, s, listen.place());
        }
        return true;
    }

    private void close(ConsoleId id, Served s) {
        served.remove(id);
        refusals.remove(id);
        if (s.endpoint != null) {
            s.endpoint.close(); // waits, so that the next console can have the port at once
        }
        s.console.close(DisconnectReason.CONSOLE_CLOSED);
        if (s.endpoint != null) {
            KnownConsole console = known.get(id);
            String why = console == null ? "gone" : console.note().isEmpty() ? console.state() : console.note();
            LOG.atInfo()
                    .addKeyValue("console", s.spec.name())
                    .log("{}  {}  (was {})", s.spec.name(), why, Addresses.uri(s.endpoint.address()));
            observer.closed(id, s.endpoint.address());
        }
    }

    /** False if another port is to be tried. A console that had its port before this attempt keeps it, whatever happens. */
    private boolean listen(ConsoleId id, Served s, EndpointSpec.Place place) {
        if (!missingAddress.isEmpty()) {
            refused(id, s, missingAddress);
            return true;
        }
        int port = place.address().getPort();
        try {
            s.endpoint = server.listen(s.console, place.address(), place.policy());
            s.spec = new EndpointSpec(s.spec.name(), s.spec.display(), Optional.of(place));
            refusals.remove(id);
            reported.remove(port);
            observer.opened(id, s.endpoint.address());
            return true;
        } catch (ListenException e) {
            if (e.reason() == ListenException.Reason.NO_SUCH_ADDRESS) {
                missingAddress = e.getMessage();
            }
            if (e.reason() != ListenException.Reason.PORT_IN_USE
                    || known.get(id).pin().isPresent()) {
                refused(id, s, e.getMessage());
                return true;
            }
            if (reported.add(port)) {
                LOG.atWarn()
                        .addKeyValue("console", s.spec.name())
                        .log("{} gets another port for now: {}", s.spec.name(), e.getMessage());
            }
            refusals.put(id, e.getMessage());
            busy.add(port);
            busyUntil = clock.instant().plus(BUSY);
            if (!established.contains(id)) {
                ports = ports.without(id);
            }
            return false;
        } catch (IOException | IllegalArgumentException e) {
            refused(id, s, e.getMessage());
            return true;
        }
    }

    /** What is wrong with the address is said once for all consoles. */
    private void refused(ConsoleId id, Served s, String reason) {
        if (!reason.equals(refusals.get(id))) {
            if (!refusals.containsValue(reason)) {
                LOG.atWarn()
                        .addKeyValue("console", s.spec.name())
                        .log("{} has no endpoint for now: {}", s.spec.name(), reason);
            }
            refusals.put(id, reason);
            observer.failed(id, reason);
        }
    }
}
