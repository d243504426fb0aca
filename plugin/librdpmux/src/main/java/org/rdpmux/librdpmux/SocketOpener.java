// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Makes guests' sockets on the guests' event loops, while the registry's thread goes on. Confined to the registry's thread,
 * on which its futures complete.
 */
final class SocketOpener {

    /** A bind takes no time; a loop that has none for so long will not have any for the guest either. */
    private static final int BIND_SECONDS = 10;

    private final RegistryThreads threads;
    private final SocketDirectory sockets;

    SocketOpener(RegistryThreads threads, SocketDirectory sockets) {
        this.threads = threads;
        this.sockets = sockets;
    }

    /**
     * Makes the socket of a guest that has none.
     *
     * @return completes once the guest can connect; with {@link RefusedException} if there is no socket in time
     */
    CompletableFuture<Void> open(Guest guest) {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        try {
            Files.deleteIfExists(guest.socket());
        } catch (IOException e) {
            refuse(opened, guest, e);
            return opened;
        }
        guest.bind().addListener(bound -> threads.post(() -> bound(guest, bound.cause(), opened)));
        threads.later(
                () -> refuse(opened, guest, "not made within " + BIND_SECONDS + " s"),
                TimeUnit.SECONDS.toMillis(BIND_SECONDS));
        return opened;
    }

    private void bound(Guest guest, Throwable failure, CompletableFuture<Void> opened) {
        if (opened.isDone()) {
            return;
        }
        if (failure != null) {
            refuse(opened, guest, failure);
            return;
        }
        try {
            sockets.admit(guest.socket());
            opened.complete(null);
        } catch (IOException e) {
            refuse(opened, guest, e);
        }
    }

    private static void refuse(CompletableFuture<Void> opened, Guest guest, Object why) {
        opened.completeExceptionally(new RefusedException("no socket " + guest.socket() + ": " + why));
    }
}
