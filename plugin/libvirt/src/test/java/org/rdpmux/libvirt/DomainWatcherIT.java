// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.libvirt.testing.KeysGuest;
import org.rdpmux.libvirt.testing.PrivateLibvirtd;

/** The watcher beside a real libvirtd and QEMU. */
@Tag("libvirt")
@EnabledIf("org.rdpmux.libvirt.testing.PrivateLibvirtd#available")
@Timeout(600)
class DomainWatcherIT {

    private interface C extends Library {
        C LIBC = Native.load("c", C.class);

        long read(int fd, byte[] bytes, long length);

        long write(int fd, byte[] bytes, long length);
    }

    /** Runs of a real QEMU, half a second each on an idle machine. */
    private static final int RUNS = Integer.getInteger("rdpmux.it.runs", 20);

    /** What the connections hold that are kept for the next call, which come and go: four with three descriptors each. */
    private static final int IDLE_FDS = 12;

    /** From the end of {@code virsh start} to the event, and how often that may take longer because the machine is busy. */
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private static final int TRIES = 10;

    @TempDir
    Path dir;

    private final EventRecorder events = new EventRecorder();
    private PrivateLibvirtd libvirtd;
    private DomainWatcher watcher;

    @BeforeEach
    void start() throws InterruptedException {
        libvirtd = PrivateLibvirtd.start(dir);
        watch(WatcherOptions.DEFAULT);
        events.next(DomainEvent.Connected.class);
        events.next(DomainEvent.Listed.class);
    }

    @AfterEach
    void stop() {
        watcher.close();
        libvirtd.close();
    }

    private void watch(WatcherOptions options) {
        watcher = new DomainWatcher(libvirtd.uri(), events, options);
        watcher.start();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline =
                System.nanoTime() + Duration.ofSeconds(EventRecorder.SECONDS).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static int openFds() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private UUID define(String name) throws InterruptedException {
        libvirtd.keys(name);
        DomainInfo domain = events.next(DomainEvent.Defined.class).domain();
        assertEquals(name, domain.name());
        assertFalse(domain.active());
        return domain.uuid();
    }

    private DomainInfo started() throws InterruptedException {
        DomainInfo domain = events.skipTo(DomainEvent.Started.class).domain();
        // A restored domain is paused at first: by now it may run.
        assertEquals(
                domain.generation(), watcher.domain(domain.uuid()).orElseThrow().generation());
        return domain;
    }

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
    void opensConsoleWithPasswordWithoutAskingForIt() throws InterruptedException, LibvirtCallException {
        UUID uuid = define("web1");
        LibvirtCallException off = assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(uuid, 0));
        assertTrue(off.getMessage().contains("not running"), off.getMessage());
        libvirtd.virsh("start", "web1");
        started();
        int fd = watcher.openGraphics(uuid, 0);
        try {
            byte[] version = read(fd, 12);
            assertEquals("RFB 003.008\n", new String(version, StandardCharsets.US_ASCII));
            assertEquals(12, C.LIBC.write(fd, version, 12));
            assertArrayEquals(new byte[] {1, 1}, read(fd, 2)); // one security type: none. VNC's password would be 2
        } finally {
            FileDescriptors.close(fd);
        }
        assertTrue(assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(uuid, 1))
                .getMessage()
                .startsWith("cannot open graphics 1 of domain"));
        assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(UUID.randomUUID(), 0));
    }

    private static byte[] read(int fd, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        await("the connection says " + length + " bytes", () -> {
            byte[] part = new byte[bytes.remaining()];
            long n = C.LIBC.read(fd, part, part.length); // -1 while there is nothing: the socket does not wait
            if (n > 0) {
                bytes.put(part, 0, (int) n);
            }
            return !bytes.hasRemaining();
        });
        return bytes.array();
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

    @Test
    void tellsAConsolesPasswordAsVirshChangesIt() throws Exception {
        UUID uuid = define("web1");
        libvirtd.virsh("start", "web1");
        started();
        GraphicsPassword defined = watcher.graphicsPassword(uuid, 0).orElseThrow();
        assertEquals("unguessd", String.valueOf(defined.password()));
        assertEquals(Optional.empty(), defined.validTo());
        Path device = Files.writeString(
                dir.resolve("graphics.xml"),
                libvirtd.virsh("dumpxml", "web1", "--xpath", "//graphics")
                        .replace("<graphics ", "<graphics passwd='other1' passwdValidTo='2100-01-02T03:04:05' "));
        libvirtd.virsh("update-device", "web1", device.toString(), "--live");
        GraphicsPassword changed = watcher.graphicsPassword(uuid, 0).orElseThrow();
        assertEquals("other1", String.valueOf(changed.password()));
        assertEquals(Optional.of(Instant.parse("2100-01-02T03:04:05Z")), changed.validTo());
        assertEquals(Optional.empty(), watcher.graphicsPassword(uuid, 1).map(GraphicsPassword::toString));
        assertThrows(LibvirtCallException.class, () -> watcher.graphicsPassword(new UUID(0, 1), 0));
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

    @Test
    void consoleThatHangsIsGivenUpAndHoldsUpNobodyElse() throws Exception {
        watcher.close();
        watch(new WatcherOptions(Duration.ofSeconds(4), Duration.ofMillis(100), Duration.ofSeconds(1)));
        events.skipTo(DomainEvent.Listed.class);
        UUID hangs = define("hangs");
        UUID works = define("works");
        libvirtd.keys("hangs").start();
        libvirtd.keys("works").start();
        long pid = libvirtd.qemuPid("hangs");
        PrivateLibvirtd.signal("STOP", pid);
        try {
            LibvirtCallException e = assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(hangs, 0));
            assertTrue(e.getMessage().contains("within 4.0 s"), e.getMessage());
            await("the call is given up", () -> watcher.stuckCalls() == 1);
            e = assertThrows(LibvirtCallException.class, () -> watcher.openGraphics(hangs, 0));
            assertTrue(e.getMessage().contains("has not returned from an earlier call"), e.getMessage());
            FileDescriptors.close(watcher.openGraphics(works, 0));
            libvirtd.virsh("suspend", "works");
            events.skipTo(DomainEvent.Suspended.class);
            assertEquals(1, watcher.stuckCalls(), "it hangs all the while");
        } finally {
            PrivateLibvirtd.signal("CONT", pid);
        }
        await("the call returns", () -> watcher.stuckCalls() == 0);
        await(
                "QEMU has no VNC client",
                () -> !libvirtd.virsh("qemu-monitor-command", "hangs", "--hmp", "info vnc")
                        .contains("Client:"));
        FileDescriptors.close(watcher.openGraphics(hangs, 0));
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
}
