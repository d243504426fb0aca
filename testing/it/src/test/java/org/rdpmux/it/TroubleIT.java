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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent says and does when what it needs is not there. */
class TroubleIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Programs programs;

    @BeforeEach
    void start() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    @Test
    void saysOnceThatLibvirtIsAbsentAndGoesOnWhenItComes() {
        Libvirtd libvirt = new Libvirtd(programs);
        String uri = libvirt.uri();
        libvirt.kill();
        Agent agent = new Agent(programs, Map.of("libvirt.uri", uri)).start();
        agent.process().awaitOutput("libvirtd", LIMIT);
        Programs.pause(Duration.ofSeconds(3));
        assertEquals(
                1,
                agent.process()
                        .output()
                        .lines()
                        .filter(l -> l.contains("libvirtd"))
                        .count(),
                agent.process().output());
        libvirt.restart();
        libvirt.define("late", Guests.firmware("late"));
        libvirt.virsh("start", "late");
        assertTrue(Agent.accepts(agent.awaitPort("late")));
    }

    @Test
    void namesAWrongUri() {
        Agent agent = new Agent(programs, Map.of("libvirt.uri", "qemv:///system")).start();
        agent.process().awaitOutput("qemv:///system", LIMIT);
    }

    @Test
    void takenPortIsSteppedOverAndAPinnedOneIsTakenWhenFree() throws IOException {
        Libvirtd libvirt = new Libvirtd(programs);
        Agent agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri(), "listen.ports", "3951-3990")).start();
        agent.process().awaitOutput("watching", LIMIT);
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        ServerSocket pinned = new ServerSocket(0, 1, loopback);
        programs.atEnd(pinned::close);
        try (ServerSocket first = new ServerSocket(3951, 1, loopback)) {
            libvirt.define("stepping", Guests.firmware("stepping"));
            libvirt.virsh("start", "stepping");
            assertTrue(agent.awaitPort("stepping") > first.getLocalPort());
            String element = "<vm port='" + pinned.getLocalPort() + "'/>";
            libvirt.virsh(
                    "metadata", "stepping", "urn:rdpmux:domain:1.0", "--live", "--key", "rdpmux", "--set", element);
            Programs.await(
                    "the list says which port is taken",
                    LIMIT,
                    () -> agent.ctl("list")
                            .output()
                            .lines()
                            .anyMatch(l -> l.startsWith("stepping")
                                    && l.contains(Integer.toString(pinned.getLocalPort()))
                                    && l.contains("another program has it")));
            int port = pinned.getLocalPort();
            pinned.close();
            Programs.await(
                    "the pinned port is taken when it is free",
                    Duration.ofSeconds(60),
                    () -> agent.port("stepping").filter(p -> p == port).isPresent());
        }
    }

    @Test
    void worksWithoutAStateDirectoryAndUsesItWhenItCanBeWritten() throws IOException {
        Libvirtd libvirt = new Libvirtd(programs);
        Path obstacle = directory.resolve("obstacle");
        Files.writeString(obstacle, "a file where a directory is wanted");
        Path state = obstacle.resolve("state");
        Agent agent =
                new Agent(programs, Map.of("libvirt.uri", libvirt.uri(), "state.directory", state.toString())).start();
        agent.process().awaitOutput(state.toString(), LIMIT);
        libvirt.define("memory", Guests.firmware("memory"));
        libvirt.virsh("start", "memory");
        assertTrue(Agent.accepts(agent.awaitPort("memory")));
        Files.delete(obstacle);
        Programs.await("the port table is written once that is possible", Duration.ofSeconds(90), () -> {
            try (var files = Files.list(state)) {
                return files.anyMatch(f -> f.getFileName().toString().startsWith("ports"));
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void refusesAConfigurationWithTheLineThatIsWrong() {
        Agent agent = new Agent(programs, Map.of("frame.rat", "60")).start();
        assertEquals(78, agent.process().awaitEnd(LIMIT));
        assertTrue(
                agent.process().output().contains("frame.rat")
                        && agent.process().output().contains("rdpmux.conf"),
                agent.process().output());
    }

    @Test
    void endsCleanlyOnSigterm() throws IOException {
        Agent agent = new Agent(programs, Map.of("libvirt.uri", "")).start();
        Path socket = agent.directory().resolve("run/control.sock");
        Programs.await("the control socket is there", LIMIT, () -> Files.exists(socket));
        agent.process().signal("TERM");
        agent.process().awaitEnd(Duration.ofSeconds(5));
        try (var left = Files.list(agent.directory().resolve("run"))) {
            assertEquals(0, left.filter(f -> !f.toString().endsWith("lock")).count());
        }
    }
}
