// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.rdpmux.control.ControlProtocol;
import org.rdpmux.control.Reply;
import org.rdpmux.control.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the control socket: a line in, a line out, the next line only then. Belongs to its channel's loop; expects
 * lines as strings and a handler before it that holds lines back while nobody reads.
 */
final class ControlConnection extends SimpleChannelInboundHandler<String> {

    private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);

    private final Peer peer;
    private final Duration deadline;
    private final String refusal;
    private final ControlServer.Handler handler;
    private Future<?> expiry;

    /** @param refusal what to tell the client instead of listening to it; empty to listen */
    ControlConnection(Peer peer, Duration deadline, String refusal, ControlServer.Handler handler) {
        this.peer = peer;
        this.deadline = deadline;
        this.refusal = refusal;
        this.handler = handler;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (refusal.isEmpty()) {
            awaitRequest(ctx);
        } else {
            refuse(ctx, refusal);
        }
    }

    /** From the first byte or none to a whole line: however slowly it drips, there is one deadline. */
    private void awaitRequest(ChannelHandlerContext ctx) {
        expiry = ctx.executor()
                .schedule(
                        () -> refuse(ctx, "no request within " + deadline.toMillis() + " ms"),
                        deadline.toMillis(),
                        TimeUnit.MILLISECONDS);
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
        ctx.channel().config().setAutoRead(false);
        expiry.cancel(false);
        Request request;
        try {
            request = ControlProtocol.decodeRequest(line);
        } catch (IllegalArgumentException e) {
            refuse(ctx, e.getMessage());
            return;
        }
        handler.handle(request, peer)
                .whenComplete((reply, error) -> ctx.executor().execute(() -> {
                    if (error != null) {
                        LOG.error("{} failed", request, error);
                        refuse(ctx, "the agent failed at this; its log says more");
                    } else {
                        answer(ctx, reply).addListener(written -> {
                            if (written.isSuccess()) {
                                awaitRequest(ctx);
                            }
                        });
                    }
                }));
    }

    private static ChannelFuture answer(ChannelHandlerContext ctx, Reply reply) {
        String line = ControlProtocol.encode(reply) + "\n";
        return ctx.writeAndFlush(ctx.alloc().buffer(line.length()).writeBytes(line.getBytes(StandardCharsets.UTF_8)));
    }

    /** Says why and hangs up. */
    private void refuse(ChannelHandlerContext ctx, String reason) {
        if (expiry != null) {
            expiry.cancel(false);
        }
        ctx.channel().config().setAutoRead(false);
        answer(ctx, new Reply.Refused(reason)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (expiry != null) {
            expiry.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            refuse(ctx, "a request has at most " + ControlProtocol.MAX_REQUEST_BYTES + " bytes");
        } else {
            if (cause instanceof IOException) {
                LOG.debug("control connection of {}", peer, cause);
            } else {
                LOG.error("a defect while serving {}", peer, cause);
            }
            ctx.close();
        }
    }
}
