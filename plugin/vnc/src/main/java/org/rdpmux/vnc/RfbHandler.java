// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries bytes between a channel and an {@link RfbClient}. INVARIANT: nothing is read from the socket while the client is
 * paused, so that no more waits here than one read and the largest structure that is read whole, a pointer's shape: some
 * 1.1 MB.
 */
final class RfbHandler extends ByteToMessageDecoder {

    private static final Logger log = LoggerFactory.getLogger(RfbHandler.class);

    /** A server that lets this much lie does not read any more. */
    private static final long MAX_UNSENT = 256 << 10;

    private final RfbClient client;
    private final Runnable ready;
    private final Consumer<String> failed;
    private boolean wasReady;
    private boolean paused;
    private boolean over;
    /** Bytes of a text that the server has not read yet. */
    private long textBytes;

    /**
     * @param ready runs once, when the handshake is over
     * @param failed hears once why the connection ended, as the predicate of a sentence; it closes the channel
     */
    RfbHandler(RfbClient client, Runnable ready, Consumer<String> failed) {
        this.client = client;
        this.ready = ready;
        this.failed = failed;
    }

    /**
     * Whether the server has stopped to read what it is sent, beside a text, which may be long; a server that is gone
     * (Long.MAX_VALUE bytes) has not.
     */
    boolean isStuck(Channel channel) {
        return channel.isActive() && channel.bytesBeforeWritable() - textBytes > MAX_UNSENT;
    }

    boolean isSendingText() {
        return textBytes > 0;
    }

    /** Sends a message with a text. @param sent runs once the server has read it */
    void sendText(Channel channel, ByteBuf message, Runnable sent) {
        int size = message.readableBytes();
        textBytes += size;
        channel.writeAndFlush(message).addListener(done -> {
            textBytes -= size;
            sent.run();
        });
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> none) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (paused) {
            return;
        }
        ByteBuf out = ctx.alloc().buffer();
        try {
            client.receive(in, out, System.nanoTime());
        } finally {
            if (out.isReadable()) {
                ctx.writeAndFlush(out, ctx.voidPromise());
            } else {
                out.release();
            }
        }
        if (!wasReady && client.isReady()) {
            wasReady = true;
            ready.run();
        }
        // Each update is answered by a request, however little it took to send it.
        if (isStuck(ctx.channel())) {
            throw new RfbException("does not read its input");
        }
        if (client.isPaused()) {
            pause(ctx);
        }
    }

    /** Nothing more is read until what is there was drawn; the loop serves others in between. */
    private void pause(ChannelHandlerContext ctx) {
        paused = true;
        ctx.channel().config().setAutoRead(false);
        // A task that is merely queued would run before the loop looks at other sockets.
        ctx.executor().schedule(() -> resume(ctx), 1, TimeUnit.MILLISECONDS);
    }

    /** What {@link ByteToMessageDecoder} does, which would read on even now, since nothing was passed on. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (paused) {
            discardSomeReadBytes();
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    private void resume(ChannelHandlerContext ctx) {
        paused = false;
        if (over || ctx.isRemoved()) {
            return;
        }
        ctx.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
        ctx.pipeline().fireChannelReadComplete();
        if (!paused && !over) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> none) {
        if (!over) {
            client.end(in);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        Throwable real = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (real instanceof RfbException) {
            failed.accept(real.getMessage());
        } else if (real instanceof IOException) {
            failed.accept("was lost: " + VncDisplay.reason(real) + client.whyItMayHaveEnded());
        } else {
            log.error("a VNC display's reader failed", real);
            failed.accept("was lost by a fault of rdpmux: " + real);
        }
    }
}
