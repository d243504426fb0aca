// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Objects;

/**
 * Why there is no connection to libvirt.
 *
 * @param message one sentence for people that says what is wrong and what to do about it
 */
public record ConnectionFailure(Kind kind, String message) {

    /** What kind of trouble it is, and with it what helps. */
    public enum Kind {
        /** Nobody listens at libvirt's socket: libvirtd or virtqemud is to be started. */
        ABSENT,
        /** libvirt is there and does not let us in: permissions, polkit, or a password. */
        REFUSED,
        /** The URI names something libvirt does not know: the configuration is to be changed. */
        WRONG_URI,
        /** libvirt took the connection and does not answer, or stopped answering. */
        SILENT,
        /** There was a connection and it broke: libvirtd was restarted, as a rule. */
        LOST,
        /** libvirt's client library is not installed; there is no point in trying again. */
        NO_LIBRARY,
        /** Anything else, in libvirt's words. */
        OTHER
    }

    public ConnectionFailure {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(message);
    }
}
