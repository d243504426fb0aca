// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.daemon.service.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent thread's regular work: tries again what could not be had or written, and tells of problems. */
final class Housekeeping implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** At the end, for what is under way on the agent thread. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final AgentThread thread;
    private final List<Runnable> retries;
    private final Supplier<List<String>> problems;
    private final AgentEvents events;
    private Set<String> known = Set.of();

    /**
     * Does nothing yet.
     *
     * @param retries what is to be done at each turn
     * @param problems of all services
     */
    Housekeeping(AgentThread thread, List<Runnable> retries, Supplier<List<String>> problems, AgentEvents events) {
        this.thread = thread;
        this.retries = List.copyOf(retries);
        this.problems = problems;
        this.events = events;
    }

    @Override
    public void start() {
        thread.repeat(this::turn, INTERVAL);
    }

    private void turn() {
        retries.forEach(Runnable::run);
        Set<String> now = new LinkedHashSet<>(problems.get());
        known.stream()
                .filter(problem -> !now.contains(problem))
                .forEach(problem -> events.publish(() -> new AgentEvent.ProblemSolved(problem)));
        now.stream()
                .filter(problem -> !known.contains(problem))
                .forEach(problem -> events.publish(() -> new AgentEvent.ProblemFound(problem)));
        known = now;
    }

    /** Ends the agent thread. */
    @Override
    public void close() {
        try {
            if (!thread.end(PATIENCE)) {
                LOG.warn("the agent is busy with something; it ends nonetheless");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
