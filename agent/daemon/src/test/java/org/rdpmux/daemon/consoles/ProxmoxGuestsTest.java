// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.display.DisplayAddress;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.proxmox.ProxmoxGuest;
import org.rdpmux.proxmox.ProxmoxGuest.Qemu;

class ProxmoxGuestsTest {

    private static final Path MONITOR = Path.of("/run/qemu-server/100.qmp");

    private final List<DisplaySource> opened = new ArrayList<>();
    private final ProxmoxGuests guests =
            new ProxmoxGuests(new Displays(Map.of("vnc", this::open, "qemu-dbus", this::open)), (monitor, protocol) -> {
                throw new IOException("asked for " + protocol + " of " + monitor);
            });

    private GuestDisplay open(DisplaySource source) {
        opened.add(source);
        return FakeDisplay.of(1, 1);
    }

    private KnownConsole console(Optional<Qemu> process) {
        guests.apply(List.of(new ProxmoxGuest(100, "web", process, MONITOR)));
        assertEquals(1, guests.consoles().size());
        return guests.consoles().get(0);
    }

    private static Optional<Qemu> qemu(String run, boolean vnc) {
        return Optional.of(new Qemu(run, vnc, false, Optional.of("de")));
    }

    @Test
    void aGuestIsServedFromItsVncDisplayThroughQemusMonitor() {
        assertFalse(guests.listed());
        KnownConsole console = console(qemu("7-1", true));
        assertTrue(guests.listed());
        assertEquals(new ConsoleId.OfVm(100), console.id());
        assertEquals(console.id(), ConsoleId.parse(console.id().toString()));
        assertEquals("web", console.name());
        assertEquals("running", console.state());
        assertEquals("", console.note());
        console.display().orElseThrow().displays().get();
        assertEquals(Optional.of("de"), opened.get(0).keymap());
        DisplayAddress.Opened address = (DisplayAddress.Opened) opened.get(0).address();
        IOException e = assertThrows(IOException.class, () -> address.opener().open());
        assertEquals("asked for VNC of " + MONITOR, e.getMessage());
    }

    @Test
    void aGuestWithADbusDisplayIsServedFromThat() {
        KnownConsole console = console(Optional.of(new Qemu("7-1", true, true, Optional.of("de"))));
        assertEquals("D-Bus display", console.display().orElseThrow().description());
        console.display().orElseThrow().displays().get();
        assertEquals("qemu-dbus", opened.get(0).type());
        DisplayAddress.Opened address = (DisplayAddress.Opened) opened.get(0).address();
        IOException e = assertThrows(IOException.class, () -> address.opener().open());
        assertEquals("asked for DBUS of " + MONITOR, e.getMessage());
    }

    @Test
    void anotherRunIsAnotherDisplay() {
        assertEquals(
                console(qemu("7-1", true)).display(), console(qemu("7-1", true)).display());
        assertNotEquals(
                console(qemu("7-1", true)).display(), console(qemu("7-2", true)).display());
    }

    @Test
    void saysWhyAGuestIsNotServed() {
        KnownConsole serial = console(qemu("7-1", false));
        assertEquals(Optional.empty(), serial.display());
        assertTrue(serial.note().startsWith("no VNC display"), serial.note());
        KnownConsole unreadable = console(Optional.empty());
        assertEquals(Optional.empty(), unreadable.display());
        assertTrue(unreadable.note().startsWith("the agent may not open it"), unreadable.note());
    }
}
