// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several viewers of one console, and what one of them costs the others. */
class SharingIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** What the agent may need more while a viewer stands still: buffers of the sockets, not a queue of frames. */
    private static final long GROWTH_KILOBYTES = 40_000;

    @TempDir
    Path directory;

    private Programs programs;
    private Libvirtd libvirt;
    private Agent agent;
    private KeysGuest guest;

    @BeforeEach
    void start() {
        programs = new Programs(directory);
        libvirt = new Libvirtd(programs);
        agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
        guest = new KeysGuest(libvirt, "shared");
        guest.command("v 1024 768 32");
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    @Test
    void viewersSeeTheSameAndAStoppedOneHoldsNobodyUp() {
        Desktop first = desktop(Clients.XFREERDP_32);
        Desktop second = new Desktop(programs);
        Programs.Background stopped = second.start(Clients.XFREERDP_32.command(agent.awaitPort("shared")));
        second.parkPointer();
        awaitShown(second);
        long before = agent.process().residentKilobytes();
        stopped.signal("STOP");
        for (int i = 0; i < 30; i++) {
            guest.command("p");
            awaitShown(first);
        }
        long growth = agent.process().residentKilobytes() - before;
        assertTrue(growth < GROWTH_KILOBYTES, "the agent grew by " + growth + " kB while a viewer stood still");
        stopped.signal("CONT");
        awaitShown(second);
        awaitShown(first);
    }

    @Test
    void lateAndDifferentViewersGetTheWholeScreen() {
        Desktop first = desktop(Clients.XFREERDP_32);
        guest.command("p");
        awaitShown(first);
        Desktop late = desktop(Clients.RDESKTOP_24);
        awaitShown(late);
        guest.command("p");
        awaitShown(late);
        awaitShown(first);
        String status = agent.ctl("status", "shared").output();
        assertTrue(status.contains("2"), status);
    }

    @Test
    void openSessionsSurviveLibvirtsDeathAndLaterEventsAreSeen() {
        Desktop desktop = desktop(Clients.XFREERDP_32);
        libvirt.kill();
        guest.command("p");
        libvirt.restart();
        awaitShown(desktop);
        libvirt.define("later", Guests.firmware("later"));
        libvirt.virsh("start", "later");
        int port = agent.awaitPort("later");
        libvirt.virsh("destroy", "later");
        Programs.await("the endpoint goes with the domain", LIMIT, () -> !Agent.accepts(port));
    }

    @Test
    void killedAgentComesBackWithTheSamePorts() {
        libvirt.define("other", Guests.firmware("other"));
        libvirt.virsh("start", "other");
        int other = agent.awaitPort("other");
        int port = agent.awaitPort("shared");
        agent.process().signal("KILL");
        agent.process().awaitEnd(LIMIT);
        agent.start();
        Programs.await("both are back at their ports", LIMIT, () -> Agent.accepts(port) && Agent.accepts(other));
        assertTrue(agent.awaitPort("shared") == port && agent.awaitPort("other") == other);
        desktop(Clients.XFREERDP_32);
        libvirt.virsh("destroy", "other");
    }

    /** Connects a client and waits until it shows the guest. */
    private Desktop desktop(Clients client) {
        Desktop desktop = new Desktop(programs);
        desktop.start(client.command(agent.awaitPort("shared")));
        desktop.parkPointer();
        awaitShown(desktop);
        return desktop;
    }

    private void awaitShown(Desktop desktop) {
        Picture screen = guest.screenshot();
        Programs.await(
                "the client shows the guest",
                LIMIT,
                () -> desktop.picture(screen.width(), screen.height())
                        .difference(screen)
                        .isEmpty());
    }
}
