// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.event;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.EndpointObserver;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.server.ConsoleListener;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.ViewerStatus;

/** Publishes what becomes of consoles, their endpoints and their viewers. {@link #known} belongs to the agent thread. */
public final class EventPublisher implements EndpointObserver {

    private final AgentEvents events;
    private Map<ConsoleId, KnownConsole> before = Map.of();

    public EventPublisher(AgentEvents events) {
        this.events = events;
    }

    /** These are all consoles that are known now. */
    public void known(Collection<KnownConsole> consoles) {
        Map<ConsoleId, KnownConsole> now = new HashMap<>();
        consoles.forEach(console -> now.put(console.id(), console));
        before.forEach((id, console) -> {
            if (!now.containsKey(id)) {
                events.publish(() -> new AgentEvent.ConsoleGone(id, console.name()));
            }
        });
        for (KnownConsole console : consoles) {
            KnownConsole was = before.get(console.id());
            if (was == null) {
                events.publish(() -> new AgentEvent.ConsoleAppeared(console.id(), console.name(), console.state()));
            } else if (!was.equals(console)) {
                events.publish(() -> new AgentEvent.ConsoleChanged(console.id(), console.name(), console.state()));
            }
        }
        before = now;
    }

    @Override
    public void opened(ConsoleId console, InetSocketAddress address) {
        events.publish(() -> new AgentEvent.EndpointOpened(console, address));
    }

    @Override
    public void closed(ConsoleId console, InetSocketAddress address) {
        events.publish(() -> new AgentEvent.EndpointClosed(console, address));
    }

    @Override
    public void failed(ConsoleId console, String problem) {
        events.publish(() -> new AgentEvent.EndpointFailed(console, problem));
    }

    @Override
    public ConsoleListener listener(ConsoleId console) {
        return new ConsoleListener() {
            @Override
            public void displayChanged(ConsoleStatus status) {
                events.publish(() -> new AgentEvent.DisplayChanged(console, status));
            }

            @Override
            public void viewerJoined(ViewerStatus viewer) {
                events.publish(() -> new AgentEvent.ViewerJoined(console, viewer));
            }

            @Override
            public void viewerLeft(ViewerStatus viewer) {
                events.publish(() -> new AgentEvent.ViewerLeft(console, viewer));
            }
        };
    }
}
