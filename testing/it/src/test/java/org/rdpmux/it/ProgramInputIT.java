// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What programs type and point at, as a guest sees it. */
class ProgramInputIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        guest = host.keys("typist");
        host.agent().awaitPort("typist");
    }

    private static void ctl(String... arguments) {
        Programs.Result result = host.agent().ctl(arguments);
        assertEquals(0, result.status(), result.output());
    }

    @Test
    void keysGoDownAndUpAsTheyAreNamed() {
        int before = guest.codes().size();
        ctl("key", "typist", "shift-a", "0xe04b", "--hold", "20");
        List<String> expected = List.of("2A", "1E", "9E", "AA", "E04B", "E0CB");
        Wait.until(
                "the keys arrive",
                () -> guest.codes().subList(before, guest.codes().size()).equals(expected),
                guest::codes);
    }

    @Test
    void textIsTypedFromStandardInput() {
        String text = "Kernel panic - not syncing: VFS (hd0,1)? ~100% of \"it\"!";
        int before = guest.typed().length();
        List<String> command = new ArrayList<>(List.of("sh", "-c", "printf %s \"$0\" | \"$@\"", text));
        command.addAll(host.agent().control("type", "typist", "-"));
        Programs.Result result = Programs.result(command.toArray(String[]::new));
        assertEquals(0, result.status(), result.output());
        Wait.until("the text arrives", () -> guest.typed().substring(before).equals(text), guest::typed);
    }

    @Test
    void aKeyThatChangesTheScreenIsSeenOnIt() {
        guest.command("t");
        ctl("key", "typist", "f3");
        Wait.until(
                "the guest has taken the mode of F3",
                () -> guest.screenshot().width() == 800 && guest.screenshot().height() == 600,
                guest::lines);
    }
}
