// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is typed into a client's window arrives at the guest, in order, nothing lost, nothing doubled. */
class TypingIT {

    private static final String CHARACTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=[];'`,./!@#$%^&*()_+{}:\"~<>? ";

    /** QEMU's keyboard drops what a guest does not fetch in time beyond 16 bytes: four characters with shift. */
    private static final int AT_ONCE = 3;

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        guest = host.keys("typing");
    }

    @ParameterizedTest
    @EnumSource(
            value = Clients.class,
            names = {"XFREERDP_32", "XFREERDP3_32", "RDESKTOP_24"})
    void twoHundredCharactersArriveInOrder(Clients client) {
        assumeTrue(client.isInstalled(), client + " is not installed");
        Viewer viewer = connect(client);
        Random random = new Random(4711);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        int before = guest.typed().length();
        for (int from = 0; from < text.length(); from += AT_ONCE) {
            int to = Math.min(text.length(), from + AT_ONCE);
            viewer.type("type", "--delay", "5", text.substring(from, to));
            Wait.until(
                    "the characters to " + to + " of '" + text + "' arrive",
                    () -> guest.typed().length() >= before + to,
                    () -> guest.typed().substring(before));
        }
        mark(viewer);
        assertEquals(text.toString(), guest.typed().substring(before));
    }

    /**
     * As programs that paste by typing do it: QEMU by itself drops what comes more than some 340 events too early, here a
     * third. Some may be missing all the same, for {@link #AT_ONCE}'s reason: more of them where the machine is busy.
     */
    @Test
    void aBurstIsNotCutOff() {
        Viewer viewer = connect(Clients.XFREERDP_32);
        Random random = new Random(815);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append(CHARACTERS.charAt(random.nextInt(26)));
        }
        int before = guest.typed().length();
        viewer.type("type", "--delay", "1", text.toString());
        BooleanSupplier end = () -> {
            viewer.type("key", "0"); // each may be among the missing
            return guest.typed().indexOf("0", before) > 0;
        };
        Wait.until("the end arrives", end, guest::typed);
        String typed = guest.typed().substring(before, guest.typed().indexOf("0", before));
        int at = 0;
        for (int i = 0; i < typed.length(); i++) {
            at = text.indexOf(typed.substring(i, i + 1), at) + 1;
            assertTrue(at > 0, "out of order or doubled: " + typed + " of " + text);
        }
        assertTrue(typed.length() >= 250, typed.length() + " of 300 arrived");
    }

    @Test
    void extendedKeysAndPauseArriveAsThemselves() {
        Viewer viewer = connect(Clients.XFREERDP_32);
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("Left", List.of("E04B", "E0CB"));
        keys.put("KP_Enter", List.of("E01C", "E09C"));
        keys.put("105", List.of("E01D", "E09D")); // the right Control key
        keys.put("Pause", List.of("E11D45", "E19DC5"));
        keys.put("Delete", List.of("E053", "E0D3"));
        int before = guest.codes().size();
        List<String> expected = new ArrayList<>();
        keys.forEach((key, codes) -> {
            expected.addAll(codes);
            viewer.type("key", key);
            Wait.until(key + " arrives", () -> guest.codes().size() >= before + expected.size(), guest::codes);
        });
        int after = mark(viewer);
        assertEquals(expected, guest.codes().subList(before, after));
    }

    @Test
    void keysHeldByALeavingViewerAreReleased() {
        Viewer viewer = connect(Clients.XFREERDP_32);
        int before = guest.codes().size();
        viewer.type("keydown", "Shift_L", "keydown", "a");
        awaitCodes(before, List.of("2A", "1E"));
        viewer.leave();
        awaitCodes(before, List.of("2A", "1E", "AA", "9E"));
    }

    private static void awaitCodes(int from, List<String> codes) {
        Wait.until("the guest sees " + codes, () -> seen(from).containsAll(codes), () -> seen(from));
    }

    private static List<String> seen(int from) {
        List<String> codes = guest.codes();
        return codes.subList(from, codes.size());
    }

    private static Viewer connect(Clients client) {
        guest.command("t");
        guest.command("p");
        Viewer viewer = host.viewer(guest, client);
        viewer.type("mousemove", "200", "200");
        mark(viewer); // clients send keys of their own when they get the focus: they come before this one
        return viewer;
    }

    /**
     * Types F12, which the guest only reports, and waits for that: with it has come what was typed before.
     *
     * @return how many codes came before it
     */
    private static int mark(Viewer viewer) {
        int before = marks();
        viewer.type("key", "F12");
        Wait.until("F12 arrives", () -> marks() > before, guest::codes);
        return guest.codes().lastIndexOf("58");
    }

    private static int marks() {
        return Collections.frequency(guest.codes(), "D8");
    }
}
