// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rdpmux.daemon.endpoint.Consoles.id;
import static org.rdpmux.daemon.endpoint.Consoles.off;
import static org.rdpmux.daemon.endpoint.Consoles.pinned;
import static org.rdpmux.daemon.endpoint.Consoles.running;

import java.net.InetAddress;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.server.EndpointPolicy;

class PlanTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    private static Plan.Rules rules(PortRange range, Set<Integer> busy, boolean complete) {
        return new Plan.Rules(
                new EndpointManager.Listening(
                        InetAddress.getLoopbackAddress(),
                        range,
                        Optional.of(new PortRange(5000, 7000)),
                        any -> EndpointPolicy.open()),
                busy,
                Map.of(),
                TODAY,
                complete);
    }

    private static final Plan.Rules RULES = rules(new PortRange(3901, 3904), Set.of(), true);

    private static Map<ConsoleId, Integer> ports(Plan plan) {
        Map<ConsoleId, Integer> ports = new TreeMap<>();
        plan.wanted()
                .forEach((id, spec) ->
                        ports.put(id, spec.place().orElseThrow().address().getPort()));
        return ports;
    }

    @Test
    void servesWhatHasADisplay() {
        Plan plan = Plan.of(List.of(running(1, "b"), running(2, "a"), off(running(3, "c"))), PortTable.EMPTY, RULES);
        assertEquals(Map.of(id(2), 3901, id(1), 3902), ports(plan));
        assertEquals(Map.of(), plan.problems());
    }

    @Test
    void aGuestFindsItsPortAgainWhateverHappenedMeanwhile() {
        Plan first = Plan.of(List.of(running(1, "a"), running(2, "b")), PortTable.EMPTY, RULES);
        Plan off = Plan.of(List.of(off(running(1, "a")), running(2, "b")), first.ports(), RULES);
        Plan more = Plan.of(List.of(running(3, "0"), running(2, "b")), off.ports(), RULES);
        Plan again = Plan.of(List.of(running(1, "renamed"), running(2, "b"), running(3, "0")), more.ports(), RULES);
        assertEquals(Map.of(id(1), 3901, id(2), 3902, id(3), 3903), ports(again));
    }

    @Test
    void consolesThatPinEachOthersPortsSwapThem() {
        Plan before = Plan.of(List.of(running(1, "a"), running(2, "b")), PortTable.EMPTY, RULES);
        Plan plan = Plan.of(List.of(pinned(1, "a", 3902), pinned(2, "b", 3901)), before.ports(), RULES);
        assertEquals(Map.of(id(1), 3902, id(2), 3901), ports(plan));
    }

    @Test
    void aPinStaysWithinWhatTheHostAllows() {
        Plan plan = Plan.of(List.of(pinned(1, "a", 22), pinned(2, "b", 5000)), PortTable.EMPTY, RULES);
        assertEquals(Map.of(id(2), 5000), ports(plan));
        assertEquals(
                "port 22 is pinned for it, which neither listen.ports = 3901-3904 nor listen.pinned-ports allows",
                plan.problems().get(id(1)));
        KnownConsole configured = new KnownConsole(
                new ConsoleId.Named("lab"),
                "lab",
                KnownConsole.Origin.CONFIGURED,
                "",
                OptionalInt.of(22),
                Optional.of(Consoles.display("vnc:9")),
                "");
        assertEquals(Map.of(configured.id(), 22), ports(Plan.of(List.of(configured), PortTable.EMPTY, RULES)));
    }

    @Test
    void aPinnedPortIsKeptFreeWhileItsGuestIsOffAndMayBeOutsideTheRange() {
        Plan plan = Plan.of(
                List.of(running(1, "a"), off(pinned(2, "b", 3901)), pinned(3, "c", 7000)), PortTable.EMPTY, RULES);
        assertEquals(Map.of(id(1), 3902, id(3), 7000), ports(plan));
    }

    @Test
    void ofTwoThatPinOnePortTheOtherHearsWhoHasIt() {
        Plan plan = Plan.of(List.of(pinned(1, "b", 5000), pinned(2, "a", 5000)), PortTable.EMPTY, RULES);
        assertEquals(Map.of(id(2), 5000), ports(plan));
        assertEquals(Map.of(id(1), "port 5000 is pinned for it, but 'a' has it; it waits"), plan.problems());
        List<KnownConsole> newcomer = List.of(pinned(2, "a", 5000), pinned(3, "0", 5000));
        assertEquals(Map.of(id(2), 5000), ports(Plan.of(newcomer, plan.ports(), RULES)));
    }

    @Test
    void goesRoundPortsThatSomebodyElseHas() {
        Plan.Rules rules = rules(new PortRange(3901, 3904), Set.of(3901, 3903), true);
        assertEquals(
                Map.of(id(1), 3902, id(2), 3904),
                ports(Plan.of(List.of(running(1, "a"), running(2, "b")), PortTable.EMPTY, rules)));
    }

    @Test
    void saysWhenPortsHaveRunOut() {
        Plan.Rules one = rules(new PortRange(3901, 3901), Set.of(), true);
        Plan plan = Plan.of(List.of(running(1, "a"), running(2, "b")), PortTable.EMPTY, one);
        assertEquals(Map.of(id(1), 3901), ports(plan));
        assertTrue(plan.problems().get(id(2)).contains("listen.ports = 3901-3901"), plan.problems()::toString);
    }

    @Test
    void aDomainThatIsNotKnownYetKeepsItsPortAndOneThatIsGoneDoesNot() {
        PortTable table = Plan.of(List.of(running(1, "a")), PortTable.EMPTY, rules(new PortRange(1, 1), Set.of(), true))
                .ports();
        Plan early = Plan.of(List.of(running(2, "b")), table, rules(new PortRange(1, 1), Set.of(), false));
        assertEquals(Map.of(), early.wanted());
        Plan later = Plan.of(List.of(running(2, "b")), table, rules(new PortRange(1, 1), Set.of(), true));
        assertEquals(Map.of(id(2), 1), ports(later));
        Plan known = Plan.of(
                List.of(running(2, "b"), off(running(1, "a"))), table, rules(new PortRange(1, 1), Set.of(), true));
        assertEquals(Map.of(), known.wanted());
    }

    private static KnownConsole asking(int number, String name, int port) {
        KnownConsole console = running(number, name);
        return new KnownConsole(
                console.id(),
                name,
                console.origin(),
                console.state(),
                console.pin(),
                new KnownConsole.Wishes(OptionalInt.of(port), Optional.empty()),
                AccessTerms.NONE,
                console.display(),
                "");
    }

    private static Plan.Rules placed(Plan.Rules rules, Map<ConsoleId, Integer> placed) {
        return new Plan.Rules(rules.where(), rules.busy(), placed, rules.today(), rules.complete());
    }

    @Test
    void aGuestGetsThePortItAsksForAlsoOutsideTheRangeAndFindsItAgain() {
        Plan first = Plan.of(List.of(asking(1, "a", 5000), asking(2, "b", 3901)), PortTable.EMPTY, RULES);
        assertEquals(Map.of(id(1), 5000, id(2), 3901), ports(first));
        Plan again = Plan.of(
                List.of(running(3, "0"), asking(1, "a", 5000), asking(2, "b", 3901)),
                first.ports(),
                placed(RULES, Map.of(id(1), 5000, id(2), 3901)));
        assertEquals(Map.of(id(1), 5000, id(2), 3901, id(3), 3902), ports(again));
    }

    @Test
    void aPortThatIsAskedForIsNotTakenFromAnybody() {
        PortTable table =
                Plan.of(List.of(running(1, "a")), PortTable.EMPTY, RULES).ports();
        List<KnownConsole> consoles = List.of(
                off(running(1, "a")),
                asking(2, "b", 3901),
                off(pinned(3, "c", 5000)),
                asking(4, "d", 5000),
                asking(5, "e", 6000),
                asking(6, "f", 6000));
        Plan plan = Plan.of(consoles, table, rules(new PortRange(3901, 3904), Set.of(), true));
        assertEquals(Map.of(id(2), 3902, id(4), 3903, id(5), 6000, id(6), 3904), ports(plan));
        Plan busy = Plan.of(List.of(asking(2, "b", 7000)), table, rules(new PortRange(3901, 3904), Set.of(7000), true));
        assertEquals(Map.of(id(2), 3902), ports(busy));
        Plan forgotten = Plan.of(List.of(asking(2, "b", 3901)), table, RULES);
        assertEquals(Map.of(id(2), 3901), ports(forgotten));
    }

    @Test
    void aConsoleThatListensStaysWhereItIsWhateverItsGuestAsksFor() {
        PortTable table =
                Plan.of(List.of(running(1, "a")), PortTable.EMPTY, RULES).ports();
        assertEquals(
                Map.of(id(1), 3901),
                ports(Plan.of(List.of(asking(1, "a", 5000)), table, placed(RULES, Map.of(id(1), 3901)))));
        assertEquals(Map.of(id(1), 5000), ports(Plan.of(List.of(asking(1, "a", 5000)), table, RULES)));
    }

    @Test
    void aConsoleThatAsksNothingIsNotOpenedToTheNetworkUnlessThatIsMeant() throws Exception {
        InetAddress network = InetAddress.getByName("192.0.2.1");
        EndpointPolicy meant = new EndpointPolicy(Authentication.NONE, CredentialStore.all(List.of()), "", true);
        EndpointPolicy asking = EndpointPolicy.nla(CredentialStore.all(List.of()), "");
        Map<String, EndpointPolicy> policies = Map.of("a", EndpointPolicy.open(), "b", meant, "c", asking);
        Plan.Rules rules = new Plan.Rules(
                new EndpointManager.Listening(
                        network, new PortRange(3901, 3910), Optional.empty(), console -> policies.get(console.name())),
                Set.of(),
                Map.of(),
                TODAY,
                true);
        Plan plan = Plan.of(List.of(running(1, "a"), running(2, "b"), running(3, "c")), PortTable.EMPTY, rules);
        assertEquals(Map.of(id(2), 3901, id(3), 3902), ports(plan));
        assertEquals(
                Map.of(
                        id(1),
                        "its policy is 'none', which listen.address = 192.0.2.1 would open to the network; if that is"
                                + " meant, set security.none-on-network = yes"),
                plan.problems());
        assertSame(asking, plan.wanted().get(id(3)).place().orElseThrow().policy());
    }

    @Test
    void noPortIsEverGivenTwiceAndAPlanIsStable() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            PortTable table = PortTable.EMPTY;
            for (int round = 0; round < 20; round++) {
                List<KnownConsole> known = new ArrayList<>();
                for (int number = 0; number < 8; number++) {
                    int port = 3900 + random.nextInt(8);
                    KnownConsole console = switch (random.nextInt(4)) {
                        case 0 -> pinned(number, "n" + number, port);
                        case 1 -> asking(number, "n" + number, port);
                        default -> running(number, "n" + number);
                    };
                    if (random.nextInt(3) > 0) {
                        known.add(random.nextBoolean() ? console : off(console));
                    }
                }
                Plan.Rules rules =
                        rules(new PortRange(3901, 3905), Set.of(3900 + random.nextInt(8)), random.nextBoolean());
                Plan plan = Plan.of(known, table, rules);
                Map<ConsoleId, Integer> ports = ports(plan);
                assertEquals(ports.size(), new HashSet<>(ports.values()).size(), () -> "twice: " + ports);
                Set<ConsoleId> served = new HashSet<>(plan.wanted().keySet());
                served.addAll(plan.problems().keySet());
                assertEquals(known.stream().filter(c -> c.display().isPresent()).count(), served.size());
                Plan again = Plan.of(known, plan.ports(), placed(rules, ports));
                assertEquals(plan, again, "seed " + seed);
                table = plan.ports();
            }
        }
    }
}
