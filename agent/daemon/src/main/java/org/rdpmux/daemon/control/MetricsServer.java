// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.rdpmux.control.ControlApi;

/**
 * Answers on a TCP address, for Prometheus, which reaches no Unix socket: metrics and health, and nothing else. Asks nobody who
 * it is. May be used from any thread.
 */
public final class MetricsServer implements AutoCloseable {

    /** Far more than a site has monitoring systems; any more are closed without a word. */
    static final int MAX_CLIENTS = 16;

    private final Channel channel;

    private MetricsServer(Channel channel) {
        this.channel = channel;
    }

    /**
     * Begins to listen.
     *
     * @param address port 0 for any free one
     * @throws IOException if that is not possible, with a sentence
     */
    public static MetricsServer listen(EventLoopGroup loop, InetSocketAddress address, ControlServer.Sources sources)
            throws IOException {
        AtomicInteger clients = new AtomicInteger();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<EpollSocketChannel>() {
                    @Override
                    protected void initChannel(EpollSocketChannel client) {
                        int count = clients.incrementAndGet();
                        client.closeFuture().addListener(closed -> clients.decrementAndGet());
                        if (count > MAX_CLIENTS) {
                            client.close();
                            return;
                        }
                        ApiRequests requests = new ApiRequests(Peer.UNKNOWN, Reach.MONITORING, sources);
                        HttpConnection.serve(client, requests, ControlApi.DEADLINE, Optional.empty());
                    }
                });
        try {
            return new MetricsServer(
                    bootstrap.bind(address).syncUninterruptibly().channel());
        } catch (Exception e) { // Netty throws what it met, checked or not
            throw new IOException(
                    "cannot listen for monitoring systems on " + Reports.address(address) + ": " + e.getMessage(), e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Stops listening. Connections end with the loop they are served by. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
