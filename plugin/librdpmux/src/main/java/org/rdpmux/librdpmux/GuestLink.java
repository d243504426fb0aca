// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.rdpmux.librdpmux.wire.HostMessage;
import org.rdpmux.librdpmux.wire.MalformedMessageException;
import org.rdpmux.librdpmux.wire.Numbering;
import org.rdpmux.librdpmux.wire.TransportReady;
import org.rdpmux.librdpmux.wire.TransportReady.Framing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a guest's, last in its pipeline: payloads to and from the {@link Guest}, and bounds on both. */
final class GuestLink extends ChannelInboundHandlerAdapter {

    /** Long for a handshake on one machine, short for a socket somebody only holds open. */
    static final int HANDSHAKE_SECONDS = 10;
    /** Hundreds of messages that nobody takes: the guest hangs or means no good. It reconnects when it wakes up. */
    static final long MAX_UNSENT_BYTES = 64 * 1024;

    /** Real guests send up to 60 messages a second. */
    private static final int MESSAGES_PER_WINDOW = 100;

    private static final long WINDOW_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(GuestLink.class);

    private final Guest guest;
    private ChannelHandlerContext context;
    private Framing framing;
    private int messagesInWindow;
    private boolean windowOpen;
    private boolean failed;

    GuestLink(Guest guest) {
        this.guest = guest;
    }

    /** Empty (null) until the handshake is over. */
    Framing framing() {
        return framing;
    }

    void send(HostMessage message, Numbering numbering) {
        if (context.channel().unsafe().outboundBuffer() == null) {
            return; // closed
        }
        if (context.channel().unsafe().outboundBuffer().totalPendingWriteBytes() > MAX_UNSENT_BYTES) {
            guest.warn("does not read what it is sent; its connection is closed");
            close();
            return;
        }
        context.writeAndFlush(message.toBytes(numbering), context.voidPromise());
    }

    void close() {
        context.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.executor()
                .schedule(
                        () -> {
                            if (framing == null && ctx.channel().isOpen()) {
                                guest.warn("connected but said nothing");
                                ctx.close();
                            }
                        },
                        HANDSHAKE_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof TransportReady ready) {
            framing = ready.framing();
            guest.ready(this);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (failed) {
            return;
        }
        limit(ctx);
        guest.received(this, (byte[]) message);
    }

    /** Stops reading from a guest that sends more than any real one, until the window is over. */
    private void limit(ChannelHandlerContext ctx) {
        if (!windowOpen) {
            windowOpen = true;
            messagesInWindow = 0;
            ctx.executor()
                    .schedule(
                            () -> {
                                windowOpen = false;
                                ctx.channel().config().setAutoRead(true);
                            },
                            WINDOW_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
        if (++messagesInWindow == MESSAGES_PER_WINDOW) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        guest.lost(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failed) {
            return;
        }
        if (cause instanceof IOException) {
            LOG.debug("{}: the guest closed its connection", guest, cause); // reading comes to the end by itself
            return;
        }
        failed = true;
        Throwable reason =
                cause instanceof DecoderException && cause.getCause() instanceof MalformedMessageException malformed
                        ? malformed
                        : cause;
        guest.warn("its connection is closed: " + reason.getMessage());
        ctx.close();
    }
}
