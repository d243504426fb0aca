// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.rdpmux.daemon.service.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells systemd, where it started us and wants to know, that we are ready, reload or stop (sd_notify(3)). */
final class SystemdNotifier implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

    private final EventLoopGroup loop;
    private final Optional<String> socket;

    /** @param socket the environment's {@code NOTIFY_SOCKET}: a path, or a name that begins with '@' */
    SystemdNotifier(EventLoopGroup loop, Optional<String> socket) {
        this.loop = loop;
        this.socket = socket.filter(name -> name.startsWith("/") || name.startsWith("@"));
    }

    @Override
    public void start() {
        ready();
    }

    @Override
    public void close() {
        send("STOPPING=1");
    }

    void ready() {
        send("READY=1");
    }

    /** INVARIANT: followed by {@link #ready}, or systemd takes the reload for failed. */
    void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    private void send(String state) {
        if (socket.isEmpty()) {
            return;
        }
        // A name that begins with '@' has a zero byte there on the wire: a socket without a file.
        String name = socket.get().startsWith("@") ? "\0" + socket.get().substring(1) : socket.get();
        try {
            Channel channel = new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainDatagramChannel.class)
                    .handler(new Ignore())
                    .connect(new DomainSocketAddress(name))
                    .syncUninterruptibly()
                    .channel();
            channel.writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.US_ASCII))
                    .syncUninterruptibly();
            channel.close().syncUninterruptibly();
        } catch (Exception e) { // Netty throws what it met, checked or not
            LOG.warn("cannot tell the service manager at {}: {}", socket.get(), e.getMessage());
        }
    }

    /** Nothing is ever sent to us. */
    private static final class Ignore extends SimpleChannelInboundHandler<DomainDatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {}
    }
}
