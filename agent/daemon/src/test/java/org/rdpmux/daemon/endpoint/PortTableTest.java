// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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
        return new PortTable.Lease(port, OptionalInt.empty(), TODAY.minusDays(daysAgo), "");
    }

    private static OptionalInt free(PortTable table) {
        return table.free(THREE, port -> true, other -> false);
    }

    @Test
    void offersTheLowestPortThatNobodyHas() {
        assertEquals(OptionalInt.of(3901), free(PortTable.EMPTY));
        PortTable table = PortTable.EMPTY.with(id("a"), "", 3901, TODAY).withSubstitute(id("a"), 3902);
        assertEquals(OptionalInt.of(3903), free(table));
        assertEquals(OptionalInt.of(3902), PortTable.EMPTY.free(THREE, port -> port != 3901, other -> false));
    }

    @Test
    void notesTheDayAndTheNameUnderWhichAConsoleWasServedLast() {
        PortTable table = new PortTable(Map.of(id("a"), lease(3902, 5)));
        assertEquals(
                Map.of(id("a"), new PortTable.Lease(3902, OptionalInt.empty(), TODAY, "web")),
                table.with(id("a"), "web", 3902, TODAY).leases());
    }

    @Test
    void whenPortsRunOutTheForgottenConsoleThatWasServedLongestAgoGivesWay() {
        PortTable full =
                new PortTable(Map.of(id("a"), lease(3901, 9), id("b"), lease(3902, 5), id("c"), lease(3903, 7)));
        assertEquals(OptionalInt.empty(), free(full));
        assertEquals(OptionalInt.of(3903), full.free(THREE, port -> true, other -> !other.equals(id("a"))));
        assertEquals(
                Map.of(id("a"), lease(3901, 9), id("b"), lease(3902, 5), id("new"), lease(3903, 0)),
                full.with(id("new"), "", 3903, TODAY).leases());
        assertEquals(OptionalInt.empty(), full.free(THREE, port -> port == 3901, other -> !other.equals(id("a"))));
    }

    @Test
    void readsWhatEarlierVersionsWroteAndNamesWithBlanks() {
        PortTable.Parsed parsed = PortTable.parse(List.of(
                "console:old 3901 2026-11-22", "console:new 3902 2026-11-22 3903 a b ", "console:x 3904 2026-11-22 -"));
        assertEquals(List.of(), parsed.problems());
        assertEquals(
                Map.of(
                        id("old"), lease(3901, 0),
                        id("new"), new PortTable.Lease(3902, OptionalInt.of(3903), TODAY, "a b "),
                        id("x"), lease(3904, 0)),
                parsed.table().leases());
    }

    @Test
    void survivesBeingWrittenDown() {
        ConsoleId domain = new ConsoleId.OfDomain(UUID.fromString("6d1a3bc2-0000-4000-8000-000000000001"));
        PortTable table = new PortTable(Map.of(
                domain,
                new PortTable.Lease(3901, OptionalInt.of(3902), TODAY, " web 1 "),
                id("lab"),
                lease(65535, 1),
                new ConsoleId.OfGuest("process-17-4711"),
                lease(1024, 0)));
        PortTable.Parsed parsed = PortTable.parse(table.format().lines().toList());
        assertEquals(new PortTable.Parsed(table, List.of()), parsed);
        assertTrue(table.format()
                .contains("\ndomain:6d1a3bc2-0000-4000-8000-000000000001 3901 2026-11-22 3902  web 1 \n"));
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
