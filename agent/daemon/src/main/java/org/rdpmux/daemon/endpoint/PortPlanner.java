// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.Collection;
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

/**
 * Gives out ports for one {@link Plan}. A port that a known console has is never given to another, whatever pins it or asks
 * for it, unless its console itself is pinned elsewhere: who follows a saved link must find the guest it was saved for, or none.
 */
final class PortPlanner {

    private final List<KnownConsole> served;
    private final Plan.Rules rules;
    private final Map<ConsoleId, KnownConsole> known;
    private final Predicate<ConsoleId> forgettable;
    private final IntPredicate usable;
    private final Map<ConsoleId, Integer> ports = new HashMap<>();
    private final Map<ConsoleId, String> problems = new HashMap<>();
    private PortTable table;

    /**
     * A planner for one use.
     *
     * @param known all consoles
     * @param served those that are to have a port, in the order in which they may choose
     */
    PortPlanner(Collection<KnownConsole> known, List<KnownConsole> served, PortTable table, Plan.Rules rules) {
        this.served = served;
        this.table = table;
        this.rules = rules;
        this.known = known.stream().collect(Collectors.toMap(KnownConsole::id, Function.identity()));
        this.forgettable = id -> rules.complete() && !this.known.containsKey(id);
        // Pins of guests that do not run are kept free as well: their owners expect them.
        Set<Integer> pinned = known.stream()
                .flatMapToInt(console -> allowedPin(console).stream())
                .boxed()
                .collect(Collectors.toSet());
        this.usable = port -> !pinned.contains(port) && !rules.busy().contains(port);
    }

    /** By console. */
    Map<ConsoleId, Integer> ports() {
        return ports;
    }

    /** Why a console has no port, a sentence each. */
    Map<ConsoleId, String> problems() {
        return problems;
    }

    /** The table with what was given. */
    PortTable table() {
        return table;
    }

    PortPlanner plan() {
        served.forEach(this::takeOver);
        served.forEach(this::takeBackWhatIsNotAllowed);
        PortTable before;
        do {
            // Until nothing changes: one that moves to where it wants to be may make room for another.
            before = table;
            served.forEach(this::givePinned);
            served.forEach(this::grantWish);
        } while (!table.equals(before));
        served.stream()
                .filter(console -> console.pin().isEmpty() && !mayBeMadeAnew(console))
                .forEach(this::give);
        return this;
    }

    /** A domain that was made anew under its name has another UUID, and is the same console to people. */
    private void takeOver(KnownConsole console) {
        if (goesByName(console)) {
            table.lastNamed(console.name(), forgettable).ifPresent(from -> table = table.handedOn(from, console.id()));
        }
    }

    /** Names of guests that libvirt does not know are their own word. */
    private boolean goesByName(KnownConsole console) {
        return console.origin() == KnownConsole.Origin.LIBVIRT
                && table.lease(console.id()).isEmpty();
    }

    /** Until all domains are known, a domain of that name may be another one or its forerunner. */
    private boolean mayBeMadeAnew(KnownConsole console) {
        return !rules.complete()
                && goesByName(console)
                && table.lastNamed(console.name(), id -> !known.containsKey(id)).isPresent();
    }

    /** The host moved its range of ports. */
    private void takeBackWhatIsNotAllowed(KnownConsole console) {
        Optional<PortTable.Lease> lease = table.lease(console.id());
        if (lease.isPresent()
                && console.pin().isEmpty()
                && !console.wishes().port().equals(OptionalInt.of(lease.get().port()))
                && !rules.where().range().contains(lease.get().port())) {
            table = table.without(console.id());
        }
    }

    private OptionalInt allowedPin(KnownConsole console) {
        return console.pin().isPresent() && rules.mayPin(console) ? console.pin() : OptionalInt.empty();
    }

    private void givePinned(KnownConsole console) {
        if (console.pin().isEmpty()) {
            return;
        }
        int port = console.pin().getAsInt();
        if (!rules.mayPin(console)) {
            problems.put(
                    console.id(),
                    "port " + port + " is pinned for it, which neither listen.ports = "
                            + rules.where().range() + " nor listen.pinned-ports allows");
            return;
        }
        Optional<ConsoleId> holder = table.holder(port).filter(id -> !id.equals(console.id()) && keeps(id, port));
        if (holder.isEmpty()) {
            table = table.with(console.id(), console.name(), port, rules.today());
            ports.put(console.id(), port);
            problems.remove(console.id());
            return;
        }
        KnownConsole other = known.get(holder.get());
        problems.put(
                console.id(),
                "port " + port + " is pinned for it, but "
                        + (other == null ? "a console that is not known yet" : "'" + other.name() + "'")
                        + " has it; it waits");
    }

    /** Whether a console may keep a port that it has although another is pinned there. */
    private boolean keeps(ConsoleId id, int port) {
        if (forgettable.test(id)) {
            return false;
        }
        OptionalInt own = known.containsKey(id) ? allowedPin(known.get(id)) : OptionalInt.empty();
        return own.isEmpty() || own.getAsInt() == port;
    }

    private void grantWish(KnownConsole console) {
        OptionalInt wish = console.wishes().port();
        if (console.pin().isPresent()
                || wish.isEmpty()
                || !usable.test(wish.getAsInt())
                || !rules.maySeek(console.id(), table)) {
            return;
        }
        Optional<ConsoleId> other = table.holder(wish.getAsInt())
                .filter(holder -> !holder.equals(console.id()) && !forgettable.test(holder));
        if (other.isEmpty()) {
            table = table.with(console.id(), console.name(), wish.getAsInt(), rules.today());
        }
    }

    private void give(KnownConsole console) {
        ConsoleId id = console.id();
        OptionalInt port = table.lease(id).isPresent() ? established(id) : fresh();
        if (port.isEmpty()) {
            problems.put(
                    id, "no port is left in listen.ports = " + rules.where().range() + "; make it larger");
            return;
        }
        PortTable.Lease lease = table.lease(id).orElse(null);
        if (lease == null || lease.port() == port.getAsInt()) {
            table = table.with(id, console.name(), port.getAsInt(), rules.today());
        } else {
            table = table.with(id, console.name(), lease.port(), rules.today());
            if (!lease.substitute().equals(port)) {
                table = withoutHolder(port.getAsInt()).withSubstitute(id, port.getAsInt());
            }
        }
        ports.put(id, port.getAsInt());
    }

    private OptionalInt fresh() {
        return table.free(rules.where().range(), usable, forgettable);
    }

    /** Its own port, unless somebody else uses it or did when the console began to listen. */
    private OptionalInt established(ConsoleId id) {
        PortTable.Lease lease = table.lease(id).orElseThrow();
        OptionalInt substitute = lease.substitute().stream()
                .filter(port -> rules.where().range().contains(port))
                .findFirst();
        boolean listensThere = substitute.isPresent()
                && substitute.equals(OptionalInt.of(rules.placed().getOrDefault(id, 0)));
        if (!listensThere && !rules.busy().contains(lease.port())) {
            return OptionalInt.of(lease.port());
        }
        return substitute.isPresent() && !rules.busy().contains(substitute.getAsInt()) ? substitute : fresh();
    }

    private PortTable withoutHolder(int port) {
        return table.holder(port).map(table::without).orElse(table);
    }
}
