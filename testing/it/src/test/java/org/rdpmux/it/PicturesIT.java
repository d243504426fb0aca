// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client's window shows is what the hypervisor says the screen is, pixel for pixel. */
class PicturesIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        guest = host.keys("pictures");
    }

    @ParameterizedTest
    @EnumSource(Clients.class)
    void windowEqualsScreenshotThroughModeChanges(Clients client) {
        assumeTrue(client.isInstalled(), client + " is not installed");
        guest.command("t");
        guest.command("p");
        Viewer viewer = host.viewer(guest, client);
        guest.command("v 1024 768 32");
        awaitShows(viewer, 1024, 768);
        guest.command("p");
        awaitShows(viewer, 1024, 768);
        paintGreys();
        awaitShows(viewer, 1024, 768);
        guest.command("v 1000 701 32");
        awaitShows(viewer, 1000, 701);
        guest.command("t");
        guest.command("p");
        awaitShows(viewer, 720, 400);
    }

    /** Parts of the picture that have no colour, which clients of 32 bits are sent as luma. */
    private static void paintGreys() {
        for (int i = 0; i < 16; i++) {
            int side = 300 - 17 * i;
            int grey = (16 * i + i % 2 * 7) * 0x010101;
            guest.command("f %d %d %d %d %d".formatted(30 + 9 * i, 40 + 7 * i, side, side, grey));
        }
    }

    private static void awaitShows(Viewer viewer, int width, int height) {
        viewer.awaitShows(
                guest::screenshot, "in the new mode", screen -> screen.width() == width && screen.height() == height);
    }
}
