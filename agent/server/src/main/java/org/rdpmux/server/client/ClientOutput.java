// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.rdpmux.display.LockKeys;
import org.rdpmux.server.console.FrameBatch;

/**
 * What one client is sent of its console: pictures, pointers, LEDs. INVARIANT: nothing of it while no share is active.
 * Lives on the channel's loop.
 */
public final class ClientOutput {

    /**
     * How long a client gets to say which locks its keyboard has. The guest is to follow it then; told of the guest's
     * before, it would follow the guest, and whoever connects would have Caps Lock on because somebody left it on.
     */
    static final long LOCKS_MILLIS = 1000;

    private final ChannelHandlerContext ctx;
    private final IntConsumer drained;
    /** Set while a share is active. */
    private FrameWriter writer;

    private boolean draining;
    private int drainingBytes;
    /** The guest's locks, and those the client has: null if nothing is known. */
    private LockKeys locks;

    private LockKeys clientLocks;
    /** There are locks that the client has not been told. */
    private boolean locksOwed;
    /** The client has said which locks it has, or had its time to. */
    private boolean locksHeard;

    private ScheduledFuture<?> hearing;

    /** @param drained told how many bytes the last batch made, once the socket has taken them */
    public ClientOutput(ChannelHandlerContext ctx, IntConsumer drained) {
        this.ctx = ctx;
        this.drained = drained;
    }

    /** A share is active. */
    public void start(FrameWriter ofShare) {
        writer = ofShare;
        if (locksHeard) {
            tellLocks();
        } else {
            hearing = ctx.executor().schedule(this::heard, LOCKS_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** No share is active any more, for a while or for ever. */
    public void stop() {
        writer = null;
        if (hearing != null) {
            hearing.cancel(false);
        }
    }

    /** Sends a batch, or drops it if no share is active; releases it in any case. */
    public void send(FrameBatch batch) {
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
    public void warp(int x, int y) {
        if (writer != null && ctx.channel().isWritable()) {
            ctx.writeAndFlush(writer.writePosition(x, y, ctx.alloc()));
        }
    }

    /** The guest's locks; the client is told as soon as it can take it, if its own differ. */
    public void locks(LockKeys ofGuest) {
        locks = ofGuest;
        locksOwed = true;
        tellLocks();
    }

    /** The locks of the client's keyboard: the guest is about to follow. */
    public void clientLocks(LockKeys own) {
        clientLocks = own;
        locksOwed = false;
        locksHeard = true;
    }

    private void heard() {
        locksHeard = true;
        tellLocks();
    }

    private void tellLocks() {
        if (locksOwed && locksHeard && writer != null && ctx.channel().isWritable()) {
            locksOwed = false;
            if (!locks.equals(clientLocks)) {
                clientLocks = locks;
                ctx.writeAndFlush(writer.writeIndicators(locks, ctx.alloc()));
            }
        }
    }

    /** About how many bytes the socket has not taken yet, beside the batch that is under way; 0 if it is closed. */
    public long unread() {
        if (!ctx.channel().isActive()) {
            return 0; // where Netty says Long.MAX_VALUE
        }
        long batch = draining ? 2L * drainingBytes : 0; // in records of TLS, whose overhead is far below
        return Math.max(0, ctx.channel().bytesBeforeWritable() - batch);
    }

    /** The socket may take more. */
    public void writabilityChanged() {
        if (draining && ctx.channel().isWritable()) {
            draining = false;
            drained.accept(drainingBytes);
        }
        tellLocks();
    }
}
