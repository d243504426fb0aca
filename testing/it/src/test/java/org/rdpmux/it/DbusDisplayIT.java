// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Domains that have QEMU's D-Bus display beside VNC are served from that. */
class DbusDisplayIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static Host host;
    private static KeysGuest keys;

    @BeforeAll
    static void start() {
        host = new Host(programs, Map.of("display.restore-size", "yes", "display.linger", "1s"));
        keys = new KeysGuest(host.libvirt(), "keys", SerialGuest.DBUS);
    }

    @ParameterizedTest
    @EnumSource(names = {"XFREERDP_32", "XFREERDP_GFX", "XFREERDP3_GFX"})
    void modesOfAllDepthsAreShownPixelForPixel(Clients client) {
        keys.command("g");
        Viewer viewer = host.viewer(keys, client);
        assertEquals("D-Bus display", host.agent().console("keys").orElseThrow().display());
        for (String mode : List.of("v 800 600 32", "v 1024 768 16", "g", "v 640 480 24", "v 1360 767 32")) {
            keys.command(mode);
            viewer.awaitShows(keys::screenshot, "after " + mode, screen -> true);
        }
        Picture before = keys.screenshot();
        keys.command("p");
        viewer.awaitShows(
                keys::screenshot,
                "painted anew",
                screen -> screen.difference(before).isPresent());
        viewer.leave();
    }

    @Test
    void whatIsTypedArrives() {
        keys.command("v 800 600 32");
        Viewer viewer = host.viewer(keys, Clients.XFREERDP_32);
        viewer.type("mousemove", "100", "100");
        String text = "Hello, world";
        int before = keys.typed().length();
        for (int i = 0; i < text.length(); i += 3) {
            int to = Math.min(text.length(), i + 3);
            viewer.type("type", "--delay", "5", text.substring(i, to));
            Wait.until("the characters to " + to + " arrive", () -> keys.typed().length() >= before + to, keys::typed);
        }
        assertEquals(text, keys.typed().substring(before));
        viewer.leave();
    }

    @Test
    void aGuestWithAnOperatingSystemHasItsPointerButtonsAndSize() {
        LinuxGuest guest = new LinuxGuest(host.libvirt(), "linux", "virtio", SerialGuest.DBUS);
        guest.command("m 800 600");
        Viewer viewer = new Viewer(
                programs, Clients.XFREERDP_GFX.command(host.agent().awaitPort("linux"), "/dynamic-resolution"));
        viewer.awaitShows(guest::screenshot, "of 800x600", screen -> screen.width() == 800);
        viewer.type("mousemove", "100", "120");
        Wait.until("the pointer moves", () -> !guest.reports("AT").isEmpty(), guest::lines);
        int before = guest.lines().size();
        for (String button : List.of("1", "2", "3", "4", "5")) {
            viewer.type("click", button);
        }
        List<String> expected = List.of(
                "KEY 272 1", "KEY 272 0", "KEY 274 1", "KEY 274 0", "KEY 273 1", "KEY 273 0", "REL 8 1", "REL 8 -1");
        Wait.until(
                "buttons and wheel arrive", () -> clicks(guest, before).equals(expected), () -> clicks(guest, before));
        guest.awaitPreferred(1200, 900, () -> viewer.resizeWindow(1200, 900));
        viewer.parkPointer();
        viewer.awaitShows(guest::screenshot, "of 1200x900", screen -> screen.width() == 1200);
        viewer.leave();
    }

    private static List<String> clicks(SerialGuest guest, int from) {
        List<String> lines = guest.lines();
        return lines.subList(from, lines.size()).stream()
                .filter(line -> line.startsWith("KEY ") || line.startsWith("REL 8 "))
                .toList();
    }
}
