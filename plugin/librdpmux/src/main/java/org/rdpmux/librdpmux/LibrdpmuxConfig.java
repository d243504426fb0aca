// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.rdpmux.librdpmux.wire.HostMessage.CompleteAtRate;

/**
 * Settings of {@link LibrdpmuxService}.
 *
 * @param busAddress D-Bus address of the system bus; empty for {@code DBUS_SYSTEM_BUS_ADDRESS} or the usual socket
 * @param runtimeDirectory where guests' sockets are made, such as {@code /run/rdpmux/guests}; made if missing. Guests'
 *     users need search permission on the way there.
 * @param stateDirectory where registrations are kept, such as {@code /var/lib/rdpmux/guests}; made if missing
 * @param socketGroup group that may connect to the sockets (mode 0660), such as {@code kvm}; empty for the group that
 *     files get anyway
 * @param defaultVersion the protocol version offered to guests of which it cannot be told
 * @param frameRate frames a second asked of guests somebody looks at, while viewers say nothing else; {@value
 *     CompleteAtRate#SLOWEST} to {@value CompleteAtRate#FASTEST}
 * @param limits how many guests
 */
public record LibrdpmuxConfig(
        Optional<String> busAddress,
        Path runtimeDirectory,
        Path stateDirectory,
        Optional<String> socketGroup,
        ProtocolVersion defaultVersion,
        int frameRate,
        Limits limits) {

    /**
     * Bounds on registrations, each of which costs a socket, an open file and a file in the state directory.
     *
     * @param guests in all, 1 or more
     * @param guestsPerProcess of one process, 1 or more; real hypervisors register once
     */
    public record Limits(int guests, int guestsPerProcess) {
        public static final Limits DEFAULT = new Limits(1024, 4);

        public Limits {
            if (guests < 1 || guestsPerProcess < 1) {
                throw new IllegalArgumentException("limits " + guests + " and " + guestsPerProcess);
            }
        }
    }

    public LibrdpmuxConfig {
        Objects.requireNonNull(busAddress);
        Objects.requireNonNull(runtimeDirectory);
        Objects.requireNonNull(stateDirectory);
        Objects.requireNonNull(socketGroup);
        Objects.requireNonNull(defaultVersion);
        Objects.requireNonNull(limits);
        if (frameRate < CompleteAtRate.SLOWEST || frameRate > CompleteAtRate.FASTEST) {
            throw new IllegalArgumentException(
                    "frame rate " + frameRate + " is not " + CompleteAtRate.SLOWEST + " to " + CompleteAtRate.FASTEST);
        }
    }

    /** The usual settings with these directories: the system bus, version 5 where in doubt, 30 frames a second. */
    public static LibrdpmuxConfig of(Path runtimeDirectory, Path stateDirectory) {
        return new LibrdpmuxConfig(
                Optional.empty(),
                runtimeDirectory,
                stateDirectory,
                Optional.empty(),
                ProtocolVersion.V5,
                30,
                Limits.DEFAULT);
    }

    /** The address to connect to. */
    String resolvedBusAddress() {
        String fromEnvironment = System.getenv("DBUS_SYSTEM_BUS_ADDRESS");
        if (busAddress.isPresent()) {
            return busAddress.get();
        }
        return fromEnvironment != null && !fromEnvironment.isEmpty()
                ? fromEnvironment
                : "unix:path=/run/dbus/system_bus_socket";
    }
}
