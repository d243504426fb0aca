// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.rdpmux.libvirt.testing.PrivateLibvirtd;

/** The connection to a real libvirtd: it is lost, falls silent and comes back, and leaves nothing behind. */
@Tag("libvirt")
@EnabledIf("org.rdpmux.libvirt.testing.PrivateLibvirtd#available")
@Timeout(600)
class WatcherConnectionIT extends WatcherFixture {

    /** Runs of a real QEMU, half a second each on an idle machine. */
    private static final int RUNS = Integer.getInteger("rdpmux.it.runs", 20);

    /** What the connections hold that are kept for the next call, which come and go: four with three descriptors each. */
    private static final int IDLE_FDS = 12;

    private static int openFds() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    @Test
    void seesEventsAgainAfterLibvirtdWasKilledAndStarted() throws InterruptedException {
        define("web1");
        libvirtd.virsh("start", "web1");
        DomainInfo before = started();
        libvirtd.kill();
        assertEquals(
                ConnectionFailure.Kind.LOST,
                events.skipTo(DomainEvent.Disconnected.class).failure().kind());
        events.skipTo(DomainEvent.Disconnected.class, e -> e.failure().kind() == ConnectionFailure.Kind.ABSENT);
        assertEquals(Optional.of(before), watcher.domain(before.uuid()));
        libvirtd.startAgain();
        events.skipTo(DomainEvent.Connected.class);
        events.next(DomainEvent.Listed.class); // and nothing between: the run goes on
        assertEquals(Optional.of(before), watcher.domain(before.uuid()));
        libvirtd.virsh("destroy", "web1");
        assertEquals(
                before.generation(),
                events.skipTo(DomainEvent.Stopped.class).domain().generation());
        libvirtd.virsh("start", "web1");
        assertTrue(started().generation() > before.generation());
    }

    @Test
    void replacesAConnectionThatHasFallenSilent() throws Exception {
        UUID uuid = define("web1");
        watcher.close();
        watch(new WatcherOptions(Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(1)));
        events.skipTo(DomainEvent.Listed.class);
        long pid = libvirtd.pid();
        PrivateLibvirtd.signal("STOP", pid);
        try {
            assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(uuid, 0));
            ConnectionFailure failure =
                    events.skipTo(DomainEvent.Disconnected.class).failure();
            assertEquals(ConnectionFailure.Kind.SILENT, failure.kind(), failure.message());
        } finally {
            PrivateLibvirtd.signal("CONT", pid);
        }
        events.skipTo(DomainEvent.Listed.class);
        await("calls return", () -> watcher.stuckCalls() == 0);
        libvirtd.virsh("start", "web1");
        started();
    }

    @Test
    void saysThatLibvirtWantsAPassword() throws Exception {
        watcher.close();
        libvirtd.close();
        Path conf = dir.resolve("etc/libvirtd.conf");
        Files.writeString(conf, Files.readString(conf).replace("auth_unix_rw = \"none\"", "auth_unix_rw = \"sasl\""));
        // A mechanism that wants a password: of those that a host has installed, SASL would find one that needs none.
        Files.createDirectories(dir.resolve("etc/sasl2"));
        Files.writeString(dir.resolve("etc/sasl2/libvirt.conf"), "mech_list: plain\n");
        libvirtd = PrivateLibvirtd.start(dir);
        watch(WatcherOptions.DEFAULT);
        ConnectionFailure failure =
                events.skipTo(DomainEvent.Disconnected.class).failure();
        assertEquals(ConnectionFailure.Kind.REFUSED, failure.kind(), failure.message());
    }

    @Test
    void runsAreToldOneByOneAndLeaveNothingBehind() throws InterruptedException {
        UUID uuid = define("web1");
        libvirtd.virsh("start", "web1");
        long generation = started().generation();
        libvirtd.virsh("destroy", "web1");
        events.skipTo(DomainEvent.Stopped.class);
        int fds = openFds();
        int threads = Thread.activeCount();
        for (int i = 0; i < RUNS; i++) {
            libvirtd.virsh("start", "--paused", "web1");
            assertEquals(++generation, started().generation());
            libvirtd.virsh("destroy", "web1");
            DomainEvent.Stopped stopped = events.skipTo(DomainEvent.Stopped.class);
            assertEquals(generation, stopped.domain().generation());
            assertEquals(StopReason.DESTROYED, stopped.reason());
        }
        assertFalse(watcher.domain(uuid).orElseThrow().active());
        leavesNothingBehind(fds, threads);
    }

    @Test
    void hundredsOfChangesLeaveNothingBehind() throws InterruptedException {
        define("web1");
        int fds = openFds();
        int threads = Thread.activeCount();
        for (int i = 1; i <= 200; i++) {
            int port = i;
            libvirtd.virsh(
                    "metadata", "web1", DomainMetadata.NAMESPACE, "--key", "r", "--set", "<vm port='" + port + "'/>");
            events.skipTo(
                    DomainEvent.Updated.class, e -> e.domain().metadata().port().orElse(0) == port);
        }
        leavesNothingBehind(fds, threads);
    }

    private void leavesNothingBehind(int fds, int threads) {
        await("file descriptors: " + fds + " before, " + openFds() + " after", () -> openFds() <= fds + IDLE_FDS);
        // Threads for calls come as they are needed, up to a fixed number.
        assertTrue(Thread.activeCount() <= threads + 8, "threads: " + threads + ", " + Thread.activeCount());
        assertEquals(0, watcher.stuckCalls());
    }

    @Test
    void manyReconnectionsLeaveNothingBehind() throws InterruptedException {
        define("web1");
        libvirtd.kill();
        libvirtd.startAgain();
        events.skipTo(DomainEvent.Listed.class);
        int fds = openFds();
        for (int i = 0; i < 20; i++) {
            libvirtd.kill();
            libvirtd.startAgain();
            events.skipTo(DomainEvent.Listed.class);
        }
        await("file descriptors: " + fds + " before, " + openFds() + " after", () -> openFds() <= fds + IDLE_FDS);
    }
}
