// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One {@code <graphics>} element of a domain. libvirt does not tell whether a client has to know a password;
 * {@link DomainWatcher#openGraphics} gets in without.
 *
 * @param index its place among the domain's graphics elements, from 0: what {@link DomainWatcher#openGraphics} takes
 * @param type {@code vnc}, {@code spice}, {@code dbus} or another word libvirt has
 * @param port the TCP port it listens on; empty if it has none, or none yet
 * @param socket the Unix socket it listens on; readable by the user QEMU runs as
 * @param listen the address it listens on, as libvirt gives it
 * @param keymap the keyboard layout that QEMU was given for it, such as {@code de-ch}
 * @param peerToPeer whether it is a D-Bus display that QEMU serves to sockets that it is handed, and whose pixels can be read:
 *     with OpenGL they are in the graphics card
 */
public record Graphics(
        int index,
        String type,
        OptionalInt port,
        Optional<String> socket,
        Optional<String> listen,
        Optional<String> keymap,
        boolean peerToPeer) {

    /** The most graphics elements read of one domain. QEMU has no use for more than a few. */
    public static final int LIMIT = 16;

    public Graphics {
        if (index < 0 || index >= LIMIT) {
            throw new IllegalArgumentException("graphics index " + index);
        }
        Objects.requireNonNull(type);
        Objects.requireNonNull(port);
        Objects.requireNonNull(socket);
        Objects.requireNonNull(listen);
        Objects.requireNonNull(keymap);
    }
}
