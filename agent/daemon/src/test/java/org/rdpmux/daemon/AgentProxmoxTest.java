// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Done;
import org.rdpmux.control.Request;
import org.rdpmux.libvirt.DomainEvent;

/** The agent and guests of Proxmox VE. */
@Timeout(120)
class AgentProxmoxTest extends AgentFixture {

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroy);
    }

    private Path run() {
        return directory.resolve("qemu-server");
    }

    private void startWithProxmox() throws Exception {
        configureWith("libvirt.uri =\nproxmox.directory = " + run() + "\n");
        start();
    }

    /** A process with the command line of a guest, which its shell takes for arguments. */
    private void startGuest(int vmid, String name) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "read wait", "kvm", "-name", name));
        command.addAll(List.of("-pidfile", run() + "/" + vmid + ".pid", "-vnc", "unix:x,password=on"));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        Files.createDirectories(run());
        Files.writeString(run().resolve(vmid + ".pid"), process.pid() + "\n");
    }

    private ConsoleReport served(String console) {
        await(console + " is served", () -> {
            try {
                return list().stream()
                        .anyMatch(known ->
                                known.name().equals(console) && !known.uri().isEmpty());
            } catch (IOException e) {
                return false;
            }
        });
        try {
            return console(console);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitNone() {
        await("the guests are gone", () -> {
            try {
                return list().isEmpty();
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void aGuestIsServedByItsNumberAndNameForAsLongAsItRuns() throws Exception {
        startGuest(100, "web,debug-threads=on");
        startWithProxmox();
        ConsoleReport web = served("web");
        assertTrue(accepts(web));
        assertEquals(100, web.vmid());
        assertEquals("", web.uuid());
        assertEquals("proxmox", web.origin());
        assertEquals("running", web.state());
        assertEquals("VNC display", web.display());
        assertEquals(web.uri(), console("100").uri());
        assertEquals(web.uri(), console("proxmox:100").uri());

        Files.delete(run().resolve("100.pid"));
        awaitNone();
        assertFalse(accepts(web));
        startGuest(101, "other");
        served("other");
        startGuest(100, "web");
        assertEquals(web.port(), served("web").port());
    }

    @Test
    void keepsTheGuestsPortOverARestartOfTheAgent() throws Exception {
        startGuest(101, "a");
        startWithProxmox();
        int port = served("a").port();
        startGuest(102, "b");
        int other = served("b").port();
        agent.close();
        Files.delete(run().resolve("101.pid"));
        startWithProxmox();
        assertEquals(other, served("b").port());
        startGuest(101, "a");
        assertEquals(port, served("a").port());
    }

    @Test
    void noticesThatProxmoxComesToTheHost() throws Exception {
        startWithProxmox();
        assertEquals(List.of(), list());
        startGuest(100, "web");
        served("web");
    }

    @Test
    void aHookHasItLookAtAGuest() throws Exception {
        startWithProxmox();
        assertEquals(List.of(), ask(new Request.Refresh("100"), Done.class).messages());
        assertTrue(refusal(new Request.Refresh("0100")).contains("nor a VMID"));
    }

    @Test
    void leavesGuestsAloneIfItIsTold() throws Exception {
        startGuest(100, "web");
        configureWith("proxmox.directory =\n");
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        assertEquals(List.of("demo"), list().stream().map(ConsoleReport::name).toList());
    }
}
