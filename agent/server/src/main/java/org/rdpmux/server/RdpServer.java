// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.server.console.GuestConsole;
import org.rdpmux.server.console.ProbeQueue;
import org.rdpmux.server.login.LoginContext;
import org.rdpmux.server.net.Acceptor;
import org.rdpmux.server.net.ConnectionContext;
import org.rdpmux.server.net.ConnectionLimiter;
import org.rdpmux.server.net.Connections;
import org.rdpmux.server.net.Destination;
import org.rdpmux.server.net.FailureLog;
import org.rdpmux.server.net.NetLoops;
import org.rdpmux.server.net.Router;
import org.rdpmux.server.net.TcpTransport;
import org.rdpmux.server.net.ViewerLimiter;
import org.rdpmux.server.screen.EncoderPool;

/**
 * Serves guests' consoles to RDP clients: owns the threads, the limits and every connection. May be used from any thread
 * but its own.
 *
 * <p>Has more fields than most classes: all that its consoles and connections share.
 */
public final class RdpServer implements AutoCloseable {

    /** How late a summary of failures may come. */
    private static final Duration SUMMARY_INTERVAL = Duration.ofSeconds(10);

    private final ServerOptions options;
    private final NetLoops loops;
    private final EncoderPool encoders;
    private final ProbeQueue probes = new ProbeQueue(ProbeQueue.AT_ONCE);
    private final ConnectionLimiter limiter;
    private final ViewerLimiter viewers;
    private final FailureLog failures = new FailureLog();
    private final AtomicLong viewerIds = new AtomicLong();
    private final Set<Console> consoles = ConcurrentHashMap.newKeySet();
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private boolean closed;

    public RdpServer(ServerOptions options) {
        Connections.checkActions();
        this.options = options;
        this.loops = new NetLoops(options.threads());
        this.encoders = new EncoderPool(options.threads().encoder());
        this.limiter = new ConnectionLimiter(options.limits());
        this.viewers = new ViewerLimiter(options.limits());
        loops.repeat(() -> failures.summarize(System.nanoTime()), SUMMARY_INTERVAL);
    }

    /**
     * A console without viewers and endpoints.
     *
     * @param name what people call the guest
     * @param displays gives a display that was not started yet, anew for each attempt; called on a thread of the server
     *     and must not block
     */
    public Console openConsole(String name, Supplier<GuestDisplay> displays) {
        return openConsole(name, displays, ConsoleListener.NONE);
    }

    /**
     * As {@link #openConsole(String, Supplier)}.
     *
     * @param listener hears what happens at the console
     */
    public synchronized Console openConsole(String name, Supplier<GuestDisplay> displays, ConsoleListener listener) {
        requireOpen();
        GuestConsole guest = new GuestConsole(
                name,
                displays,
                new GuestConsole.Options(
                        options.frameRate(),
                        options.displayLinger().toNanos(),
                        options.display(),
                        options.access().gate()::audit,
                        encoders,
                        options.video(),
                        options.pixels(),
                        probes,
                        listener),
                loops.nextConsoleLoop());
        Console console = new Console(guest, consoles::remove);
        consoles.add(console);
        return console;
    }

    /**
     * Begins to accept clients for a console. Returns within seconds.
     *
     * @param address port 0 for any free one
     * @throws IOException if the address cannot be had (a {@link ListenException} if the system refuses it); the message
     *     is a sentence that names it
     * @throws IllegalArgumentException if the policy is not allowed for the address
     * @throws IllegalStateException if the console or the server is closed
     */
    public synchronized Endpoint listen(Console console, InetSocketAddress address, EndpointPolicy policy)
            throws IOException {
        requireOpen();
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": there is no host of that name");
        }
        boolean open = policy.authentication() == Authentication.NONE && !policy.openAnywhere();
        if (open && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    address.getHostString() + " is not a loopback address: that needs authentication");
        }
        Endpoint endpoint = new Endpoint(console, policy, listen(address, new Route.Fixed(entry(console, policy))));
        try {
            console.add(endpoint);
        } catch (IllegalStateException e) {
            endpoint.close();
            throw e;
        }
        return endpoint;
    }

    /** What a {@link Route} answers for clients that are to see a console under a policy. */
    public Entry entry(Console console, EndpointPolicy policy) {
        return new Entry(console, policy, () -> policy.ownIdentity().get().orElseGet(options.identity()));
    }

    /**
     * Begins to accept clients and leads each where the route says. Clients that reach the server from elsewhere than this
     * machine are refused an entry without authentication, unless its policy is {@link EndpointPolicy#openAnywhere}.
     *
     * @param address as for an endpoint
     * @throws IOException likewise
     * @throws IllegalStateException if the server is closed
     */
    public synchronized Listener listen(InetSocketAddress address, Route route) throws IOException {
        requireOpen();
        Connections connections = connections(route);
        Listener listener =
                new Listener(Acceptor.listen(loops, address, new TcpTransport(connections)), listeners::remove);
        listeners.add(listener);
        return listener;
    }

    /** Takes connections from whatever carries them. */
    Connections connections(Route route) {
        ConnectionContext context = new ConnectionContext(
                new Router(
                        route,
                        this::destination,
                        // Before it is known which console it is about: what one source asks for, one after the other.
                        origin -> loops.lookups()
                                .of(GuessLimiter.network(origin.remote().getAddress()))),
                new ConnectionContext.Tls(options.tls(), loops.handshakes()),
                options.limits().handshake().toNanos(),
                viewerIds,
                viewers,
                failures);
        return new Connections(context, limiter, loops);
    }

    private Destination destination(Entry entry) {
        Console console = entry.console();
        EndpointPolicy policy = entry.policy();
        LoginContext login = new LoginContext(
                options.access(),
                policy,
                () -> new ConsoleRef(policy.consoleId(), console.name()),
                loops.lookups().of(console),
                Clock.systemUTC());
        return new Destination(entry, console.guest(), login, policy.authentication());
    }

    /** How many connections never saw a console so far, by the reason. */
    public Map<Refusal, Long> refusals() {
        return failures.counts();
    }

    /** Done once every event loop of the server has run a task that was given to it now. */
    public CompletableFuture<Void> answer() {
        return loops.answer();
    }

    /** Sends every viewer away, closes every console and endpoint and ends the threads; returns within seconds. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        for (Console console : consoles) {
            Set<Endpoint> endpoints = console.endpoints();
            console.close(DisconnectReason.SERVER_STOPPED);
            endpoints.forEach(Endpoint::close);
        }
        listeners.forEach(Listener::close);
        loops.closeConnections();
        encoders.close();
        loops.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the server is closed");
        }
    }
}
