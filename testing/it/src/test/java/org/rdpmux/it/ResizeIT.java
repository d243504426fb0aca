// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The user of a client drags its window, and the guest's desktop fits. */
class ResizeIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static LinuxGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs, Map.of("display.restore-size", "yes", "display.linger", "1s"));
        guest = new LinuxGuest(host.libvirt(), "resized", "virtio");
    }

    @ParameterizedTest
    @EnumSource(names = {"XFREERDP_GFX", "XFREERDP_32", "XFREERDP3_GFX"})
    void guestFitsTheWindowAndGetsItsOwnSizeBack(Clients client) {
        guest.command("m 1280 800");
        List<String> command = client.command(host.agent().awaitPort(guest.name()), "/dynamic-resolution");
        Viewer viewer = new Viewer(programs, command);
        viewer.awaitShows(guest::screenshot, "of 1280x800", screen -> screen.width() == 1280);
        for (int[] size : new int[][] {{800, 600}, {1200, 900}, {640, 480}}) {
            guest.awaitPreferred(size[0], size[1], () -> viewer.resizeWindow(size[0], size[1]));
            Picture shown = viewer.awaitShows(
                    guest::screenshot,
                    "of " + size[0] + "x" + size[1],
                    screen -> screen.width() == size[0] && screen.height() == size[1]);
            assertEquals(size[1], shown.height());
        }
        viewer.leave();
        guest.awaitPreferred(1280, 800, () -> {});
    }
}
