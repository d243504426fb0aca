// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collections;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The locks of the guest's keyboard and of its viewers' keyboards stay one. */
class LockKeysIT {

    private static final String CAPS_LOCK = "3A";

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
    }

    /**
     * A client that gets the focus says which locks its keyboard has, and the guest is brought to agree. Had the second
     * client not followed when the first one pressed the key, that would take the lock away again.
     */
    @ParameterizedTest
    @EnumSource(
            value = Clients.class,
            names = {"XFREERDP_32", "XFREERDP3_32"})
    void aLockThatOneViewerSetsIsTheOthersToo(Clients client) {
        assumeTrue(client.isInstalled(), client + " is not installed");
        guest = host.keys("locks-" + client);
        Viewer first = viewer(client);
        Viewer second = viewer(client);
        first.type("key", "--delay", "50", "Caps_Lock");
        Wait.until("the guest has the key", () -> caps() == 1, guest::codes);
        awaitTyped(second, "b", "B");
        first.type("key", "--delay", "50", "Caps_Lock");
        Wait.until("the guest has the key again", () -> caps() == 2, guest::codes);
        awaitTyped(second, "c", "c");
        assertEquals(2, caps(), "the key was pressed for nobody");
    }

    /** Gives the client the focus and presses a key, until the guest makes the right character of it. */
    private void awaitTyped(Viewer viewer, String key, String character) {
        BooleanSupplier typed = () -> {
            viewer.type("search", "--onlyvisible", "--class", "freerdp", "windowfocus", "--sync");
            viewer.type("key", "--delay", "50", key);
            return guest.typed().contains(character);
        };
        Wait.until("the guest has made " + character + " of it", typed, guest::typed);
    }

    private Viewer viewer(Clients client) {
        Viewer viewer = host.viewer(guest, client);
        viewer.type("mousemove", "200", "200");
        return viewer;
    }

    /** How often Caps Lock went down in the guest. */
    private int caps() {
        return Collections.frequency(guest.codes(), CAPS_LOCK);
    }
}
