// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.service;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.rdpmux.daemon.config.AgentConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services in the order in which they start; they close in the reverse order. {@link #start} and {@link #close} may be called
 * from any thread but the agent's, the others on the agent thread.
 */
public final class ServiceList {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceList.class);

    private final List<Service> services;
    private final Deque<Service> started = new ArrayDeque<>();

    public ServiceList(List<Service> services) {
        this.services = List.copyOf(services);
    }

    /**
     * Starts one after the other. If one cannot start, those before it are closed, and those after it are left alone.
     *
     * @throws IOException what that one threw
     */
    public synchronized void start() throws IOException {
        for (Service service : services) {
            try {
                service.start();
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
            started.push(service);
        }
    }

    /** Hands another configuration to each of them, in order; all that they say. */
    public List<String> reload(AgentConfig config) {
        List<String> messages = new ArrayList<>();
        services.forEach(service -> messages.addAll(service.reload(config)));
        return messages;
    }

    /** The problems of all of them, in order. */
    public List<String> problems() {
        return services.stream().flatMap(service -> service.problems().stream()).toList();
    }

    /** Closes what was started, the last first; one that fails keeps no other from ending. Idempotent. */
    public synchronized void close() {
        while (!started.isEmpty()) {
            Service service = started.pop();
            try {
                service.close();
            } catch (RuntimeException e) {
                LOG.error("{} did not end in order", service.getClass().getSimpleName(), e);
            }
        }
    }
}
