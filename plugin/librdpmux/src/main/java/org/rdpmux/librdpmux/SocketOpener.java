// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<Guest, CompletableFuture<Void>> unfinished = new HashMap<>();

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
        unfinished.put(guest, opened);
        try {
            Files.deleteIfExists(guest.socket());
        } catch (IOException e) {
            giveUp(guest, noSocket(guest, e));
            return opened;
        }
        guest.bind().addListener(bound -> threads.post(() -> bound(guest, bound.cause())));
        threads.later(
                () -> giveUp(guest, noSocket(guest, "not made within " + BIND_SECONDS + " s")),
                TimeUnit.SECONDS.toMillis(BIND_SECONDS));
        return opened;
    }

    private void bound(Guest guest, Throwable failure) {
        if (failure != null) {
            giveUp(guest, noSocket(guest, failure));
            return;
        }
        try {
            if (unfinished.containsKey(guest)) {
                sockets.admit(guest.socket());
                unfinished.remove(guest).complete(null);
            }
        } catch (IOException e) {
            giveUp(guest, noSocket(guest, e));
        }
    }

    private static String noSocket(Guest guest, Object why) {
        return "no socket " + guest.socket() + ": " + why;
    }

    /** Refuses a guest that has no socket yet; false if that is settled already. */
    boolean giveUp(Guest guest, String reason) {
        CompletableFuture<Void> opened = unfinished.remove(guest);
        return opened != null && opened.completeExceptionally(new RefusedException(reason));
    }

    void giveUpAll(String reason) {
        List.copyOf(unfinished.keySet()).forEach(guest -> giveUp(guest, reason));
    }
}
