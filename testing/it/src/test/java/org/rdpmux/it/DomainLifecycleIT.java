// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What libvirt does to a domain, and what becomes of its endpoint. */
class DomainLifecycleIT {

    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    static Path directory;

    private static Programs programs;
    private static Libvirtd libvirt;
    private static Agent agent;

    @BeforeAll
    static void start() {
        programs = new Programs(directory);
        libvirt = new Libvirtd(programs);
        agent = new Agent(programs, Map.of("libvirt.uri", libvirt.uri())).start();
        agent.process().awaitOutput("watching", Duration.ofSeconds(20));
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    private static void define(String name) {
        libvirt.define(name, Guests.firmware(name));
    }

    private static int startAndAwaitPort(String name) {
        libvirt.virsh("start", name);
        return agent.awaitPort(name);
    }

    private static void awaitGone(String name, int port) {
        Programs.await(name + " lost its endpoint", SOON, () -> agent.port(name).isEmpty() && !Agent.accepts(port));
    }

    @Test
    void startedDomainAcceptsWithinOneSecond() {
        define("quick");
        int port = startAndAwaitPort("quick");
        libvirt.virsh("destroy", "quick");
        awaitGone("quick", port);
        libvirt.virsh("start", "quick");
        // The domain keeps its port, so the time from start to accept can be taken from outside, without the list.
        Programs.await("the endpoint accepts", Duration.ofSeconds(1), () -> Agent.accepts(port));
        libvirt.virsh("destroy", "quick");
    }

    @Test
    void endpointGoesWhenTheGuestShutsItselfDown() {
        KeysGuest guest = new KeysGuest(libvirt, "polite");
        int port = agent.awaitPort(guest.name());
        libvirt.virsh("shutdown", "polite");
        awaitGone("polite", port);
    }

    @Test
    void keepsEndpointWhileSuspendedAndReset() {
        define("calm");
        int port = startAndAwaitPort("calm");
        libvirt.virsh("suspend", "calm");
        Programs.await("the list says paused", SOON, () -> line("calm").contains("paused"));
        assertTrue(Agent.accepts(port));
        libvirt.virsh("resume", "calm");
        Programs.await("the list says running", SOON, () -> line("calm").contains("running"));
        libvirt.virsh("reset", "calm");
        assertTrue(Agent.accepts(port));
        assertEquals(Optional.of(port), agent.port("calm"));
        libvirt.virsh("destroy", "calm");
        awaitGone("calm", port);
    }

    @Test
    void givesBackThePortAfterManagedSave() {
        define("saved");
        int port = startAndAwaitPort("saved");
        libvirt.virsh("managedsave", "saved");
        awaitGone("saved", port);
        assertEquals(port, startAndAwaitPort("saved"));
        libvirt.virsh("destroy", "saved");
    }

    @Test
    void followsUndefineOfARunningDomain() {
        define("fleeting");
        int port = startAndAwaitPort("fleeting");
        libvirt.virsh("undefine", "fleeting");
        assertTrue(Agent.accepts(port));
        assertEquals(Optional.of(port), agent.port("fleeting"));
        libvirt.virsh("destroy", "fleeting");
        awaitGone("fleeting", port);
    }

    @Test
    void keepsThePortOverARename() {
        define("before");
        int port = startAndAwaitPort("before");
        libvirt.virsh("destroy", "before");
        awaitGone("before", port);
        libvirt.virsh("domrename", "before", "after");
        assertEquals(port, startAndAwaitPort("after"));
        assertFalse(agent.ctl("list").output().contains("before"));
        libvirt.virsh("destroy", "after");
    }

    @Test
    void metadataSwitchesOffAndPinsThePort() {
        define("tuned");
        int port = startAndAwaitPort("tuned");
        metadata("tuned", "<vm enabled='no'/>");
        awaitGone("tuned", port);
        metadata("tuned", "<vm port='4890'/>");
        Programs.await(
                "the pinned port accepts", SOON, () -> agent.port("tuned").equals(Optional.of(4890)));
        assertTrue(Agent.accepts(4890));
        libvirt.virsh("metadata", "tuned", "urn:rdpmux:domain:1.0", "--live", "--remove");
        Programs.await("the old port is back", SOON, () -> agent.port("tuned").equals(Optional.of(port)));
        libvirt.virsh("destroy", "tuned");
    }

    private static void metadata(String name, String element) {
        libvirt.virsh("metadata", name, "urn:rdpmux:domain:1.0", "--live", "--key", "rdpmux", "--set", element);
    }

    private static String line(String name) {
        return agent.ctl("list")
                .output()
                .lines()
                .filter(l -> l.startsWith(name + " "))
                .findFirst()
                .orElse("");
    }
}
