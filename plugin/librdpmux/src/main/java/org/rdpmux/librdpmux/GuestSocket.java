// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The socket one guest connects to, and nobody else. Confined to the guest's event loop, but for {@link #bind}. */
final class GuestSocket {

    private final Path path;
    private final ProcessIdentity process;
    private final Predicate<ProcessIdentity> isAlive;
    private Channel server;
    private boolean closed;

    /**
     * No socket yet.
     *
     * @param process that may connect
     * @param isAlive whether a process still runs
     */
    GuestSocket(Path path, ProcessIdentity process, Predicate<ProcessIdentity> isAlive) {
        this.path = path;
        this.process = process;
        this.isAlive = isAlive;
    }

    Path path() {
        return path;
    }

    /**
     * Makes the socket; called once, from any thread.
     *
     * @param accepted takes the guest's connections
     * @param refused hears who else connected
     */
    ChannelFuture bind(EventLoop loop, Consumer<Channel> accepted, Consumer<String> refused) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop, loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childOption(ChannelOption.AUTO_CLOSE, false) // what the guest said last is read in any case
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel channel) {
                        String stranger = stranger(channel);
                        if (stranger == null && !closed) {
                            accepted.accept(channel);
                            return;
                        }
                        if (stranger != null) {
                            refused.accept(stranger);
                        }
                        channel.close();
                    }
                })
                .bind(new DomainSocketAddress(path.toFile()));
        bound.addListener(done -> {
            server = bound.channel();
            if (closed) {
                server.close();
            }
        });
        return bound;
    }

    /**
     * Who connected, if it is not the process that registered; null if it is. That one runs still: as long as it does no
     * other process can have its number.
     */
    private String stranger(EpollDomainSocketChannel channel) {
        try {
            PeerCredentials peer = channel.peerCredentials();
            boolean same = peer.pid() == process.pid() && peer.uid() == process.uid() && isAlive.test(process);
            return same ? null : "process " + peer.pid() + " of user " + peer.uid();
        } catch (IOException e) {
            return "an unknown process (" + e.getMessage() + ")";
        }
    }

    void close() {
        closed = true;
        if (server != null) {
            server.close(); // takes the socket's file away as well
        }
    }
}
