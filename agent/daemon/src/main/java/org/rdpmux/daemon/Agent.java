// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rdpmux.codec.VideoSupport;
import org.rdpmux.control.AgentReport;
import org.rdpmux.daemon.access.AccessControl;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.config.LogLevel;
import org.rdpmux.daemon.consoles.Displays;
import org.rdpmux.daemon.consoles.Domains;
import org.rdpmux.daemon.consoles.LibrdpmuxGuests;
import org.rdpmux.daemon.consoles.NamedConsoles;
import org.rdpmux.daemon.consoles.ProxmoxGuests;
import org.rdpmux.daemon.control.ControlServer;
import org.rdpmux.daemon.control.EventLog;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.daemon.event.AgentEvents;
import org.rdpmux.daemon.event.EventPublisher;
import org.rdpmux.daemon.metrics.AgentMetrics;
import org.rdpmux.daemon.metrics.LoginCounts;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.daemon.service.ServiceList;
import org.rdpmux.daemon.state.DirectoryLock;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.librdpmux.GuestListener;
import org.rdpmux.librdpmux.LibrdpmuxConfig;
import org.rdpmux.librdpmux.LibrdpmuxService;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainWatcher;
import org.rdpmux.proxmox.ProxmoxGuest;
import org.rdpmux.proxmox.QmpDisplay;
import org.rdpmux.server.RdpServer;
import org.rdpmux.server.Resizing;
import org.rdpmux.server.ServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent: an ordered list of services that hear of consoles and keep an endpoint for each, and a stream of what happens.
 *
 * <p>All of its state belongs to the agent thread; whatever arrives on another thread is posted there. The methods without
 * a note on threads run on it.
 */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final ConfigSource source;
    private final Consumer<LogLevel> logLevel;
    private final AgentThread thread = new AgentThread();
    private final AgentEvents events = new AgentEvents();
    private final SystemdNotifier systemd;
    private final AccessControl access;
    private final ConsoleService consoles;
    private final AgentStatus status;
    private final ServiceList services;
    private AgentConfig config;

    /**
     * What an agent is made from.
     *
     * @param displays makes the backends, which count their pixels by the budget
     * @param server makes the RDP server
     * @param watcher makes a watcher of a libvirt URI that tells a sink
     * @param librdpmux makes the service for guests built with librdpmux
     * @param clock for dates and durations that people see
     * @param notifySocket systemd's {@code NOTIFY_SOCKET}
     * @param logLevel sets how much is logged
     */
    public record Parts(
            Function<PixelBudget, Displays> displays,
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

    private Agent(ConfigSource source, AgentConfig config, Parts parts, DirectoryLock lock, StateDirectory state)
            throws IOException {
        this.source = source;
        this.config = config;
        this.logLevel = parts.logLevel();
        Clock clock = parts.clock();
        HostCertificate certificate = HostCertificate.open(config, state, clock);
        LibvirtService libvirt =
                new LibvirtService(config.get(Key.LIBVIRT_URI), parts.watcher(), thread, events, this::apply);
        ProxmoxService proxmox = new ProxmoxService(config.get(Key.PROXMOX_DIRECTORY), thread, this::apply);
        LoginCounts logins = new LoginCounts();
        access = new AccessControl(config, state.path(), libvirt::graphicsPassword, clock, decision -> {
            logins.accept(decision);
            events.publish(() -> new AgentEvent.AccessDecided(decision));
        });
        EventPublisher publisher = new EventPublisher(events);
        PixelBudget pixels = pixels(config);
        VideoSupport video =
                config.get(Key.CODEC_H264) ? VideoSupport.find() : VideoSupport.none(Key.CODEC_H264 + " = off");
        RdpServer server = parts.server()
                .apply(serverOptions(config, certificate, access.forServer())
                        .withPixels(pixels)
                        .withVideo(video.provider()));
        EndpointManager endpoints =
                new EndpointManager(server, state, ConsoleService.listening(config, access), clock, publisher);
        LibrdpmuxGuests guests = new LibrdpmuxGuests(config.get(Key.LIBVIRT_URI), config.get(Key.LIBRDPMUX_PORTS));
        Displays displays = parts.displays().apply(pixels);
        Domains domains = new Domains(displays, libvirt::openGraphics, guests);
        NamedConsoles named = new NamedConsoles(displays, state, config.consoles());
        consoles = new ConsoleService(
                thread,
                config,
                new ConsoleService.Sources(
                        named, domains, guests, new ProxmoxGuests(displays, QmpDisplay::open), libvirt.isWanted()),
                new ConsoleService.Serving(access, endpoints, publisher));
        status = new AgentStatus(clock, libvirt, domains, endpoints, certificate, video);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control", true), EpollIoHandler.newFactory());
        systemd = new SystemdNotifier(loop, parts.notifySocket());
        Screenshots screenshots = new Screenshots();
        ControlRequests requests = new ControlRequests(
                this,
                new ControlRequests.Parts(
                        consoles, access, this::report, new ControlRequests.Refresh(libvirt, proxmox), screenshots),
                clock);
        EventLog eventLog = new EventLog(events, loop, clock);
        AgentMonitor monitor = new AgentMonitor(
                thread,
                new AgentMonitor.Parts(server, libvirt, endpoints, state),
                this::problems,
                new AgentMetrics(ProcessInfo.version(), logins));
        ControlServer.Sources sources = new ControlServer.Sources(requests::handle, eventLog, monitor);
        ControlService control = ControlService.full(loop, config, sources);
        ControlService readOnly = ControlService.readOnly(loop, config, sources);
        MetricsService metrics = new MetricsService(loop, config, sources);
        services = new ServiceList(List.of(
                Service.endedBy(() -> release(lock)),
                Service.endedBy(() -> end(loop)),
                Service.endedBy(screenshots::close),
                state,
                certificate,
                new Librdpmux(thread, guests, consoles, config, parts.librdpmux()),
                access,
                eventLog,
                new Announcer(events, endpoints, thread::post, thread::later, Agent::say),
                Service.endedBy(server::close),
                consoles,
                new Housekeeping(
                        thread,
                        List.of(
                                state::retry,
                                endpoints::retry,
                                access::reloadUsers,
                                access::summarize,
                                proxmox::look,
                                control::check,
                                readOnly::check,
                                metrics::listen),
                        this::problems,
                        events),
                libvirt,
                proxmox,
                control,
                readOnly,
                metrics,
                systemd));
    }

    private static void release(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot remove the lock: {}", e.getMessage());
        }
    }

    private static void end(EventLoopGroup loop) {
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    /** Of its own accord the agent lets screens take half of its heap. */
    private static PixelBudget pixels(AgentConfig config) {
        long halfOfHeap = Runtime.getRuntime().maxMemory() / 2 / Integer.BYTES;
        return new PixelBudget(config.get(Key.LIMITS_MEGAPIXELS)
                .map(megapixels -> megapixels * 1_000_000L)
                .orElse(halfOfHeap));
    }

    private static ServerOptions serverOptions(
            AgentConfig config, HostCertificate certificate, ServerOptions.Access access) {
        ServerOptions.Limits limits = new ServerOptions.Limits(
                config.get(Key.LIMITS_CONNECTIONS),
                config.get(Key.LIMITS_PER_ENDPOINT),
                config.get(Key.LIMITS_PER_ACCOUNT),
                config.get(Key.LIMITS_PER_SOURCE),
                config.get(Key.LIMITS_UNAUTHENTICATED),
                config.get(Key.LIMITS_HANDSHAKE));
        return ServerOptions.defaults(certificate::current)
                .withAccess(access)
                .withLimits(limits)
                .withFrameRate(config.get(Key.FRAME_RATE))
                .withDisplayLinger(config.get(Key.DISPLAY_LINGER))
                .withDisplay(new ServerOptions.Display(
                        new Resizing(config.get(Key.DISPLAY_RESIZE), config.get(Key.DISPLAY_RESTORE_SIZE)),
                        config.get(Key.DISPLAY_CLIPBOARD).policy(config.get(Key.LIMITS_CLIPBOARD) << 10),
                        config.get(Key.DISPLAY_SOUND)));
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
        DirectoryLock lock =
                DirectoryLock.take(config.get(Key.RUNTIME_DIRECTORY), "a runtime.directory and listen.ports");
        StateDirectory state = new StateDirectory(config.get(Key.STATE_DIRECTORY));
        Agent agent;
        try {
            state.prepare();
            agent = new Agent(source, config, parts, lock, state);
        } catch (IOException | RuntimeException e) {
            state.close();
            release(lock);
            throw e;
        }
        agent.services.start();
        if (agent.access.wantsUsers()) {
            LOG.info("nobody has a password yet: 'rdpmuxctl user add NAME' gives one, 'rdpmuxctl ticket CONSOLE' lets"
                    + " somebody in once");
        }
        return agent;
    }

    /** What happens in the agent; may be subscribed to from any thread. */
    public AgentEvents events() {
        return events;
    }

    /** Runs something on the agent thread; from any thread. */
    <T> CompletableFuture<T> call(Callable<T> task) {
        return thread.call(task);
    }

    private void apply(DomainEvent event) {
        consoles.apply(event);
    }

    private void apply(List<ProxmoxGuest> running) {
        consoles.apply(running);
    }

    private List<String> problems() {
        return services.problems();
    }

    private AgentReport report() {
        return status.report(config, problems());
    }

    AgentConfig config() {
        return config;
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
            logLevel.accept(config.get(Key.LOG_LEVEL));
            messages.addAll(services.reload(config));
            events.publish(() -> new AgentEvent.ConfigurationReloaded(List.copyOf(messages)));
            return messages;
        } catch (ConfigurationException e) {
            events.publish(() -> new AgentEvent.ConfigurationRefused(e.problems()));
            throw e;
        } finally {
            systemd.ready();
        }
    }

    private static void say(String console, String line) {
        LOG.atInfo().addKeyValue("console", console).log("{}", line);
    }

    /** Reads the configuration again, for a signal; from any thread. */
    public void reloadAndLog() {
        thread.post(() -> {
            try {
                reload().forEach(message -> LOG.info("{}", message));
            } catch (ConfigurationException e) {
                e.problems().forEach(problem -> LOG.error("{}", problem));
                LOG.error("the configuration stays as it was");
            }
        });
    }

    /** Sends viewers away, removes sockets and ends; from any thread but the agent's. Idempotent. */
    @Override
    public void close() {
        if (thread.isEnded()) {
            return;
        }
        services.close();
        LOG.info("stopped");
    }
}
