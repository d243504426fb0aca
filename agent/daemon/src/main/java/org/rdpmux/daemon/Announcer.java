// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.rdpmux.daemon.endpoint.Addresses;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.daemon.event.Subscription;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.Endpoint;

/**
 * Tells people of new endpoints, a line each, with the size of the screen if that is known soon. Belongs to the agent
 * thread, on which it receives the agent's events.
 */
final class Announcer implements Service, AgentEvents.Subscriber {

    /** How long a line waits for the size of the screen. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** More than the events of a thousand domains that are found at once; if it is not enough, {@link #lost} mends it. */
    private static final int CAPACITY = 4096;

    private final AgentEvents events;
    private final EndpointManager endpoints;
    private final Executor agentThread;
    private final BiConsumer<Runnable, Duration> timer;
    private final BiConsumer<String, String> lines;
    /** The endpoints that are there, and whether people were told. */
    private final Map<ConsoleId, Announcement> announcements = new HashMap<>();

    private Subscription subscription;

    private static final class Announcement {
        final Endpoint endpoint;
        boolean made;

        Announcement(Endpoint endpoint) {
            this.endpoint = endpoint;
        }
    }

    /**
     * Tells nobody yet.
     *
     * @param agentThread runs what it is given on the agent thread
     * @param timer likewise, after a time
     * @param lines takes a console's name, and the line about it
     */
    Announcer(
            AgentEvents events,
            EndpointManager endpoints,
            Executor agentThread,
            BiConsumer<Runnable, Duration> timer,
            BiConsumer<String, String> lines) {
        this.events = events;
        this.endpoints = endpoints;
        this.agentThread = agentThread;
        this.timer = timer;
        this.lines = lines;
    }

    @Override
    public void start() {
        subscription = events.subscribe(CAPACITY, agentThread, this);
    }

    @Override
    public void close() {
        subscription.close();
    }

    @Override
    public void received(AgentEvent event) {
        if (event instanceof AgentEvent.EndpointOpened opened) {
            endpoints.state(opened.console()).ifPresent(this::opened);
        } else if (event instanceof AgentEvent.DisplayChanged changed) {
            announce(changed.console(), false);
        } else if (event instanceof AgentEvent.EndpointClosed closed) {
            if (endpoint(closed.console()).isEmpty()) {
                announcements.remove(closed.console());
            }
        }
    }

    @Override
    public void lost(long count) {
        announcements.keySet().removeIf(id -> endpoint(id).isEmpty());
        for (EndpointManager.State state : endpoints.states()) {
            opened(state);
            announce(state.known().id(), false);
        }
    }

    private void opened(EndpointManager.State state) {
        ConsoleId id = state.known().id();
        Announcement before = announcements.get(id);
        if (state.endpoint().isEmpty()
                || before != null && before.endpoint == state.endpoint().get()) {
            return;
        }
        Announcement opened = new Announcement(state.endpoint().get());
        announcements.put(id, opened);
        announce(id, false);
        if (!opened.made) {
            timer.accept(
                    () -> {
                        if (announcements.get(id) == opened) {
                            announce(id, true);
                        }
                    },
                    PATIENCE);
        }
    }

    private Optional<Endpoint> endpoint(ConsoleId id) {
        return endpoints.state(id).flatMap(EndpointManager.State::endpoint);
    }

    /** Tells of an endpoint that people were not told of, if its screen is known or will not be soon. */
    private void announce(ConsoleId id, boolean late) {
        Announcement announcement = announcements.get(id);
        if (announcement == null || announcement.made) {
            return;
        }
        EndpointManager.State state = endpoints
                .state(id)
                .filter(now -> now.endpoint().equals(Optional.of(announcement.endpoint)))
                .orElse(null);
        if (state == null) {
            return; // closed or moved meanwhile, which another event tells
        }
        ConsoleStatus status = state.console().orElseThrow().status();
        if (late || status.width() > 0 || status.state() == ConsoleStatus.DisplayState.FAILED) {
            announcement.made = true;
            lines.accept(state.known().name(), line(state, status));
        }
    }

    /** The line that says where a guest is to be found. */
    private static String line(EndpointManager.State state, ConsoleStatus status) {
        KnownConsole known = state.known();
        Endpoint endpoint = state.endpoint().orElseThrow();
        String display = known.display().orElseThrow().description();
        String guest = known.state().isEmpty() ? "" : "  " + known.state();
        String screen = status.width() > 0
                ? status.width() + "x" + status.height() + ", " + display
                : display + (status.reason().isEmpty() ? "" : "; " + status.reason());
        return known.name() + guest + "  " + Addresses.uri(endpoint.address()) + "  (" + screen + ")      open with: "
                + Addresses.openWith(endpoint, Addresses.ANY_USER);
    }
}
