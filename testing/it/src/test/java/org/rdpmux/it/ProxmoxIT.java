// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.rdpmux.control.ConsoleReport;

/** Guests of Proxmox VE, whose QEMU is real. */
class ProxmoxIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private Path run;
    private Agent agent;

    @BeforeEach
    void start() {
        run = programs.newDirectory("qemu-server");
        agent = new Agent(programs, Map.of("libvirt.uri", "", "proxmox.directory", run.toString())).start();
    }

    private ProxmoxVm startVm() {
        return new ProxmoxVm(programs, run, 100, "web").start();
    }

    private Viewer viewer(ProxmoxVm vm, Clients client) {
        Viewer viewer = new Viewer(programs, client, agent.awaitPort("web"));
        viewer.awaitShows(vm::screenshot);
        return viewer;
    }

    @Test
    void viewersSeeTheGuestAndItsMonitorIsFreeForProxmox() {
        ProxmoxVm vm = startVm();
        assertEquals("[2]", vm.securityTypes());
        Viewer first = viewer(vm, Clients.XFREERDP_32);
        Viewer second = viewer(vm, Clients.XFREERDP_GFX);
        try (ProxmoxVm.Monitor proxmox = vm.monitor()) {
            String clients = proxmox.execute("{\"execute\": \"query-vnc\"}");
            assertTrue(clients.contains("\"auth\": \"vnc\""), clients);
            first.type("key", "Escape");
        }
        first.awaitShows(vm::screenshot);
        second.awaitShows(vm::screenshot);
        assertEquals("[2]", vm.securityTypes(), "the display lets in who has no password");
        assertTrue(agent.ctl("list").output().contains("100 (web)"));
        ConsoleReport console = agent.console("web").orElseThrow();
        assertEquals(2, console.viewers().size());
    }

    @Test
    void theConsoleGoesWithTheProcessAndComesBackAtItsPort() {
        ProxmoxVm vm = startVm();
        int port = agent.awaitPort("web");
        viewer(vm, Clients.XFREERDP_32);
        vm.kill();
        agent.awaitGone("web", port);
        vm.start();
        agent.awaitPort("web", port);
        viewer(vm, Clients.XFREERDP_32);
        vm.stop();
        agent.awaitGone("web", port);
    }

    @Test
    void aViewerWaitsWhileAnotherHasTheMonitor() {
        ProxmoxVm vm = startVm();
        int port = agent.awaitPort("web");
        Viewer viewer;
        try (ProxmoxVm.Monitor another = vm.monitor()) {
            viewer = new Viewer(programs, Clients.XFREERDP_32, port);
            Wait.until(
                    "the agent says what it waits for",
                    () -> agent.console("web").orElseThrow().problem().contains("serves one client after the other"),
                    agent::consoles);
            another.execute("{\"execute\": \"query-status\"}");
        }
        viewer.awaitShows(vm::screenshot);
    }
}
