// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.rdpmux.daemon.config.DomainChoice;
import org.rdpmux.daemon.config.PortRange;
import org.rdpmux.daemon.endpoint.AccessTerms;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainInfo;
import org.rdpmux.libvirt.DomainMetadata;
import org.rdpmux.libvirt.DomainState;
import org.rdpmux.libvirt.Graphics;
import org.rdpmux.libvirt.StopReason;
import org.rdpmux.security.access.Authentication;

class DomainsTest {

    private static final UUID DEMO = new UUID(7, 7);

    private final List<DisplaySource> opened = new ArrayList<>();
    private final Domains domains = new Domains(
            new Displays(Map.of("vnc", this::open, "qemu-dbus", this::open)),
            (uuid, index) -> {
                throw new IOException("asked for " + uuid + " " + index);
            },
            new LibrdpmuxGuests("", new PortRange(1024, 65535)));

    private GuestDisplay open(DisplaySource source) {
        opened.add(source);
        return FakeDisplay.of(1, 1);
    }

    private static Graphics graphics(int index, String type) {
        return new Graphics(
                index,
                type,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("keymap" + index),
                false);
    }

    private static Graphics dbus(int index, boolean peerToPeer) {
        return new Graphics(
                index, "dbus", OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty(), peerToPeer);
    }

    private static final List<Graphics> VNC = List.of(graphics(0, "vnc"));

    private static DomainInfo domain(
            DomainState state, long generation, List<Graphics> graphics, DomainMetadata metadata) {
        OptionalInt id = state == DomainState.OFF ? OptionalInt.empty() : OptionalInt.of(4);
        return new DomainInfo(DEMO, "demo", id, state, generation, true, graphics, metadata);
    }

    private static DomainMetadata metadata(Boolean enabled, int port) {
        return new DomainMetadata(Optional.ofNullable(enabled), port == 0 ? OptionalInt.empty() : OptionalInt.of(port));
    }

    private KnownConsole console(DomainInfo domain, DomainChoice choice) {
        domains.apply(new DomainEvent.Updated(domain));
        domains.assignGuests(choice);
        List<KnownConsole> consoles = domains.consoles(choice);
        assertEquals(1, consoles.size());
        return consoles.get(0);
    }

    private KnownConsole console(DomainInfo domain) {
        return console(domain, DomainChoice.ALL);
    }

    @Test
    void whatItsXmlSaysAboutAccessGoesWithIt() {
        DomainMetadata tls = new DomainMetadata(Optional.empty(), OptionalInt.empty(), Optional.of("tls"), List.of());
        List<Graphics> second = List.of(graphics(0, "spice"), graphics(1, "vnc"));
        assertEquals(
                new AccessTerms(Optional.of(Authentication.TLS), Optional.of(1)),
                console(domain(DomainState.RUNNING, 3, second, tls)).access());
        assertEquals(
                AccessTerms.NONE,
                console(domain(DomainState.RUNNING, 4, List.of(), DomainMetadata.NONE))
                        .access());
    }

    @Test
    void aRunningDomainIsServedFromItsFirstVncDisplayThroughLibvirt() throws Exception {
        KnownConsole console = console(domain(
                DomainState.RUNNING,
                3,
                List.of(graphics(0, "spice"), graphics(1, "vnc"), graphics(2, "vnc")),
                DomainMetadata.NONE));
        assertEquals(new ConsoleId.OfDomain(DEMO), console.id());
        assertEquals("demo", console.name());
        assertEquals("running", console.state());
        assertEquals("VNC display", console.display().orElseThrow().description());
        console.display().orElseThrow().displays().get();
        DisplayAddress.Opened address = (DisplayAddress.Opened) opened.get(0).address();
        IOException e = assertThrows(IOException.class, () -> address.opener().open());
        assertEquals("asked for " + DEMO + " 1", e.getMessage());
        assertEquals(Optional.of("keymap1"), opened.get(0).keymap());
    }

    @Test
    void aDbusDisplayForPeersIsChosenBeforeVnc() {
        KnownConsole console = console(domain(
                DomainState.RUNNING,
                3,
                List.of(graphics(0, "vnc"), dbus(1, false), dbus(2, true)),
                DomainMetadata.NONE));
        assertEquals("D-Bus display", console.display().orElseThrow().description());
        console.display().orElseThrow().displays().get();
        assertEquals("qemu-dbus", opened.get(0).type());
        DisplayAddress.Opened address = (DisplayAddress.Opened) opened.get(0).address();
        IOException e = assertThrows(IOException.class, () -> address.opener().open());
        assertEquals("asked for " + DEMO + " 2", e.getMessage());
        KnownConsole onBus = console(
                domain(DomainState.RUNNING, 4, List.of(graphics(0, "vnc"), dbus(1, false)), DomainMetadata.NONE));
        assertEquals("VNC display", onBus.display().orElseThrow().description());
    }

    @Test
    void aPausedDomainIsServedAndOneThatIsOffIsNot() {
        assertTrue(console(domain(DomainState.PAUSED, 3, VNC, DomainMetadata.NONE))
                .display()
                .isPresent());
        KnownConsole off = console(domain(DomainState.OFF, 3, VNC, DomainMetadata.NONE));
        assertEquals("shut off", off.state());
        assertEquals(Optional.empty(), off.display());
        assertEquals("", off.note());
    }

    @Test
    void aDomainWithoutVncDisplayIsTold() {
        KnownConsole console =
                console(domain(DomainState.RUNNING, 3, List.of(graphics(0, "spice")), DomainMetadata.NONE));
        assertEquals(Optional.empty(), console.display());
        assertTrue(console.note().contains("add <graphics type='vnc'/>"), console.note());
    }

    @Test
    void metadataHasTheLastWord() {
        DomainInfo unmarked = domain(DomainState.RUNNING, 3, VNC, DomainMetadata.NONE);
        DomainInfo on = domain(DomainState.RUNNING, 3, VNC, metadata(true, 0));
        DomainInfo off = domain(DomainState.RUNNING, 3, VNC, metadata(false, 4000));
        DomainInfo port = domain(DomainState.RUNNING, 3, VNC, metadata(null, 4000));

        assertTrue(console(unmarked, DomainChoice.ALL).display().isPresent());
        assertTrue(console(on, DomainChoice.ALL).display().isPresent());
        assertFalse(console(off, DomainChoice.ALL).display().isPresent());
        assertTrue(console(port, DomainChoice.ALL).display().isPresent());

        assertFalse(console(unmarked, DomainChoice.MARKED).display().isPresent());
        assertTrue(console(on, DomainChoice.MARKED).display().isPresent());
        assertFalse(console(off, DomainChoice.MARKED).display().isPresent());
        KnownConsole pinned = console(port, DomainChoice.MARKED);
        assertTrue(pinned.display().isPresent());
        assertEquals(OptionalInt.of(4000), pinned.pin());

        assertEquals("switched off in its metadata", console(off).note());
        assertTrue(console(unmarked, DomainChoice.MARKED).note().contains("libvirt.domains = marked"));
    }

    @Test
    void badMetadataIsToldAndDoesNotTakeTheEndpointAway() {
        DomainMetadata bad = new DomainMetadata(
                Optional.empty(), OptionalInt.empty(), Optional.empty(), List.of("port='x' is not a number"));
        KnownConsole console = console(domain(DomainState.RUNNING, 3, VNC, bad));
        assertTrue(console.display().isPresent());
        assertEquals("its metadata: port='x' is not a number", console.note());
    }

    @Test
    void anotherRunHasAnotherDisplayAndTheSameRunHasTheSame() {
        KnownConsole first = console(domain(DomainState.RUNNING, 3, VNC, DomainMetadata.NONE));
        KnownConsole same = console(domain(DomainState.PAUSED, 3, VNC, metadata(null, 4000)));
        KnownConsole next = console(domain(DomainState.RUNNING, 4, VNC, DomainMetadata.NONE));
        assertEquals(first.display(), same.display());
        assertNotEquals(first.display(), next.display());
    }

    @Test
    void domainsComeAndGo() {
        DomainInfo running = domain(DomainState.RUNNING, 1, VNC, DomainMetadata.NONE);
        DomainInfo off = domain(DomainState.OFF, 1, VNC, DomainMetadata.NONE);
        assertFalse(domains.listed());
        domains.apply(new DomainEvent.Connected("test:///default"));
        domains.apply(new DomainEvent.Defined(off));
        domains.apply(new DomainEvent.Listed());
        assertTrue(domains.listed());
        domains.apply(new DomainEvent.Started(running));
        assertTrue(domains.consoles(DomainChoice.ALL).get(0).display().isPresent());
        domains.apply(new DomainEvent.Stopped(off, StopReason.DESTROYED));
        assertFalse(domains.consoles(DomainChoice.ALL).get(0).display().isPresent());
        assertEquals(1, domains.count());
        domains.apply(new DomainEvent.Undefined(off));
        assertEquals(List.of(), domains.consoles(DomainChoice.ALL));
        assertTrue(domains.listed());
    }
}
