// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.rdpmux.display.GuestDisplay;

/** Consoles for tests. */
final class Consoles {

    private Consoles() {}

    static ConsoleId id(int number) {
        return new ConsoleId.OfDomain(new UUID(0, number));
    }

    static DisplayOffer display(String identity) {
        return new DisplayOffer(identity, "VNC display", () -> {
            throw new AssertionError("nobody looks on");
        });
    }

    static DisplayOffer display(String identity, GuestDisplay display) {
        return new DisplayOffer(identity, "VNC display", () -> display);
    }

    /** A running domain whose display is known by its number. */
    static KnownConsole running(int number, String name) {
        return new KnownConsole(
                id(number),
                name,
                KnownConsole.Origin.LIBVIRT,
                "running",
                OptionalInt.empty(),
                Optional.of(display("vnc:" + number)),
                "");
    }

    static KnownConsole pinned(int number, String name, int port) {
        return new KnownConsole(
                id(number),
                name,
                KnownConsole.Origin.LIBVIRT,
                "running",
                OptionalInt.of(port),
                Optional.of(display("vnc:" + number)),
                "");
    }

    /** The same without a display. */
    static KnownConsole off(KnownConsole console) {
        return new KnownConsole(
                console.id(), console.name(), console.origin(), "shut off", console.pin(), Optional.empty(), "");
    }
}
