// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.rdpmux.libvirt.testing.KeysGuest;
import org.rdpmux.libvirt.testing.PrivateLibvirtd;

/** What becomes of domains in a real libvirtd and QEMU is told. */
@Tag("libvirt")
@EnabledIf("org.rdpmux.libvirt.testing.PrivateLibvirtd#available")
@Timeout(600)
class DomainWatcherIT extends WatcherFixture {

    /** From the end of {@code virsh start} to the event, and how often that may take longer because the machine is busy. */
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private static final int TRIES = 10;

    @Test
    void tellsOfAStartAtOnce() throws InterruptedException {
        define("web1");
        List<Duration> times = new ArrayList<>();
        do {
            libvirtd.virsh("start", "web1");
            long begin = System.nanoTime();
            DomainInfo domain = started();
            times.add(Duration.ofNanos(System.nanoTime() - begin));
            assertEquals(DomainState.RUNNING, domain.state());
            assertEquals("vnc", domain.graphics().get(0).type());
            assertTrue(domain.graphics().get(0).socket().isPresent());
            libvirtd.virsh("destroy", "web1");
            events.skipTo(DomainEvent.Stopped.class);
        } while (times.get(times.size() - 1).compareTo(AT_ONCE) > 0 && times.size() < TRIES);
        assertTrue(times.get(times.size() - 1).compareTo(AT_ONCE) <= 0, "from virsh to the event: " + times);
    }

    @Test
    void followsADomainThroughItsLife() throws InterruptedException {
        UUID uuid = define("web1");
        KeysGuest guest = libvirtd.keys("web1");
        libvirtd.virsh("start", "web1");
        long first = started().generation();
        guest.awaitUp();

        libvirtd.virsh("suspend", "web1");
        assertEquals(
                DomainState.PAUSED,
                events.skipTo(DomainEvent.Suspended.class).domain().state());
        libvirtd.virsh("resume", "web1");
        assertEquals(first, events.next(DomainEvent.Resumed.class).domain().generation());

        libvirtd.virsh("reset", "web1");
        guest.awaitReport(
                lines -> lines.stream().filter(l -> l.startsWith("READY")).count() == 2);

        libvirtd.virsh("shutdown", "web1");
        DomainEvent.Stopped stopped = events.skipTo(DomainEvent.Stopped.class);
        assertEquals(StopReason.SHUTDOWN, stopped.reason());
        assertEquals(first, stopped.domain().generation());

        libvirtd.virsh("start", "web1");
        assertTrue(started().generation() > first);
        libvirtd.virsh("managedsave", "web1");
        assertEquals(StopReason.SAVED, events.skipTo(DomainEvent.Stopped.class).reason());
        libvirtd.virsh("start", "web1");
        DomainInfo restored = started();
        libvirtd.virsh("destroy", "web1");
        stopped = events.skipTo(DomainEvent.Stopped.class);
        assertEquals(StopReason.DESTROYED, stopped.reason());
        assertEquals(restored.generation(), stopped.domain().generation());

        libvirtd.virsh("domrename", "web1", "web2");
        DomainEvent.Renamed renamed = events.skipTo(DomainEvent.Renamed.class);
        assertEquals("web1", renamed.oldName());
        assertEquals("web2", renamed.domain().name());
        assertEquals(uuid, renamed.domain().uuid());

        libvirtd.virsh("undefine", "web2");
        assertEquals(uuid, events.skipTo(DomainEvent.Undefined.class).domain().uuid());
        assertEquals(List.of(), watcher.domains());
    }

    @Test
    void domainUndefinedWhileItRunsStaysUntilItStops() throws InterruptedException {
        define("web1");
        libvirtd.virsh("start", "web1");
        started();
        libvirtd.virsh("undefine", "web1");
        assertFalse(events.skipTo(DomainEvent.Updated.class).domain().persistent());
        libvirtd.keys("web1");
        assertTrue(events.skipTo(DomainEvent.Updated.class, e -> e.domain().persistent())
                .domain()
                .active());
        libvirtd.virsh("undefine", "web1");
        libvirtd.virsh("destroy", "web1");
        events.skipTo(DomainEvent.Stopped.class);
        events.next(DomainEvent.Undefined.class);
    }

    @Test
    void reportsWhatRanBeforeItConnected() throws InterruptedException {
        define("web1");
        libvirtd.virsh("start", "web1");
        DomainInfo before = started();
        EventRecorder second = new EventRecorder();
        try (DomainWatcher other = new DomainWatcher(libvirtd.uri(), second)) {
            other.start();
            second.next(DomainEvent.Connected.class);
            assertEquals(
                    before.uuid(),
                    second.next(DomainEvent.Defined.class).domain().uuid());
            assertEquals(
                    before.id(), second.next(DomainEvent.Started.class).domain().id());
            second.next(DomainEvent.Listed.class);
        }
    }

    @Test
    void tellsWhatChangedWhileLibvirtdWasAway() throws Exception {
        UUID dies = define("dies");
        UUID stays = define("stays");
        UUID goes = define("goes");
        libvirtd.virsh("start", "dies");
        started();
        libvirtd.virsh("start", "stays");
        started();
        long pid = libvirtd.qemuPid("dies");
        libvirtd.kill();
        events.skipTo(DomainEvent.Disconnected.class);
        PrivateLibvirtd.signal("KILL", pid);
        Path definitions = dir.resolve("etc/qemu");
        Files.delete(definitions.resolve("goes.xml"));
        UUID comes = UUID.randomUUID();
        Files.writeString(
                definitions.resolve("comes.xml"),
                Files.readString(definitions.resolve("stays.xml"))
                        .replace(stays.toString(), comes.toString())
                        .replace("<name>stays", "<name>comes"));
        libvirtd.startAgain();
        events.skipTo(DomainEvent.Connected.class);
        boolean stopped = false;
        boolean undefined = false;
        boolean defined = false;
        // A domain whose end libvirtd finds out about only after it is up is told of after the list.
        while (!stopped || !undefined || !defined) {
            DomainEvent event = events.next(DomainEvent.class);
            if (event instanceof DomainEvent.OfDomain of) {
                assertNotEquals(stays, of.domain().uuid(), event.toString());
                stopped |= event instanceof DomainEvent.Stopped
                        && of.domain().uuid().equals(dies);
                undefined |= event instanceof DomainEvent.Undefined
                        && of.domain().uuid().equals(goes);
                defined |= event instanceof DomainEvent.Defined
                        && of.domain().uuid().equals(comes);
            }
        }
        assertTrue(watcher.domain(stays).orElseThrow().active());
    }

    @Test
    void followsSettingsFromVirshAndWritesThem() throws InterruptedException, LibvirtCallException {
        UUID uuid = define("web1");
        libvirtd.virsh("start", "web1");
        started();
        libvirtd.virsh(
                "metadata",
                "web1",
                DomainMetadata.NAMESPACE,
                "--key",
                "rdpmux",
                "--set",
                "<vm enabled='no' port='x'/>");
        DomainMetadata metadata =
                events.skipTo(DomainEvent.Updated.class).domain().metadata();
        assertEquals(Optional.of(false), metadata.enabled());
        assertEquals(List.of("port='x' is not a number of 1 to 65535"), metadata.problems());

        DomainMetadata pinned = new DomainMetadata(Optional.of(true), OptionalInt.of(3905));
        libvirtd.virsh(
                "metadata",
                "web1",
                DomainMetadata.NAMESPACE,
                "--key",
                "rdpmux",
                "--set",
                "<vm enabled='yes' port='3905'/>",
                "--live",
                "--config");
        assertEquals(pinned, events.skipTo(DomainEvent.Updated.class).domain().metadata());
        libvirtd.virsh("destroy", "web1"); // metadata are those of the definition from here on
        events.skipTo(DomainEvent.Stopped.class);
        assertEquals(pinned, watcher.domain(uuid).orElseThrow().metadata());

        libvirtd.virsh("metadata", "web1", DomainMetadata.NAMESPACE, "--remove");
        assertEquals(
                DomainMetadata.NONE,
                events.skipTo(
                                DomainEvent.Updated.class,
                                e -> e.domain().metadata().port().isEmpty())
                        .domain()
                        .metadata());
    }
}
