// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

/** Why a domain stopped. */
public enum StopReason {
    /** The guest powered off. */
    SHUTDOWN,
    /** Somebody ended it. */
    DESTROYED,
    /** QEMU or the guest crashed. */
    CRASHED,
    /** It goes on, on another host. */
    MIGRATED,
    /** Its memory was saved; it can be started where it stopped. */
    SAVED,
    /** It could not be started, or libvirt could not go on with it. */
    FAILED,
    /** A snapshot of it being off was restored. */
    FROM_SNAPSHOT,
    /** libvirt does not know any more, or not in words this watcher knows. */
    UNKNOWN;
}
