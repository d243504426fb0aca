// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.IntConsumer;
import org.rdpmux.display.LockKeys;
import org.rdpmux.server.sharing.FrameBatch;

/**
 * What one client is sent of its console: pictures, pointers, LEDs. INVARIANT: nothing of it while no share is active.
 * Lives on the channel's loop.
 */
final class ClientOutput {

    private final ChannelHandlerContext ctx;
    private final IntConsumer drained;
    /** Set while a share is active. */
    private FrameWriter writer;

    private boolean draining;
    private int drainingBytes;
    /** The guest's LEDs, and what the client was told of them last: null if nothing. */
    private LockKeys locks;

    private LockKeys toldLocks;

    /** @param drained told how many bytes the last batch made, once the socket has taken them */
    ClientOutput(ChannelHandlerContext ctx, IntConsumer drained) {
        this.ctx = ctx;
        this.drained = drained;
    }

    /** A share is active. */
    void start(FrameWriter ofShare) {
        writer = ofShare;
    }

    /** No share is active any more, for a while or for ever. */
    void stop() {
        writer = null;
    }

    /** Sends a batch, or drops it if no share is active; releases it in any case. */
    void send(FrameBatch batch) {
        if (writer == null) {
            batch.release();
            return;
        }
        ByteBuf out = writer.write(batch, ctx.alloc());
        draining = true;
        drainingBytes = out.readableBytes();
        ctx.writeAndFlush(out);
        writabilityChanged();
    }

    /** The guest moved its pointer. A client that is behind with its pictures need not know. */
    void warp(int x, int y) {
        if (writer != null && ctx.channel().isWritable()) {
            ctx.writeAndFlush(writer.writePosition(x, y, ctx.alloc()));
        }
    }

    /** The guest's LEDs; the client is told as soon as it can take it, if they are others than it knows. */
    void locks(LockKeys leds) {
        locks = leds;
        tellLocks();
    }

    private void tellLocks() {
        boolean news = locks != null && !locks.equals(toldLocks);
        if (news && writer != null && ctx.channel().isWritable()) {
            toldLocks = locks;
            ctx.writeAndFlush(writer.writeIndicators(locks, ctx.alloc()));
        }
    }

    /** About how many bytes the socket has not taken yet, beside the batch that is under way. */
    long unread() {
        long batch = draining ? 2L * drainingBytes : 0; // in records of TLS, whose overhead is far below
        return Math.max(0, ctx.channel().bytesBeforeWritable() - batch);
    }

    /** The socket may take more. */
    void writabilityChanged() {
        if (draining && ctx.channel().isWritable()) {
            draining = false;
            drained.accept(drainingBytes);
        }
        tellLocks();
    }
}
