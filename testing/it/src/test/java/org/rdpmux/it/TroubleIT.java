// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the agent says and does when what it needs is not there. */
class TroubleIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Libvirtd libvirt;

    @BeforeAll
    static void start() {
        libvirt = new Libvirtd(programs);
    }

    private static Agent agent(String... settings) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new Agent(programs, all).start();
    }

    private static void startDomain(String name) {
        libvirt.startFirmware(name);
        programs.atEnd(() -> libvirt.virsh("destroy", name));
    }

    @Test
    void saysOnceThatLibvirtIsAbsentAndGoesOnWhenItComes() {
        libvirt.kill();
        Agent agent = agent("libvirt.uri", libvirt.uri());
        agent.process().awaitOutput("libvirtd");
        Wait.pause(Duration.ofSeconds(3));
        String said = agent.process().output();
        assertEquals(1, said.lines().filter(line -> line.contains("libvirtd")).count(), said);
        libvirt.restart();
        startDomain("late");
        assertTrue(Agent.accepts(agent.awaitPort("late")));
    }

    @Test
    void namesAWrongUri() {
        agent("libvirt.uri", "qemv:///system").process().awaitOutput("qemv:///system");
    }

    @Test
    void takenPortIsSteppedOverAndAPinnedOneIsTakenWhenFree() throws IOException {
        Agent agent = agent("libvirt.uri", libvirt.uri());
        agent.process().awaitOutput("watching");
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        ServerSocket pinned = new ServerSocket(agent.lastPort(), 1, loopback);
        programs.atEnd(pinned::close);
        ServerSocket first = new ServerSocket(agent.firstPort(), 1, loopback);
        programs.atEnd(first::close);
        startDomain("stepping");
        assertTrue(agent.awaitPort("stepping") > agent.firstPort());
        libvirt.metadata("stepping", "<vm port='" + agent.lastPort() + "'/>");
        Wait.until(
                "the list says which port is taken",
                () -> agent.ctl("list")
                        .output()
                        .lines()
                        .anyMatch(line -> line.startsWith("stepping")
                                && line.contains(Integer.toString(agent.lastPort()))
                                && line.contains("EADDRINUSE")),
                () -> agent.ctl("list").output());
        pinned.close();
        agent.awaitPort("stepping", agent.lastPort());
    }

    @Test
    void worksWithoutAStateDirectoryAndUsesItWhenItCanBeWritten() throws IOException {
        Path obstacle = programs.newDirectory("obstacle").resolve("file");
        Files.writeString(obstacle, "a file where a directory is wanted");
        Path state = obstacle.resolve("state");
        Agent agent = agent("libvirt.uri", libvirt.uri(), "state.directory", state.toString());
        agent.process().awaitOutput(state.toString());
        startDomain("memory");
        assertTrue(Agent.accepts(agent.awaitPort("memory")));
        Files.delete(obstacle);
        Wait.until("the port table is written once that is possible", () -> {
            try (var files = Files.list(state)) {
                return files.anyMatch(f -> f.getFileName().toString().startsWith("ports"));
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void refusesAConfigurationWithTheLineThatIsWrong() {
        Background agent = agent("frame.rat", "60").process();
        assertEquals(78, agent.awaitEnd());
        assertTrue(agent.output().contains("frame.rat") && agent.output().contains("rdpmux.conf"), agent::output);
    }

    @Test
    void endsCleanlyOnSigterm() throws IOException {
        Agent agent = agent("libvirt.uri", "");
        Wait.until("the control socket is there", () -> Files.exists(agent.controlSocket()));
        agent.process().signal("TERM");
        assertEquals(0, agent.process().awaitEnd());
        try (var left = Files.list(agent.directory().resolve("run"))) {
            assertEquals(0, left.filter(f -> !f.toString().endsWith("lock")).count());
        }
    }
}
