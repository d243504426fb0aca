// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.time.Duration;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.server.ConsoleStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people of new endpoints, with the size of the screen if it is to be had soon. Belongs to the agent thread. */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /** How long the line waits for the size, and how often it looks. */
    private static final Duration LOOK = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final AgentThread thread;

    Announcer(AgentThread thread) {
        this.thread = thread;
    }

    /** An endpoint was opened. */
    void announce(EndpointManager endpoints, EndpointManager.State opened) {
        announce(endpoints, opened, System.nanoTime() + LOOK.toNanos());
    }

    private void announce(EndpointManager endpoints, EndpointManager.State opened, long deadline) {
        if (endpoints
                .state(opened.known().id())
                .filter(now -> now.endpoint().equals(opened.endpoint()))
                .isEmpty()) {
            return; // closed or moved meanwhile
        }
        ConsoleStatus status = opened.console().orElseThrow().status();
        boolean pending = status.width() == 0 && status.state() != ConsoleStatus.DisplayState.FAILED;
        if (pending && System.nanoTime() - deadline < 0) {
            thread.later(() -> announce(endpoints, opened, deadline), LOOK_AGAIN);
        } else {
            LOG.info("{}", Texts.opened(opened, status));
        }
    }
}
