// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.EndpointPolicy;
import org.rdpmux.server.Entry;
import org.rdpmux.server.Opening;
import org.rdpmux.server.Route;
import org.rdpmux.server.login.LoginAttempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a {@link Route} without holding up the client's loop. Safe for all threads. */
public final class Router {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Route route;
    private final Function<Entry, Destination> open;
    private final Function<Origin, Executor> lookups;

    /** What came of it. */
    sealed interface Answer {
        /** The client may go there. */
        record Led(Destination destination) implements Answer {}

        /** It may not; the reason is for the log. */
        record Refused(String reason) implements Answer {}
    }

    /**
     * @param open makes a destination of an entry; does not block
     * @param lookups gives what runs a look-up for a client, which may block; refuses when too much waits
     */
    public Router(Route route, Function<Entry, Destination> open, Function<Origin, Executor> lookups) {
        this.route = route;
        this.open = open;
        this.lookups = lookups;
    }

    /** What the log calls connections that have not been led anywhere yet. */
    String name() {
        return route.name();
    }

    /**
     * Finds where a connection leads.
     *
     * @param loop where {@code then} is called, once: at once if the route is fixed, otherwise later
     */
    void find(Opening opening, Origin origin, EventExecutor loop, Consumer<Answer> then) {
        if (route instanceof Route.Fixed fixed) {
            then.accept(answer(fixed.entry(), origin));
        } else if (route instanceof Route.LookUp lookUp) {
            lookUp(lookUp.finder(), opening, origin, loop, then);
        }
    }

    private void lookUp(
            Route.Finder finder, Opening opening, Origin origin, EventExecutor loop, Consumer<Answer> then) {
        AtomicBoolean answered = new AtomicBoolean();
        Consumer<Answer> once = answer -> {
            if (answered.compareAndSet(false, true)) {
                then.accept(answer);
            }
        };
        var deadline = loop.schedule(
                () -> once.accept(
                        new Answer.Refused("its route was not found within " + LoginAttempt.LOOKUP_SECONDS + " s")),
                LoginAttempt.LOOKUP_SECONDS,
                TimeUnit.SECONDS);
        try {
            lookups.apply(origin).execute(() -> {
                if (answered.get()) {
                    return; // it waited for too long
                }
                Answer answer = ask(finder, opening, origin);
                onLoop(loop, () -> {
                    deadline.cancel(false);
                    once.accept(answer);
                });
            });
        } catch (RejectedExecutionException e) {
            deadline.cancel(false);
            onLoop(loop, () -> once.accept(new Answer.Refused("too many look-ups wait")));
        }
    }

    private Answer ask(Route.Finder finder, Opening opening, Origin origin) {
        try {
            Optional<Entry> found = finder.find(opening, origin.remote());
            return found.map(entry -> answer(entry, origin)).orElseGet(() -> new Answer.Refused("it leads nowhere"));
        } catch (RuntimeException e) {
            LOG.error("{}: defect while looking up a route", route.name(), e);
            return new Answer.Refused("its route could not be looked up");
        }
    }

    private Answer answer(Entry entry, Origin origin) {
        EndpointPolicy policy = entry.policy();
        boolean localOnly = policy.authentication() == Authentication.NONE && !policy.openAnywhere();
        return localOnly && !origin.loopback()
                ? new Answer.Refused("it leads to a console without authentication, which is for this machine alone")
                : new Answer.Led(open.apply(entry));
    }

    private static void onLoop(EventExecutor loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ignored) {
            // the server has ended, and this connection with it
        }
    }
}
