// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client's window shows is what the hypervisor says the screen is, pixel for pixel. */
class PicturesIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static Programs programs;
    private static Agent agent;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        programs = new Programs(directory);
        Libvirtd libvirt = new Libvirtd(programs);
        agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
        guest = new KeysGuest(libvirt, "pictures");
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    @ParameterizedTest
    @EnumSource(Clients.class)
    void windowEqualsScreenshotThroughModeChanges(Clients client) throws Exception {
        assumeTrue(client.isInstalled(), client + " is not installed");
        try (Programs own = new Programs(directory)) {
            guest.command("t");
            guest.command("p");
            Desktop desktop = new Desktop(own);
            Programs.Background process = desktop.start(client.command(agent.awaitPort("pictures")));
            desktop.parkPointer();
            awaitSame(desktop, client, process);
            guest.command("v 1024 768 32");
            awaitSame(desktop, client, process);
            guest.command("p");
            awaitSame(desktop, client, process);
            guest.command("v 1000 701 32");
            awaitSame(desktop, client, process);
            guest.command("t");
            guest.command("p");
            awaitSame(desktop, client, process);
        }
    }

    private static void awaitSame(Desktop desktop, Clients client, Programs.Background process) {
        Picture screen = guest.screenshot().map(client::shown);
        assertTrue(screen.colours() > 1, "a screen of one colour shows nothing");
        try {
            Programs.await(
                    "the client's window is the guest's screen",
                    LIMIT,
                    () -> desktop.picture(screen.width(), screen.height())
                            .difference(screen)
                            .isEmpty());
        } catch (AssertionError e) {
            String difference = desktop.picture(screen.width(), screen.height())
                    .difference(screen)
                    .orElse("by now they are the same");
            Path kept = Programs.root().resolve("testing/it/target");
            desktop.picture().save(kept.resolve(client + "-window.png"));
            screen.save(kept.resolve(client + "-screen.png"));
            throw new AssertionError(
                    client + ": " + difference + " (pictures in " + kept + "); it said: " + process.output(), e);
        }
    }
}
