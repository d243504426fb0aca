// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.rdpmux.daemon.config.PortRange;

class PortTableTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
    private static final PortRange THREE = new PortRange(3901, 3903);

    private static ConsoleId id(String name) {
        return new ConsoleId.Named(name);
    }

    private static PortTable.Lease lease(int port, int daysAgo) {
        return new PortTable.Lease(port, TODAY.minusDays(daysAgo));
    }

    private static Optional<PortTable> give(PortTable table, String name) {
        return table.with(id(name), THREE, port -> true, other -> false, TODAY);
    }

    @Test
    void givesTheLowestFreePortAndKeepsIt() {
        PortTable table = give(PortTable.EMPTY, "a").orElseThrow();
        table = give(table, "b").orElseThrow();
        assertEquals(OptionalInt.of(3901), table.port(id("a")));
        assertEquals(OptionalInt.of(3902), table.port(id("b")));
        assertEquals(table, give(table, "a").orElseThrow());
    }

    @Test
    void notesTheDayOnWhichAConsoleWasServedLast() {
        PortTable table = new PortTable(Map.of(id("a"), lease(3902, 5)));
        assertEquals(
                Map.of(id("a"), lease(3902, 0)), give(table, "a").orElseThrow().leases());
    }

    @Test
    void givesAnotherPortWhereTheOldOneCannotBeUsed() {
        PortTable table = new PortTable(Map.of(id("a"), lease(3901, 0), id("b"), lease(3902, 0)));
        PortTable moved = table.with(id("a"), THREE, port -> port != 3901, other -> false, TODAY)
                .orElseThrow();
        assertEquals(OptionalInt.of(3903), moved.port(id("a")));
        PortTable elsewhere = table.with(id("a"), new PortRange(5000, 5001), port -> true, other -> false, TODAY)
                .orElseThrow();
        assertEquals(OptionalInt.of(5000), elsewhere.port(id("a")));
    }

    @Test
    void whenPortsRunOutTheForgottenConsoleThatWasServedLongestAgoGivesWay() {
        PortTable full =
                new PortTable(Map.of(id("a"), lease(3901, 9), id("b"), lease(3902, 5), id("c"), lease(3903, 7)));
        assertEquals(Optional.empty(), give(full, "new"));
        PortTable table = full.with(id("new"), THREE, port -> true, other -> !other.equals(id("a")), TODAY)
                .orElseThrow();
        assertEquals(
                Map.of(id("a"), lease(3901, 9), id("b"), lease(3902, 5), id("new"), lease(3903, 0)), table.leases());
        assertEquals(
                Optional.empty(),
                full.with(id("new"), THREE, port -> port == 3901, other -> !other.equals(id("a")), TODAY));
    }

    @Test
    void survivesBeingWrittenDown() {
        ConsoleId domain = new ConsoleId.OfDomain(UUID.fromString("6d1a3bc2-0000-4000-8000-000000000001"));
        PortTable table = new PortTable(Map.of(
                domain,
                lease(3901, 0),
                id("lab"),
                lease(65535, 1),
                new ConsoleId.OfGuest("process-17-4711"),
                lease(1024, 0)));
        PortTable.Parsed parsed = PortTable.parse(table.format().lines().toList());
        assertEquals(new PortTable.Parsed(table, List.of()), parsed);
        assertTrue(table.format().contains("\ndomain:6d1a3bc2-0000-4000-8000-000000000001 3901 2026-11-22\n"));
    }

    @Test
    void leavesOutDamagedLinesAndSaysWhich() {
        PortTable.Parsed parsed = PortTable.parse(List.of(
                "# heading",
                "",
                "console:good 3901 2026-11-22",
                "console:short 3902",
                "console:port 70000 2026-11-22",
                "console:word x 2026-11-22",
                "console:date 3904 yesterday",
                "console: 3905 2026-11-22",
                "domain:nobody 3906 2026-11-22",
                "elephant 3907 2026-11-22",
                "console:good 3908 2026-11-22",
                "console:thief 3901 2026-11-22",
                "\u0000\u0000\u0000"));
        assertEquals(Map.of(id("good"), lease(3901, 0)), parsed.table().leases());
        assertEquals(10, parsed.problems().size(), parsed.problems()::toString);
        assertTrue(parsed.problems().get(0).startsWith("line 4 is left out"), parsed.problems()::toString);
    }

    @Test
    void oneTableNeverHoldsAPortTwice() {
        Map<ConsoleId, PortTable.Lease> twice = Map.of(id("a"), lease(3901, 0), id("b"), lease(3901, 0));
        assertThrows(IllegalArgumentException.class, () -> new PortTable(twice));
    }
}
