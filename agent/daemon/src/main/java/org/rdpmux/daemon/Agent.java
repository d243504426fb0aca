// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ControlProtocol;
import org.rdpmux.daemon.access.AccessControl;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.config.LogLevel;
import org.rdpmux.daemon.consoles.Displays;
import org.rdpmux.daemon.consoles.Domains;
import org.rdpmux.daemon.consoles.LibrdpmuxGuests;
import org.rdpmux.daemon.consoles.NamedConsoles;
import org.rdpmux.daemon.control.ControlServer;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.librdpmux.GuestListener;
import org.rdpmux.librdpmux.LibrdpmuxConfig;
import org.rdpmux.librdpmux.LibrdpmuxService;
import org.rdpmux.libvirt.ConnectionFailure;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainWatcher;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.server.RdpServer;
import org.rdpmux.server.ServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent: hears of consoles from libvirt, its configuration and its control socket, and keeps an endpoint for each.
 *
 * <p>All of its state belongs to the agent thread; whatever arrives on another thread is posted there. The methods without
 * a note on threads run on it.
 */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** What could not be had or written is tried again this often. */
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(2);

    /** At the end, for what is under way on the agent thread, and for libvirt, which may not let go of a connection. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Parts parts;
    private final ConfigSource source;
    private final RuntimeLock lock;
    private final StateDirectory state;
    private final CertificateStore certificates;
    private final AccessControl access;
    private final RdpServer server;
    private final EndpointManager endpoints;
    private final Domains domains;
    private final LibrdpmuxGuests guests;
    private final Librdpmux librdpmux;
    private final NamedConsoles named;
    private final Instant started;
    private final AgentThread thread = new AgentThread();
    private final Announcer announcer = new Announcer(thread);
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("control", true), EpollIoHandler.newFactory());
    private final SystemdNotifier systemd;
    private AgentConfig config;
    private DomainWatcher watcher;
    private ControlServer control;
    private boolean refreshPending;

    /**
     * What an agent is made from.
     *
     * @param displays backends
     * @param server makes the RDP server
     * @param watcher makes a watcher of a libvirt URI that tells a sink
     * @param librdpmux makes the service for guests built with librdpmux
     * @param clock for dates and durations that people see
     * @param notifySocket systemd's {@code NOTIFY_SOCKET}
     * @param logLevel sets how much is logged
     */
    public record Parts(
            Displays displays,
            Function<ServerOptions, RdpServer> server,
            BiFunction<String, Consumer<DomainEvent>, DomainWatcher> watcher,
            BiFunction<LibrdpmuxConfig, GuestListener, LibrdpmuxService> librdpmux,
            Clock clock,
            Optional<String> notifySocket,
            Consumer<LogLevel> logLevel) {}

    /** Reads the configuration, again at each reload. */
    @FunctionalInterface
    public interface ConfigSource {
        AgentConfig read() throws ConfigurationException;
    }

    private Agent(ConfigSource source, AgentConfig config, Parts parts, RuntimeLock lock) throws IOException {
        this.source = source;
        this.config = config;
        this.parts = parts;
        this.lock = lock;
        this.started = parts.clock().instant();
        this.state = new StateDirectory(config.get(Key.STATE_DIRECTORY));
        this.certificates = Certificates.open(config, state, started);
        this.access = new AccessControl(
                config, state.path(), (uuid, index) -> watcher().graphicsPassword(uuid, index), parts.clock());
        this.server = parts.server().apply(Certificates.serverOptions(config, certificates, access.forServer()));
        this.endpoints = new EndpointManager(server, state, listening(config), parts.clock(), this::announce);
        this.guests = new LibrdpmuxGuests(config.get(Key.LIBVIRT_URI), config.get(Key.LIBRDPMUX_PORTS));
        this.librdpmux = new Librdpmux(this, guests);
        this.domains = new Domains(parts.displays(), (uuid, index) -> watcher().openGraphics(uuid, index), guests);
        this.named = new NamedConsoles(parts.displays(), state, config.consoles());
        this.systemd = new SystemdNotifier(loop, parts.notifySocket());
    }

    /**
     * Starts an agent; when this returns, it answers on its control socket and serves what does not need libvirt. To be
     * called from any thread.
     *
     * @throws ConfigurationException if the configuration is wrong
     * @throws IOException if the agent cannot run, with a sentence that says what to do
     */
    public static Agent start(ConfigSource source, Parts parts) throws ConfigurationException, IOException {
        AgentConfig config = source.read();
        RuntimeLock lock = RuntimeLock.take(config.get(Key.RUNTIME_DIRECTORY));
        Agent agent;
        try {
            agent = new Agent(source, config, parts, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        try {
            agent.open();
            return agent;
        } catch (IOException | RuntimeException e) {
            agent.close();
            throw e;
        }
    }

    private void open() throws IOException {
        ControlRequests commands = new ControlRequests(this);
        control = ControlServer.listen(
                loop,
                config.get(Key.RUNTIME_DIRECTORY).resolve("control.sock"),
                config.get(Key.CONTROL_GROUP),
                ControlProtocol.DEADLINE,
                commands::handle);
        String uri = config.get(Key.LIBVIRT_URI);
        if (!uri.isEmpty()) {
            watcher = parts.watcher().apply(uri, event -> post(() -> on(event)));
        }
        call(() -> {
                    refresh();
                    return null;
                })
                .join();
        if (config.get(Key.LIBRDPMUX_ENABLED)) {
            librdpmux.start(config, parts.librdpmux());
        }
        thread.repeat(this::housekeeping, HOUSEKEEPING);
        if (watcher != null) {
            watcher.start();
        }
        if (access.wantsUsers()) {
            LOG.info("nobody has a password yet: 'rdpmuxctl user add NAME' gives one, 'rdpmuxctl ticket CONSOLE' lets"
                    + " somebody in once");
        }
        systemd.ready();
    }

    /** Runs something on the agent thread; from any thread. */
    <T> CompletableFuture<T> call(Callable<T> task) {
        return thread.call(task);
    }

    private void post(Runnable task) {
        thread.post(task);
    }

    private DomainWatcher watcher() {
        return watcher;
    }

    private EndpointManager.Listening listening(AgentConfig from) {
        return new EndpointManager.Listening(from.get(Key.LISTEN_ADDRESS), from.get(Key.LISTEN_PORTS), access::policy);
    }

    private void on(DomainEvent event) {
        domains.apply(event);
        if (event instanceof DomainEvent.Disconnected disconnected) {
            LOG.warn(
                    "{}{}",
                    disconnected.failure().message(),
                    whatNow(disconnected.failure().kind()));
        } else if (event instanceof DomainEvent.Listed) {
            LOG.info("watching {}", config.get(Key.LIBVIRT_URI));
        }
        if (event instanceof DomainEvent.Stopped) {
            // At once: a start that follows is another run, whose viewers begin anew.
            refresh();
        } else if (!refreshPending) {
            refreshPending = true;
            post(this::refresh);
        }
    }

    private static String whatNow(ConnectionFailure.Kind kind) {
        return switch (kind) {
            case LOST -> "; open sessions go on";
            case NO_LIBRARY -> "";
            default -> "; it is tried again";
        };
    }

    /** Serves what is known now. */
    void refresh() {
        refreshPending = false;
        List<KnownConsole> consoles = new ArrayList<>(named.consoles());
        consoles.addAll(domains.consoles(config.get(Key.LIBVIRT_DOMAINS)));
        if (config.get(Key.LIBRDPMUX_UNMANAGED) && (watcher == null || domains.answered())) {
            consoles.addAll(guests.unmanaged(domains::contains));
        }
        endpoints.serve(access.servable(consoles), watcher == null || domains.listed());
        access.served(endpoints.served());
    }

    private void housekeeping() {
        state.retry();
        endpoints.retry();
        access.look();
    }

    private void announce(EndpointManager.State opened) {
        announcer.announce(endpoints, opened);
    }

    /**
     * Reads the configuration again and puts into effect what can be.
     *
     * @return sentences on what was done and what needs more
     * @throws ConfigurationException if it is wrong; nothing has changed then
     */
    List<String> reload() throws ConfigurationException {
        systemd.reloading();
        try {
            AgentConfig read = source.read();
            List<String> messages = new ArrayList<>();
            messages.add("the configuration was read again"
                    + read.file().map(file -> " from " + file).orElse(""));
            config.needRestart(read)
                    .forEach(key -> messages.add(key + " was changed, which takes effect at a restart"));
            config = config.withLive(read);
            parts.logLevel().accept(config.get(Key.LOG_LEVEL));
            named.configure(config.consoles());
            guests.allowPorts(config.get(Key.LIBRDPMUX_PORTS));
            access.configure(config);
            access.look();
            access.reopenAuditTrail();
            try {
                if (certificates.reloadIfChanged()) {
                    messages.add("new connections are shown the new certificate");
                }
            } catch (IOException e) {
                messages.add("the certificate stays as it was: " + e.getMessage());
            }
            messages.addAll(access.reloadCertificates());
            endpoints.listenAt(listening(config));
            refresh();
            return messages;
        } finally {
            systemd.ready();
        }
    }

    /** Reads the configuration again, for a signal; from any thread. */
    public void reloadAndLog() {
        post(() -> {
            try {
                reload().forEach(message -> LOG.info("{}", message));
            } catch (ConfigurationException e) {
                e.problems().forEach(problem -> LOG.error("{}", problem));
                LOG.error("the configuration stays as it was");
            }
        });
    }

    AgentConfig config() {
        return config;
    }

    NamedConsoles named() {
        return named;
    }

    EndpointManager endpoints() {
        return endpoints;
    }

    AccessControl access() {
        return access;
    }

    Clock clock() {
        return parts.clock();
    }

    AgentReport report() {
        String uri = config.get(Key.LIBVIRT_URI);
        AgentReport.Libvirt libvirt = watcher == null
                ? new AgentReport.Libvirt("", "off", "", 0)
                : watcher.failure()
                        .map(failure -> new AgentReport.Libvirt(uri, "connecting", failure.message(), domains.count()))
                        .orElseGet(() -> new AgentReport.Libvirt(uri, "connected", "", domains.count()));
        List<EndpointManager.State> states = endpoints.states();
        List<String> warnings = new ArrayList<>();
        if (!state.problem().isEmpty()) {
            warnings.add(state.problem());
        }
        if (!librdpmux.problem().isEmpty()) {
            warnings.add(librdpmux.problem());
        }
        warnings.addAll(access.problems());
        return new AgentReport(
                Texts.version(),
                ProcessHandle.current().pid(),
                Duration.between(started, parts.clock().instant()).toSeconds(),
                config.file().map(Object::toString).orElse(""),
                libvirt,
                (int) states.stream().filter(s -> s.endpoint().isPresent()).count(),
                states.stream()
                        .mapToInt(s -> s.console().map(c -> c.viewers().size()).orElse(0))
                        .sum(),
                certificates.current().fingerprint(),
                Texts.memory(),
                warnings);
    }

    /** Sends viewers away, removes sockets and ends; from any thread but the agent's. Idempotent. */
    @Override
    public void close() {
        if (thread.isEnded()) {
            return;
        }
        systemd.stopping();
        if (control != null) {
            control.close();
        }
        Thread libvirt = new Thread(this::closeWatcher, "agent-close-libvirt");
        libvirt.setDaemon(true);
        libvirt.start();
        try {
            if (!thread.end(PATIENCE)) {
                LOG.warn("the agent is busy with something; it ends nonetheless");
            }
            server.close();
            librdpmux.close();
            libvirt.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.close();
        }
        access.close();
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).syncUninterruptibly();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot remove the lock: {}", e.getMessage());
        }
        LOG.info("stopped");
    }

    private void closeWatcher() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
