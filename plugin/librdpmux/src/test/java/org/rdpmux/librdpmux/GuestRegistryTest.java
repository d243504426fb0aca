// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestRegistryTest {

    private static final String UUID_TEXT = "7C6F1B6E-0000-4000-8000-00000000BEEF";

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private RegistryFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new RegistryFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    /** A process that stays until it is killed. */
    private ProcessIdentity process(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "read line", "guest"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return new ProcessTable().identify((int) process.pid()).orElseThrow();
    }

    private void kill(ProcessIdentity process) {
        for (Process started : processes) {
            if (started.pid() == process.pid()) {
                started.destroyForcibly();
                started.onExit().join();
            }
        }
    }

    @Test
    void givesEachGuestASocketForItsGroup() throws Exception {
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V5));
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(guest.socket())));
        assertTrue(guest.socket().startsWith(directory.resolve("run")));
        assertEquals(
                "rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run"))));
        assertTrue(guest.uuid().isPresent());
        assertEquals(RegistryFixture.SELF, guest.process());
    }

    @Test
    void guestThatCouldNotBeSavedIsSavedOnceThatWorks() throws Exception {
        Path state = directory.resolve("state");
        Path away = Files.move(state, directory.resolve("away"));
        Files.createFile(state);
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V5));
        fixture.registered(fixture.claim(ProtocolVersion.V5));
        Files.delete(state);
        Files.move(away, state);
        Wait.until("both are on disk", () -> {
            try (var files = Files.list(state)) {
                return files.filter(file -> file.toString().endsWith(".guest")).count() == 2;
            }
        });
        fixture.restart();
        Wait.until("the guest is known again", () -> fixture.listener.guests.containsKey(guest.key()));
    }

    @Test
    void answersOthersWhileASocketIsMade() throws Exception {
        ProcessIdentity dead = process();
        kill(dead);
        CountDownLatch release = fixture.holdLoop();
        GuestClaim claim = fixture.claim(ProtocolVersion.V5);
        CompletableFuture<String> pending = fixture.registry.register(claim);
        assertEquals(
                "process " + dead.pid() + " has ended",
                fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, dead)));
        assertFalse(pending.isDone());
        assertEquals(Map.of(), fixture.listener.guests);
        release.countDown();
        assertTrue(pending.get(Wait.SECONDS, TimeUnit.SECONDS).startsWith("ipc://"));
        assertTrue(Files.exists(fixture.listener.guests.get(claim.key()).socket()));
    }

    @Test
    void aGuestThatRegistersAgainBeforeItHasASocketIsToldOfOnce() throws Exception {
        CountDownLatch release = fixture.holdLoop();
        CompletableFuture<String> first =
                fixture.registry.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, RegistryFixture.SELF));
        CompletableFuture<String> second =
                fixture.registry.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, RegistryFixture.SELF));
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> first.get(Wait.SECONDS, TimeUnit.SECONDS));
        assertEquals("the guest registered again", refused.getCause().getMessage());
        release.countDown();
        String address = second.get(Wait.SECONDS, TimeUnit.SECONDS);
        GuestRegistration guest = fixture.listener.await(UUID_TEXT.toLowerCase());
        assertEquals("ipc://" + guest.socket(), address);
        assertEquals(List.of(), fixture.listener.gone);
    }

    @Test
    void whoWaitsForASocketIsToldThatTheServiceEnds() throws Exception {
        CountDownLatch release = fixture.holdLoop();
        CompletableFuture<String> pending = fixture.registry.register(fixture.claim(ProtocolVersion.V5));
        fixture.registry.close();
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> pending.get(Wait.SECONDS, TimeUnit.SECONDS));
        release.countDown();
        assertEquals("the service ends", refused.getCause().getMessage());
    }

    @Test
    void refusesAUuidWhoseOwnerRuns() throws Exception {
        ProcessIdentity first = process();
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V3, UUID_TEXT, first)));
        String answer = fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT.toLowerCase(), process()));
        assertEquals("its UUID belongs to process " + first.pid() + ", which still runs", answer);
        assertEquals(first, fixture.listener.await(UUID_TEXT.toLowerCase()).process());
    }

    @Test
    void whoProvablyRunsAMachineDisplacesWhoOnlySaysSo() throws Exception {
        ProcessIdentity squatter = process();
        GuestRegistration squatted = fixture.registered(fixture.claim(ProtocolVersion.V5, UUID_TEXT, squatter));
        ProcessIdentity hypervisor = process("-uuid", UUID_TEXT);
        fixture.listener.proven.add(hypervisor);
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, hypervisor)));
        assertEquals(hypervisor, fixture.listener.await(UUID_TEXT.toLowerCase()).process());
        Wait.until("the squatter's socket is gone", () -> !Files.exists(squatted.socket()));
        String taken = "its UUID belongs to process " + hypervisor.pid() + ", which still runs";
        assertEquals(taken, fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, squatter)));
        fixture.listener.proven.add(squatter);
        assertEquals(taken, fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, squatter)));
    }

    @Test
    void replacesAGuestWhoseProcessIsGone() throws Exception {
        ProcessIdentity first = process();
        GuestRegistration old = fixture.registered(fixture.claim(ProtocolVersion.V3, UUID_TEXT, first));
        ScreenFollower follower = new ScreenFollower();
        old.openDisplay().start(follower);
        kill(first);
        ProcessIdentity second = process();
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, second)));
        GuestRegistration now = fixture.listener.await(UUID_TEXT.toLowerCase());
        assertEquals(second, now.process());
        assertNotEquals(old.socket(), now.socket());
        assertEquals(List.of(old.key()), fixture.listener.gone);
        Wait.until("its display failed", () -> !follower.failures.isEmpty());
        Wait.until("its socket is gone", () -> !Files.exists(old.socket()));
        assertTrue(Files.exists(now.socket()));
    }

    @Test
    void letsAProcessRegisterAnew() throws Exception {
        ProcessIdentity process = process();
        fixture.registered(fixture.claim(ProtocolVersion.V3, UUID_TEXT, process));
        GuestRegistration again = fixture.registered(fixture.claim(ProtocolVersion.V3, UUID_TEXT, process));
        assertEquals(1, fixture.listener.gone.size());
        Wait.until("one socket is left", () -> sockets() == 1);
        assertTrue(Files.exists(again.socket()));
    }

    private long sockets() throws IOException {
        try (var files = Files.list(directory.resolve("run"))) {
            return files.count();
        }
    }

    @Test
    void noticesThatAProcessEnds() throws Exception {
        ProcessIdentity process = process();
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V3, UUID_TEXT, process));
        kill(process);
        Wait.until("the guest is gone", () -> fixture.listener.gone.contains(guest.key()));
        Wait.until("its socket is gone", () -> !Files.exists(guest.socket()));
        assertEquals(0, records());
    }

    private long records() throws IOException {
        try (var files = Files.list(directory.resolve("state"))) {
            return files.filter(file -> file.toString().endsWith(".guest")).count();
        }
    }

    @Test
    void tellsGuestsWithoutUuidApartByProcess() throws Exception {
        ProcessIdentity first = process();
        ProcessIdentity second = process();
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V2, GuestClaim.NIL_UUID, first)));
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5, GuestClaim.NIL_UUID, second)));
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V1, "", process())));
        assertEquals(3, fixture.listener.guests.size());
        fixture.listener.guests.values().forEach(guest -> assertEquals(Optional.empty(), guest.uuid()));
        String zeros = "0".repeat(32) + "_";
        assertTrue(fixture.registry.control(zeros + first.pid()).isPresent());
        assertTrue(fixture.registry.control(zeros + second.pid()).isPresent());
    }

    @Test
    void findsTheUuidOfAnOldGuestOnItsCommandLine() throws Exception {
        ProcessIdentity process = process("-name", "vm", "-uuid", UUID_TEXT);
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V1, "", process));
        assertEquals(Optional.of(UUID.fromString(UUID_TEXT)), guest.uuid());
    }

    @Test
    void refusesAUuidOnACommandLineWhoseOwnerRuns() throws Exception {
        ProcessIdentity first = process("-uuid", UUID_TEXT);
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, first)));
        ProcessIdentity second = process("-uuid", UUID_TEXT);
        String taken = "its UUID belongs to process " + first.pid() + ", which still runs";
        assertEquals(taken, fixture.register(fixture.claim(ProtocolVersion.V1, "", second)));
        assertEquals(taken, fixture.register(fixture.claim(ProtocolVersion.V2, GuestClaim.NIL_UUID, second)));
        kill(first);
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V1, "", second)));
        ProcessIdentity third = process();
        assertEquals(
                "its UUID belongs to process " + second.pid() + ", which still runs",
                fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, third)));
    }

    @Test
    void refusesAUuidThatIsNotTheProcesssOwn() throws Exception {
        ProcessIdentity process = process("-uuid", "11111111-2222-4333-8444-555555555555");
        String answer = fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, process));
        assertEquals(
                "process " + process.pid() + " runs the virtual machine 11111111-2222-4333-8444-555555555555, not "
                        + UUID_TEXT,
                answer);
        String own = "11111111-2222-4333-8444-555555555555";
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5, own, process)));
    }

    @Test
    void refusesANumberThatNamesAnothersMemory() throws Exception {
        ProcessIdentity owner = process();
        GuestClaim claim = fixture.claim(ProtocolVersion.V5, UUID.randomUUID().toString(), owner);
        fixture.registered(claim);
        GuestClaim thief =
                new GuestClaim(claim.id(), ProtocolVersion.V5, UUID.randomUUID().toString(), 0, "", process());
        assertEquals(
                "its number " + claim.id() + " belongs to process " + owner.pid() + ", which still runs",
                fixture.register(thief));
        kill(owner);
        assertEquals("registered", fixture.register(thief));
    }

    @Test
    void refusesProcessesThatHaveEnded() throws Exception {
        ProcessIdentity process = process();
        kill(process);
        assertEquals(
                "process " + process.pid() + " has ended",
                fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, process)));
    }

    @Test
    void boundsGuests() throws Exception {
        fixture.close();
        fixture = new RegistryFixture(directory, new LibrdpmuxConfig.Limits(3, 2));
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5)));
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5)));
        assertEquals(
                "process " + RegistryFixture.SELF.pid() + " has 2 guests already",
                fixture.register(fixture.claim(ProtocolVersion.V5)));
        String uuid = UUID.randomUUID().toString();
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5, uuid, process())));
        assertEquals(
                "there are 3 guests already",
                fixture.register(fixture.claim(ProtocolVersion.V5, UUID_TEXT, process())));
    }

    @Test
    void bringsGuestsBackAfterARestart() throws Exception {
        ProcessIdentity stays = process();
        ProcessIdentity ends = process();
        GuestRegistration guest =
                fixture.registered(new GuestClaim(77, ProtocolVersion.V5, UUID_TEXT, 3905, "/etc/rdpmux/sam", stays));
        fixture.registered(fixture.claim(ProtocolVersion.V3, UUID.randomUUID().toString(), ends));
        Path stale = Files.createFile(directory.resolve("run/stale.sock"));
        kill(ends);
        fixture.restart();
        assertEquals(1, fixture.listener.guests.size());
        GuestRegistration back = fixture.listener.await(guest.key());
        assertEquals(guest.socket(), back.socket());
        assertTrue(Files.exists(back.socket()));
        assertEquals(77, back.id());
        assertEquals(3905, back.requestedPort());
        assertEquals(GuestAccess.registeredWith("/etc/rdpmux/sam"), back.access());
        assertEquals(stays, back.process());
        assertFalse(Files.exists(stale));
        assertEquals(1, records());
    }

    @Test
    void keepsWhatWasSetOfWhoIsLetIn() throws Exception {
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V5));
        assertEquals(GuestAccess.NONE, guest.access());
        guest.changeAccess(access -> access.withFile("/etc/a.sam")).join();
        guest.changeAccess(access -> access.withAuthentication(true)).join();
        GuestAccess expected = GuestAccess.registeredWith("/etc/a.sam");
        assertEquals(expected, guest.access());
        try (ScriptedGuest script = fixture.connect(guest)) { // what the guest makes known is kept beside it
            script.send("9402ce200208880402");
            Wait.until("the mode is kept", () -> record(guest).contains("mode 20020888 4 2"));
        }
        fixture.restart();
        GuestRegistration back = fixture.listener.await(guest.key());
        assertEquals(expected, back.access());
        back.changeAccess(GuestAccess::asShut).join();
        fixture.restart();
        assertEquals(expected.asShut(), fixture.listener.await(guest.key()).access());
    }

    private String record(GuestRegistration guest) throws IOException {
        return Files.readString(directory.resolve("state").resolve(guest.key() + ".guest"));
    }

    @Test
    void changesNothingThatARestartWouldNotKnow() throws Exception {
        GuestRegistration guest = fixture.registered(fixture.claim(ProtocolVersion.V5, UUID_TEXT, process()));
        guest.changeAccess(access -> access.withFile("/etc/a.sam").withAuthentication(true))
                .join();
        String kept = record(guest);
        assertThrows(
                CompletionException.class,
                () -> guest.changeAccess(access -> access.withFile("relative")).join());
        Path inTheWay = Files.createDirectory(directory.resolve("state").resolve(guest.key() + ".tmp"));
        Files.createFile(inTheWay.resolve("file"));
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> guest.changeAccess(access -> access.withAuthentication(false))
                        .join());
        assertTrue(failure.getMessage().contains("nothing was changed"), failure.getMessage());
        assertEquals(GuestAccess.registeredWith("/etc/a.sam"), guest.access());
        assertEquals(kept, record(guest));
        kill(guest.process());
        Wait.until("the guest is gone", () -> fixture.listener.gone.contains(guest.key()));
        assertThrows(
                CompletionException.class,
                () -> guest.changeAccess(GuestAccess::asShut).join());
        assertEquals(0, records());
    }

    @Test
    void goesOnWhenTheListenerFails() throws Exception {
        fixture.listener.control = null;
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5)));
        fixture.listener.control = GuestControl.NONE;
        assertEquals("registered", fixture.register(fixture.claim(ProtocolVersion.V5)));
    }
}
