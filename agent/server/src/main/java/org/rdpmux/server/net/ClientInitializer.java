// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Gives each accepted connection of an endpoint its handlers, unless there are too many. */
public final class ClientInitializer extends ChannelInitializer<Channel> {

    private final ConnectionContext context;
    private final ConnectionGate gate;
    private final NetLoops loops;

    public ClientInitializer(ConnectionContext context, ConnectionGate gate, NetLoops loops) {
        this.loops = loops;
        this.context = context;
        this.gate = gate;
    }

    @Override
    protected void initChannel(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null) {
            channel.close(); // gone again already
            return;
        }
        Optional<ConnectionGate.Ticket> ticket = gate.enter(remote.getAddress(), this);
        if (ticket.isEmpty()) {
            String reason = gate.reason(remote.getAddress(), this).orElse("there were too many connections");
            context.failures().failed(remote, context.consoleName(), reason, System.nanoTime());
            channel.close();
            return;
        }
        loops.connections().add(channel);
        channel.closeFuture().addListener(closed -> ticket.get().close());
        channel.pipeline()
                .addLast(Handlers.FIRST_BYTES, new FirstBytesDecoder())
                .addLast(Handlers.CONNECTION, new ClientConnection(context, remote, ticket.get()));
    }
}
