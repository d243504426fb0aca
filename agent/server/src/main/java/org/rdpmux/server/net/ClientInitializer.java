// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Gives each accepted connection of an endpoint its handlers, unless there are too many. */
public final class ClientInitializer extends ChannelInitializer<Channel> {

    private final ConnectionContext context;
    private final ConnectionLimiter limiter;
    private final NetLoops loops;

    public ClientInitializer(ConnectionContext context, ConnectionLimiter limiter, NetLoops loops) {
        this.loops = loops;
        this.context = context;
        this.limiter = limiter;
    }

    @Override
    protected void initChannel(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null) {
            channel.close(); // gone again already
            return;
        }
        Optional<ConnectionLimiter.Slot> slot = limiter.enter(remote.getAddress(), this);
        if (slot.isEmpty()) {
            String reason = limiter.reason(remote.getAddress(), this).orElse("there were too many connections");
            context.failures().failed(remote, context.consoleName(), reason, System.nanoTime());
            channel.close();
            return;
        }
        loops.connections().add(channel);
        channel.closeFuture().addListener(closed -> slot.get().close());
        channel.pipeline()
                .addLast(Handlers.FIRST_BYTES, new FirstBytesDecoder())
                .addLast(Handlers.CONNECTION, new ClientConnection(context, remote, slot.get()));
    }
}
