// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The locks of the guest's keyboard and of its viewers' keyboards stay one. */
class LockKeysIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CAPS_LOCK = "3A";

    @TempDir
    Path directory;

    private Programs programs;
    private Agent agent;
    private KeysGuest guest;

    @BeforeEach
    void start() {
        programs = new Programs(directory);
        Libvirtd libvirt = new Libvirtd(programs);
        agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
        guest = new KeysGuest(libvirt, "locks");
    }

    @AfterEach
    void stop() {
        programs.close();
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
        Desktop first = desktop(client);
        Desktop second = desktop(client);
        first.type("key", "--delay", "50", "Caps_Lock");
        await("the guest has the key", () -> caps() == 1);
        awaitTyped(second, "b", "B");
        first.type("key", "--delay", "50", "Caps_Lock");
        await("the guest has the key again", () -> caps() == 2);
        awaitTyped(second, "c", "c");
        assertEquals(2, caps(), "the key was pressed for nobody");
    }

    /** Gives the client the focus and presses a key, until the guest makes the right character of it. */
    private void awaitTyped(Desktop desktop, String key, String character) {
        BooleanSupplier typed = () -> {
            desktop.type("search", "--onlyvisible", "--class", "freerdp", "windowfocus", "--sync");
            desktop.type("key", "--delay", "50", key);
            return characters().contains("'" + character);
        };
        Programs.await("the guest has made " + character + " of it", LIMIT, typed, this::characters);
    }

    private Desktop desktop(Clients client) {
        Desktop desktop = new Desktop(programs);
        desktop.start(client.command(agent.awaitPort("locks")));
        Picture screen = guest.screenshot();
        await(
                "the client shows the guest",
                () -> desktop.picture(screen.width(), screen.height())
                        .difference(screen)
                        .isEmpty());
        desktop.type("mousemove", "200", "200");
        return desktop;
    }

    private static void await(String what, BooleanSupplier condition) {
        Programs.await(what, LIMIT, condition);
    }

    /** How often Caps Lock went down in the guest. */
    private long caps() {
        return guest.reports("K").stream()
                .filter(line -> line.split(" ")[1].equals(CAPS_LOCK))
                .count();
    }

    private List<String> characters() {
        return guest.reports("K").stream()
                .filter(line -> line.indexOf('\'') >= 0)
                .map(line -> line.substring(line.indexOf('\''), line.indexOf('\'') + 2))
                .toList();
    }
}
