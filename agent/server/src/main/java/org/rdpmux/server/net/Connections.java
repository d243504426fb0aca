// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import org.rdpmux.server.Refusal;
import org.rdpmux.server.client.ClientOutput;

/**
 * Takes clients' connections, whatever carries them: a transport makes channels of bytes and gives each here, and all that
 * follows is the same. Safe for all threads.
 */
public final class Connections {

    /** To a connection: it has lost its place to another; the reason is for the log. */
    record Displaced(String reason) {}

    private final ConnectionContext context;
    private final ConnectionLimiter limiter;
    private final ChannelGroup all;

    public Connections(ConnectionContext context, ConnectionLimiter limiter, NetLoops loops) {
        this.context = context;
        this.limiter = limiter;
        this.all = loops.connections();
    }

    /**
     * To be called once at the start: an action that nobody performs is an error then, not with the first client that
     * causes it.
     */
    public static void checkActions() {
        ClientConnection.actions();
    }

    /**
     * Gives a channel that was just opened a client's handlers, or closes it if there are too many.
     *
     * @param channel carries the client's bytes and nothing else; the caller is on its loop
     */
    public void accept(Channel channel, Origin origin) {
        ConnectionLimiter.Answer answer = limiter.enter(
                origin.remote().getAddress(),
                reason -> channel.pipeline().fireUserEventTriggered(new Displaced(reason)));
        if (answer instanceof ConnectionLimiter.Answer.Full full) {
            context.failures()
                    .failed(
                            origin.remote(),
                            context.router().name(),
                            Refusal.CONNECTIONS_FULL,
                            full.reason(),
                            System.nanoTime());
            channel.close();
        } else if (answer instanceof ConnectionLimiter.Answer.Entered entered) {
            ConnectionLimiter.Slot slot = entered.slot();
            all.add(channel);
            channel.closeFuture().addListener(closed -> slot.close());
            channel.config().setWriteBufferWaterMark(ClientOutput.WATER_MARK);
            Pipelines.open(channel.pipeline(), new ClientConnection(context, origin, slot));
        }
    }
}
