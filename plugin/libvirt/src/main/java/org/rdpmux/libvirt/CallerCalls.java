// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Calls made for others, who wait for them. They have threads of their own, so that consoles that hang cannot keep the watcher
 * from its work; and a domain that hangs is asked nothing more until it has answered. Thread safe.
 */
final class CallerCalls implements AutoCloseable {
    private static final int THREADS = 8;

    /** What is asked of a session. */
    interface Question<T> {
        T ask(LibvirtSession session) throws LibvirtCallException;
    }

    private final CallPool pool;
    private final Set<UUID> hanging = ConcurrentHashMap.newKeySet();

    CallerCalls(Duration deadline) {
        pool = new CallPool("libvirt-call", THREADS, deadline);
    }

    /**
     * Makes a call and waits until it returns or its deadline has passed.
     *
     * @param what completes the sentence "cannot ..."
     * @param discard is given what the call returns if that is too late
     */
    <T> T ask(UUID uuid, String what, Callable<T> question, Consumer<T> discard) throws LibvirtCallException {
        if (hanging.contains(uuid)) {
            throw new LibvirtCallException("cannot " + what + ": libvirt has not returned from an earlier call for it");
        }
        CallPool.Call<T> call = pool.submit(what, question, discard);
        try {
            return call.result().get();
        } catch (InterruptedException e) {
            call.result().cancel(false); // the call itself cannot be ended; what it returns is discarded
            Thread.currentThread().interrupt();
            throw new LibvirtCallException("cannot " + what + ": interrupted", e);
        } catch (CancellationException e) {
            throw new LibvirtCallException("cannot " + what + ": cancelled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallPool.TimedOutException) {
                hanging.add(uuid);
                call.ended().thenRun(() -> hanging.remove(uuid));
            }
            throw asCallException(e.getCause());
        }
    }

    private static LibvirtCallException asCallException(Throwable cause) {
        return cause instanceof LibvirtCallException known
                ? new LibvirtCallException(known.getMessage(), known)
                : new LibvirtCallException(cause.getMessage(), cause);
    }

    CallStatistics statistics() {
        return pool.statistics();
    }

    /** As {@link CallPool#stuck}. */
    int stuck() {
        return pool.stuck();
    }

    @Override
    public void close() {
        pool.close();
    }
}
