// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.rdpmux.control.AgentReport;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.daemon.metrics.AgentMetrics;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.libvirt.ConnectionFailure;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainWatcher;
import org.rdpmux.libvirt.GraphicsPassword;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches libvirt's domains, if there is a libvirt to ask. Thread safe. */
final class LibvirtService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtService.class);

    /** At the end, for a libvirt that does not let go of a connection. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final String uri;
    private final AgentEvents events;
    private final Optional<DomainWatcher> watcher;

    /**
     * Watches nothing yet.
     *
     * @param uri of libvirt; empty for none
     * @param watchers makes a watcher of a URI that tells a sink
     * @param domains hears what becomes of domains, on the agent thread
     */
    LibvirtService(
            String uri,
            BiFunction<String, Consumer<DomainEvent>, DomainWatcher> watchers,
            AgentThread thread,
            AgentEvents events,
            Consumer<DomainEvent> domains) {
        this.uri = uri;
        this.events = events;
        Consumer<DomainEvent> sink = event -> thread.post(() -> {
            tell(event);
            domains.accept(event);
        });
        this.watcher = uri.isEmpty() ? Optional.empty() : Optional.of(watchers.apply(uri, sink));
    }

    @Override
    public void start() {
        watcher.ifPresent(DomainWatcher::start);
    }

    /** Whether there is a libvirt to ask. */
    boolean isWanted() {
        return watcher.isPresent();
    }

    private void tell(DomainEvent event) {
        if (event instanceof DomainEvent.Disconnected disconnected) {
            ConnectionFailure failure = disconnected.failure();
            LOG.warn("{}{}", failure.message(), whatNow(failure.kind()));
            events.publish(() -> new AgentEvent.LibvirtDisconnected(uri, failure.message()));
        } else if (event instanceof DomainEvent.Listed) {
            LOG.info("watching {}", uri);
            events.publish(() -> new AgentEvent.LibvirtConnected(uri));
        }
    }

    private static String whatNow(ConnectionFailure.Kind kind) {
        return switch (kind) {
            case LOST -> "; open sessions go on";
            case NO_LIBRARY -> "";
            default -> "; it is tried again";
        };
    }

    /** As {@link DomainWatcher#refresh}. */
    void refresh(UUID domain) {
        watcher.ifPresent(watching -> watching.refresh(domain));
    }

    /** As {@link DomainWatcher#openGraphics}, for domains that libvirt told of. */
    int openGraphics(UUID domain, int index) throws IOException {
        return watcher.orElseThrow().openGraphics(domain, index);
    }

    /** As {@link DomainWatcher#graphicsPassword}, likewise. */
    Optional<GraphicsPassword> graphicsPassword(UUID domain, int index) throws IOException {
        return watcher.orElseThrow().graphicsPassword(domain, index);
    }

    /** What became of calls to libvirt; empty if it is not to be asked. */
    Optional<AgentMetrics.Libvirt> statistics() {
        return watcher.map(watching -> new AgentMetrics.Libvirt(
                watching.failure().isEmpty(), watching.domains().size(), watching.calls(), watching.stuckCalls()));
    }

    /** As {@link DomainWatcher#answer}; empty if nothing is watched. */
    Optional<CompletableFuture<Void>> answer() {
        return watcher.map(DomainWatcher::answer);
    }

    /** @param domains how many are known */
    AgentReport.Libvirt report(int domains) {
        if (watcher.isEmpty()) {
            return new AgentReport.Libvirt("", "off", "", 0);
        }
        return watcher.get()
                .failure()
                .map(failure -> new AgentReport.Libvirt(uri, "connecting", failure.message(), domains))
                .orElseGet(() -> new AgentReport.Libvirt(uri, "connected", "", domains));
    }

    @Override
    public void close() {
        Thread closing = new Thread(() -> watcher.ifPresent(DomainWatcher::close), "agent-close-libvirt");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
