// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
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

    /** Who is to be let in. */
    GuestAccess access();

    /**
     * Changes who is to be let in.
     *
     * @param change called once, on the service's own thread; may refuse with {@link IllegalArgumentException}
     * @return completes once {@link #access} and the records on disk say so; otherwise both stay as they were, and it
     *     completes with what {@code change} threw, or with {@link java.io.UncheckedIOException} with a sentence, if the
     *     disk does not take it or the guest has gone
     */
    CompletableFuture<Void> changeAccess(UnaryOperator<GuestAccess> change);

    /** The socket the guest connects to. */
    Path socket();

    /**
     * Its display. The guest stays connected whether or not displays are open, and any number may be, one after the other
     * or at once. One that is started before the guest has a screen hears of it later.
     */
    GuestDisplay openDisplay();
}
