// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;

/** Clients that come over TCP, as nearly all do. */
public final class TcpTransport extends ChannelInitializer<Channel> {

    private final Connections connections;

    public TcpTransport(Connections connections) {
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        if (remote == null || local == null) {
            channel.close(); // gone again already
            return;
        }
        connections.accept(channel, new Origin(remote, local.getAddress().isLoopbackAddress()));
    }
}
