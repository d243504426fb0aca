// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.UUID;

/** Hears which guests there are. Called from one thread, one call at a time; must not block. */
public interface GuestListener {

    /**
     * A guest registered, or had registered before this service was started and still runs. A guest that registers again
     * is gone first.
     *
     * @return what tools that talk to the guest's D-Bus object reach
     */
    GuestControl registered(GuestRegistration guest);

    /**
     * Whether a process provably runs a virtual machine, by what somebody else than the process says. Asked where two
     * processes want to be the same guest. May read short files.
     */
    boolean provablyRuns(ProcessIdentity process, UUID machine);

    /** The guest ended, or another took its place. Its displays have failed. */
    void gone(GuestRegistration guest);
}
