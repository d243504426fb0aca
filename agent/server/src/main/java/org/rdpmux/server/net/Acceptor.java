// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.rdpmux.server.ListenException;
import org.rdpmux.server.ListenException.Reason;
import org.rdpmux.server.client.ClientOutput;

/** Listens on an address. */
public final class Acceptor implements AutoCloseable {

    /** Binding and closing are quick or never end. */
    private static final long WAIT_SECONDS = 5;

    private static final int BACKLOG = 128;
    /** The kernel takes no more than this beyond what is on its way: what it has cannot be replaced by newer pixels. */
    private static final int NOT_SENT = 128 << 10;

    private static final int KEEPALIVE_IDLE_SECONDS = 30;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_COUNT = 3;

    /** Linux's numbers of errors. */
    private static final int EACCES = 13;

    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    private static final int FIRST_UNPRIVILEGED = 1024;

    private final Channel channel;

    private Acceptor(Channel channel) {
        this.channel = channel;
    }

    /**
     * Begins to listen. Blocks for seconds at most.
     *
     * @param clients makes each connection's handlers
     * @throws ListenException if the system refuses
     * @throws IOException if there is no such host, or no answer from the system in time; a sentence likewise
     */
    public static Acceptor listen(NetLoops loops, InetSocketAddress address, ChannelInitializer<Channel> clients)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": there is no host of that name");
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.acceptors(), loops.clients())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, ClientOutput.WATER_MARK)
                .childHandler(clients);
        if (loops.isEpoll()) {
            bootstrap
                    .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) NOT_SENT)
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_COUNT);
        }
        var bound = bootstrap.bind(address);
        if (!bound.awaitUninterruptibly(WAIT_SECONDS, TimeUnit.SECONDS)) {
            bound.channel().close();
            throw new IOException("cannot listen on " + text(address) + ": no answer from the system");
        }
        if (!bound.isSuccess()) {
            throw refused(address, bound.cause());
        }
        return new Acceptor(bound.channel());
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Stops listening soon. */
    public void beginClose() {
        channel.close();
    }

    /** Stops listening; the address is free when this returns. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Goes by the error's number; its wording is the C library's. */
    private static ListenException refused(InetSocketAddress address, Throwable cause) {
        int errno = cause instanceof NativeIoException system ? -system.expectedErr() : 0;
        String tried = "cannot listen on ";
        return switch (errno) {
            case EADDRINUSE ->
                new ListenException(
                        Reason.PORT_IN_USE,
                        tried + text(address) + ": the port is in use (EADDRINUSE); 'ss -ltnp' shows who listens there",
                        cause);
            case EADDRNOTAVAIL ->
                new ListenException(
                        Reason.NO_SUCH_ADDRESS,
                        tried + address.getAddress().getHostAddress()
                                + ": that is not an address of this host at present (EADDRNOTAVAIL)",
                        cause);
            case EACCES ->
                new ListenException(
                        Reason.OTHER,
                        tried + text(address) + ": permission denied (EACCES)"
                                + (address.getPort() < FIRST_UNPRIVILEGED
                                        ? "; ports below 1024 need the capability CAP_NET_BIND_SERVICE"
                                        : ""),
                        cause);
            default -> new ListenException(Reason.OTHER, tried + text(address) + ": " + cause.getMessage(), cause);
        };
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
