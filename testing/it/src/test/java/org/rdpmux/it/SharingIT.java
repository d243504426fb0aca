// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several viewers of one console, and what one of them costs the others. */
class SharingIT {

    /** What the agent may need more while a viewer stands still: buffers of the sockets, not a queue of frames. */
    private static final long GROWTH_KILOBYTES = 40_000;

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static Agent agent;
    private static KeysGuest guest;

    @BeforeAll
    static void start() {
        host = new Host(programs);
        agent = host.agent();
        guest = host.keys("shared");
    }

    @BeforeEach
    void showMuch() {
        guest.command("v 1024 768 32");
    }

    @Test
    void viewersSeeTheSameAndAStoppedOneHoldsNobodyUp() {
        Viewer first = host.viewer(guest, Clients.XFREERDP_32);
        Viewer second = host.viewer(guest, Clients.XFREERDP_32);
        paint(first, 10); // what the agent needs to serve anybody at all
        long before = agent.process().residentKilobytes();
        second.client().signal("STOP");
        paint(first, 30);
        long growth = agent.process().residentKilobytes() - before;
        assertTrue(growth < GROWTH_KILOBYTES, "the agent grew by " + growth + " kB while a viewer stood still");
        second.client().signal("CONT");
        second.awaitShows(guest::screenshot);
        first.awaitShows(guest::screenshot);
    }

    private static void paint(Viewer viewer, int times) {
        for (int i = 0; i < times; i++) {
            guest.command("p");
            viewer.awaitShows(guest::screenshot);
        }
    }

    @Test
    void lateAndDifferentViewersGetTheWholeScreen() {
        Viewer first = host.viewer(guest, Clients.XFREERDP_32);
        guest.command("p");
        first.awaitShows(guest::screenshot);
        Viewer late = host.viewer(guest, Clients.RDESKTOP_24);
        guest.command("p");
        late.awaitShows(guest::screenshot);
        first.awaitShows(guest::screenshot);
        assertEquals(2, agent.console("shared").orElseThrow().viewers().size());
    }

    @Test
    void openSessionsSurviveLibvirtsDeathAndLaterEventsAreSeen() {
        Viewer viewer = host.viewer(guest, Clients.XFREERDP_32);
        host.libvirt().kill();
        guest.command("p");
        host.libvirt().restart();
        viewer.awaitShows(guest::screenshot);
        host.libvirt().startFirmware("later");
        int port = agent.awaitPort("later");
        host.libvirt().virsh("destroy", "later");
        agent.awaitGone("later", port);
    }

    @Test
    void killedAgentComesBackWithTheSamePorts() {
        host.libvirt().startFirmware("other");
        int other = agent.awaitPort("other");
        int port = agent.awaitPort("shared");
        agent.kill();
        agent.start();
        agent.awaitPort("shared", port);
        agent.awaitPort("other", other);
        host.viewer(guest, Clients.XFREERDP_32);
        host.libvirt().virsh("destroy", "other");
    }
}
