// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries bytes between a channel and an {@link RfbClient}. */
final class RfbHandler extends ByteToMessageDecoder {

    private static final Logger log = LoggerFactory.getLogger(RfbHandler.class);

    private final RfbClient client;
    private final Runnable ready;
    private final Consumer<String> failed;
    private boolean wasReady;
    private boolean over;

    /**
     * @param ready runs once, when the handshake is over
     * @param failed hears once why the connection ended, as the predicate of a sentence; it closes the channel
     */
    RfbHandler(RfbClient client, Runnable ready, Consumer<String> failed) {
        this.client = client;
        this.ready = ready;
        this.failed = failed;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> none) {
        if (over) {
            in.skipBytes(in.readableBytes());
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
            failed.accept("was lost: " + real.getMessage());
        } else {
            log.error("a VNC display's reader failed", real);
            failed.accept("was lost by a fault of rdpmux: " + real);
        }
    }
}
