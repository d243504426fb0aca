// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rdpmux.control.Request;
import org.rdpmux.daemon.config.ConfigurationException;

/** Who carries out which request. Filled once, then used by one thread. */
public final class RequestTable {

    private final Map<Class<?>, Entry> entries = new HashMap<>();

    private record Entry(boolean changes, SlowHandler<Request> handler) {}

    /** Carries out one kind of request. */
    @FunctionalInterface
    public interface Handler<R extends Request> {
        /**
         * The report that the request asks for.
         *
         * @throws IllegalArgumentException a sentence, if the request makes no sense; so do the others, and {@link
         *     RefusedRequestException}, if it cannot be carried out
         */
        Record handle(R request, Peer peer) throws ConfigurationException, IOException;
    }

    /** Carries out one kind of request, which takes its time. */
    @FunctionalInterface
    public interface SlowHandler<R extends Request> {
        /**
         * Begins, and returns at once.
         *
         * @param client if it has gone, nobody waits for the reply
         * @throws IllegalArgumentException and the others, as {@link Handler#handle}
         */
        CompletionStage<Reply> handle(R request, Client client) throws ConfigurationException, IOException;
    }

    /** Requests of this kind leave everything as it is, and their reply takes its time. */
    public <R extends Request> void slowQuestion(Class<R> type, SlowHandler<R> handler) {
        putSlow(type, false, handler);
    }

    /** Requests of this kind change something, and their reply takes its time. */
    public <R extends Request> void slowChange(Class<R> type, SlowHandler<R> handler) {
        putSlow(type, true, handler);
    }

    /** Requests of this kind leave everything as it is. */
    public <R extends Request> void question(Class<R> type, Handler<R> handler) {
        put(type, false, handler);
    }

    /** Requests of this kind change something. */
    public <R extends Request> void change(Class<R> type, Handler<R> handler) {
        put(type, true, handler);
    }

    private <R extends Request> void put(Class<R> type, boolean changes, Handler<R> handler) {
        putSlow(
                type,
                changes,
                (request, client) ->
                        CompletableFuture.completedFuture(new Reply.Ok(handler.handle(request, client.peer()))));
    }

    private <R extends Request> void putSlow(Class<R> type, boolean changes, SlowHandler<R> handler) {
        entries.put(type, new Entry(changes, (request, client) -> handler.handle(type.cast(request), client)));
    }

    /** @throws IllegalStateException if somebody forgot one */
    public void requireComplete() {
        if (!entries.keySet().equals(Set.of(Request.class.getPermittedSubclasses()))) {
            throw new IllegalStateException("requests that nobody carries out: only " + entries.keySet());
        }
    }

    /** Whether carrying it out changes something, so that it should be known who asked. */
    public boolean changes(Request request) {
        return entries.get(request.getClass()).changes();
    }

    /** See {@link SlowHandler#handle}. */
    public CompletionStage<Reply> handle(Request request, Client client) throws ConfigurationException, IOException {
        return entries.get(request.getClass()).handler().handle(request, client);
    }
}
