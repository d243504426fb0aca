// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.rdpmux.display.GuestDisplay;

/** A guest that has registered, from then on until {@link GuestListener#gone}. Safe for use by any thread. */
public interface GuestRegistration {

    /** Names this guest among all that are registered, also across restarts; letters, digits and hyphens. */
    String key();

    /** The number the guest drew for itself; its shared memory is named after it. */
    int id();

    /**
     * The virtual machine's UUID; empty for a guest that has none to tell (the all-zero UUID counts as none). A version 1
     * guest does not register one, but its command line may have it.
     */
    Optional<UUID> uuid();

    ProtocolVersion version();

    /** The hypervisor's process; compare with what else is known of the virtual machine before trusting the UUID. */
    ProcessIdentity process();

    /** The port the guest asks its RDP endpoint to have, 1 to 65535; 0 if any will do. */
    int requestedPort();

    /** The file of users and password hashes the guest asks its endpoint to authenticate with. Not checked. */
    Optional<String> credentialFile();

    /** The socket the guest connects to. */
    Path socket();

    /**
     * Its display. The guest stays connected whether or not displays are open, and any number may be, one after the other
     * or at once. One that is started before the guest has a screen hears of it later.
     */
    GuestDisplay openDisplay();
}
