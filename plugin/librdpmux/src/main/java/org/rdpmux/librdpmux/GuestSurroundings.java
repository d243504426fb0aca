// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What guests share. Called on a guest's event loop unless a method says otherwise. */
interface GuestSurroundings {
    /** Runs what may block, elsewhere. */
    void runBlocking(Runnable task);

    /** The guest's record changed and is to be saved. */
    void changed(Guest guest);

    /** Changes who is let in and saves that; completes as {@link GuestRegistration#changeAccess} says. */
    CompletableFuture<Void> changeAccess(Guest guest, UnaryOperator<GuestAccess> change);

    /** The guest said it ends, or closed its connection: is it still there? */
    void mayHaveEnded(Guest guest, boolean saidSo);

    boolean isAlive(ProcessIdentity process);

    BoundedLog log();

    Path sharedMemoryDirectory();

    /** Frames a second while viewers ask for nothing else. */
    int frameRate();
}
