// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The password that libvirt holds for a console, as {@code virsh update-device} or a management sets it. The array is
 * overwritten by {@link #wipe()}; copies that the runtime's XML reader made on the way are not in anybody's reach and last
 * until they are collected.
 */
public final class GraphicsPassword {

    private final char[] password;
    private final Optional<Instant> validTo;

    /** @param password becomes this object's */
    GraphicsPassword(char[] password, Optional<Instant> validTo) {
        this.password = password;
        this.validTo = Objects.requireNonNull(validTo);
    }

    /** The array itself, which may be empty. */
    public char[] password() {
        return password;
    }

    /** The moment from which on it lets nobody in; empty if it has no such moment. */
    public Optional<Instant> validTo() {
        return validTo;
    }

    public void wipe() {
        Arrays.fill(password, '\0');
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "GraphicsPassword[validTo=" + validTo.map(Instant::toString).orElse("") + "]";
    }
}
