// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The password that the host's management set for a console's graphics, such as {@code virsh} and oVirt do with libvirt.
 *
 * @param hash of the password; all of its characters count
 * @param expires the moment from which on it is refused
 */
public record ConsolePassword(NtHash hash, Optional<Instant> expires) {

    public ConsolePassword {
        Objects.requireNonNull(hash);
        Objects.requireNonNull(expires);
    }

    /** Made of the password itself, which stays the caller's to wipe; empty if there is none or an empty one. */
    public static Optional<ConsolePassword> of(char[] password, Optional<Instant> expires) {
        return password.length == 0
                ? Optional.empty()
                : Optional.of(new ConsolePassword(NtHash.ofPassword(password), expires));
    }
}
