// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.daemon.consoles.LibrdpmuxGuests.Shown;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.endpoint.KnownConsole.Wishes;
import org.rdpmux.librdpmux.GuestAccess;
import org.rdpmux.librdpmux.GuestRegistration;
import org.rdpmux.libvirt.DomainInfo;
import org.rdpmux.libvirt.DomainMetadata;
import org.rdpmux.libvirt.DomainState;

class LibrdpmuxGuestsTest {

    private static final UUID DEMO = new UUID(7, 7);
    private static final int US = (int) ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private LibrdpmuxGuests guests() throws IOException {
        Files.createDirectories(directory.resolve("qemu"));
        String uri = "qemu+unix:///system?socket=" + directory.resolve("libvirt-sock");
        return new LibrdpmuxGuests(uri, new PortRange(1024, 65535));
    }

    private void libvirtSays(String domain, int pid) throws IOException {
        Files.writeString(directory.resolve("qemu").resolve(domain + ".pid"), pid + "\n");
    }

    private static DomainInfo running(long generation) {
        return new DomainInfo(
                DEMO, "demo", OptionalInt.of(4), DomainState.RUNNING, generation, true, List.of(), DomainMetadata.NONE);
    }

    private static Shown shown(LibrdpmuxGuests guests, DomainInfo domain) {
        guests.assign(List.of(domain), domain.uuid()::equals);
        assertEquals(guests.shown(domain), guests.shown(domain), "a query changed something");
        return guests.shown(domain);
    }

    private static List<KnownConsole> unmanaged(LibrdpmuxGuests guests, Predicate<UUID> isDomain) {
        guests.assign(List.of(), isDomain);
        assertEquals(guests.unmanaged(), guests.unmanaged(), "a query changed something");
        return guests.unmanaged();
    }

    @Test
    void aDomainIsShownByTheGuestThatItsOwnProcessRegistered() throws Exception {
        LibrdpmuxGuests guests = guests();
        libvirtSays("demo", US);
        GuestRegistration guest = FakeGuest.of(DEMO).build();
        assertEquals(Shown.NOT, shown(guests, running(1)));
        guests.add(guest);
        Shown shown = shown(guests, running(1));
        assertEquals("librdpmux 5", shown.offer().orElseThrow().description());
        assertEquals(Optional.of(new ConsoleId.OfDomain(DEMO)), guests.console(guest));
        assertEquals(shown, shown(guests, running(1)));
        guests.remove(guest);
        assertEquals(Optional.empty(), shown(guests, running(1)).offer());
        assertEquals(Optional.empty(), guests.console(guest));
        guests.add(guest);
        assertNotEquals(shown.offer(), shown(guests, running(1)).offer(), "who registers again is another display");
    }

    @Test
    void aProcessThatIsNotTheDomainsDoesNotGetItsViewers() throws Exception {
        LibrdpmuxGuests guests = guests();
        libvirtSays("demo", US + 1);
        guests.add(FakeGuest.of(DEMO).build());
        assertEquals(Shown.NOT, shown(guests, running(1)));
        libvirtSays("demo", US);
        assertTrue(shown(guests, running(1)).offer().isPresent());
    }

    @Test
    void whereLibvirtKeepsNoNumbersTheCommandLineDecides() throws Exception {
        LibrdpmuxGuests guests = new LibrdpmuxGuests("test:///default", new PortRange(1, 65535));
        int pid = FakeGuest.process(directory, "-uuid", DEMO.toString());
        try {
            GuestRegistration stranger = FakeGuest.of(DEMO).build();
            guests.add(stranger);
            assertEquals(Shown.NOT, shown(guests, running(1)));
            guests.remove(stranger);
            guests.add(FakeGuest.of(DEMO).pid(pid).build());
            assertTrue(shown(guests, running(1)).offer().isPresent());
        } finally {
            FakeGuest.end(pid);
        }
    }

    @Test
    void whatAGuestAskedForHoldsUntilItsDomainStops() throws Exception {
        LibrdpmuxGuests guests = guests();
        libvirtSays("demo", US);
        GuestRegistration guest =
                FakeGuest.of(DEMO).port(5000).credentials("/etc/demo.sam").build();
        guests.add(guest);
        Wishes wishes = new Wishes(OptionalInt.of(5000), Optional.of(Path.of("/etc/demo.sam")));
        assertEquals(wishes, shown(guests, running(1)).wishes());
        guests.remove(guest);
        assertEquals(new Shown(Optional.empty(), wishes, false), shown(guests, running(1)));
        assertEquals(Shown.NOT, shown(guests, running(2)));
    }

    @Test
    void portsThatAreNotAllowedAreNotAskedFor() throws Exception {
        LibrdpmuxGuests guests = guests();
        guests.add(FakeGuest.of(DEMO).port(443).build());
        assertEquals(Wishes.NONE, unmanaged(guests, uuid -> false).get(0).wishes());
        guests.allowPorts(new PortRange(443, 443));
        assertEquals(
                OptionalInt.of(443),
                unmanaged(guests, uuid -> false).get(0).wishes().port());
    }

    @Test
    void guestsWithoutDomainAreConsolesOfTheirOwn() throws Exception {
        LibrdpmuxGuests guests = guests();
        guests.add(FakeGuest.of(DEMO).build());
        guests.add(FakeGuest.nameless(1).build());
        guests.add(FakeGuest.nameless(2).build());
        List<KnownConsole> consoles = unmanaged(guests, uuid -> false);
        assertEquals(
                List.of(
                        new ConsoleId.OfDomain(DEMO),
                        new ConsoleId.OfGuest("process-1-1"),
                        new ConsoleId.OfGuest("process-2-1")),
                consoles.stream().map(KnownConsole::id).toList());
        assertEquals(DEMO.toString(), consoles.get(0).name());
        assertTrue(consoles.get(1).name().endsWith("java-" + US), consoles.get(1)::name);
        assertEquals(2, unmanaged(guests, DEMO::equals).size(), "it waits for its domain to start");
    }

    @Test
    void aVirtualMachineHasTheNameOnItsCommandLine() throws Exception {
        LibrdpmuxGuests guests = guests();
        GuestRegistration guest = FakeGuest.of(DEMO).runsDomain(directory).build();
        try {
            guests.add(guest);
            assertEquals("named", unmanaged(guests, uuid -> false).get(0).name());
        } finally {
            FakeGuest.end(guest);
        }
        assertEquals(Optional.of("a?b"), new Hypervisor(List.of("qemu", "-name", "a\u001bb,x=y")).name());
        assertEquals(Optional.empty(), new Hypervisor(List.of("qemu", "-uuid", "none")).uuid());
        assertEquals(Optional.empty(), new Hypervisor(List.of("qemu", "-name")).name());
    }

    @Test
    void aGuestCanBeTakenOffItsConsoleAndItsAuthenticationChanged() throws Exception {
        LibrdpmuxGuests guests = guests();
        libvirtSays("demo", US);
        GuestRegistration guest =
                FakeGuest.of(DEMO).credentials("/etc/demo.sam").build();
        guests.add(guest);
        guest.changeAccess(access -> access.withAuthentication(false)).join();
        assertEquals(Wishes.NONE, shown(guests, running(1)).wishes());
        guest.changeAccess(access -> access.withFile("/etc/other.sam").withAuthentication(true))
                .join();
        assertEquals(
                Optional.of(Path.of("/etc/other.sam")),
                shown(guests, running(1)).wishes().credentials());
        guest.changeAccess(GuestAccess::asShut).join();
        Shown shown = shown(guests, running(1));
        assertTrue(shown.shut());
        assertFalse(shown.offer().isPresent());
    }

    @Test
    void aProcessProvablyRunsAMachineWhereLibvirtNamesItAndItsCommandLineTheMachine() throws Exception {
        Path numbers = Files.createDirectories(directory.resolve("qemu"));
        DomainProcesses processes = new DomainProcesses(Optional.of(numbers));
        int hypervisor = FakeGuest.process(directory, "-uuid", DEMO.toString());
        try {
            assertTrue(processes.provablyRuns(hypervisor, DEMO), "nothing but the command line is to be had");
            libvirtSays("other", US);
            assertFalse(processes.provablyRuns(hypervisor, DEMO));
            assertFalse(processes.provablyRuns(US, DEMO));
            libvirtSays("demo", hypervisor);
            assertTrue(processes.provablyRuns(hypervisor, DEMO));
            assertFalse(processes.provablyRuns(hypervisor, new UUID(8, 8)));
        } finally {
            FakeGuest.end(hypervisor);
        }
    }

    @Test
    void onlyALibvirtOfThisMachineIsAskedForProcesses() {
        assertEquals(
                Optional.of(Path.of("/run/libvirt/qemu")),
                DomainProcesses.of("qemu:///system").directory());
        assertEquals(
                Optional.of(Path.of("/x/qemu")),
                DomainProcesses.of("qemu+unix:///system?socket=/x/libvirt-sock").directory());
        for (String uri : List.of("qemu:///session", "qemu+ssh://host/system", "test:///default", "", "a b")) {
            assertEquals(Optional.empty(), DomainProcesses.of(uri).directory(), uri);
        }
    }
}
