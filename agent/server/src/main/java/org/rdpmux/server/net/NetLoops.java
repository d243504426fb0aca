// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rdpmux.server.ServerOptions;
import org.rdpmux.server.console.ConsoleLoop;
import org.rdpmux.server.login.FairThreads;

/** The server's threads but the encoders': one loop that accepts, those of clients and consoles, and a few for TLS keys. */
public final class NetLoops implements AutoCloseable {

    /** How long the threads may take to end. */
    private static final long CLOSE_SECONDS = 3;

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup acceptors;
    private final EventLoopGroup clients;
    private final EventLoopGroup consoles;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final FairThreads handshakes = FairThreads.forHandshakes();
    private final FairThreads lookups = FairThreads.forLookups();

    public NetLoops(ServerOptions.Threads threads) {
        IoHandlerFactory sockets = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        acceptors = loops(1, "rdpmux-accept", sockets);
        clients = loops(threads.client(), "rdpmux-client", sockets);
        consoles = loops(threads.console(), "rdpmux-console", LocalIoHandler.newFactory());
    }

    private static EventLoopGroup loops(int threads, String name, IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }

    /** Every client's connection. */
    ChannelGroup connections() {
        return connections;
    }

    /** Waits a moment for connections that are being closed, then cuts the others. */
    public void closeConnections() {
        if (!connections.newCloseFuture().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            connections.close();
        }
    }

    /** The loop of one more console. */
    public ConsoleLoop nextConsoleLoop() {
        return new NettyConsoleLoop(consoles.next());
    }

    /** Runs a task on the accept loop, again and again; it must not block. */
    public void repeat(Runnable task, Duration interval) {
        acceptors.next().scheduleWithFixedDelay(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Done once every loop has run a task that was given to it now. */
    public CompletableFuture<Void> answer() {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (EventLoopGroup group : List.of(acceptors, clients, consoles)) {
            group.forEach(loop -> answers.add(CompletableFuture.runAsync(() -> {}, loop)));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }

    EventLoopGroup acceptors() {
        return acceptors;
    }

    EventLoopGroup clients() {
        return clients;
    }

    /** Run the slow steps of TLS handshakes, for each source one at a time. */
    public FairThreads handshakes() {
        return handshakes;
    }

    /** Run what may block to find out who a client is. */
    public FairThreads lookups() {
        return lookups;
    }

    boolean isEpoll() {
        return epoll;
    }

    Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Ends all threads and waits for that. */
    @Override
    public void close() {
        for (EventLoopGroup group : new EventLoopGroup[] {acceptors, clients, consoles}) {
            group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(2 * CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        handshakes.close();
        lookups.close();
    }
}
