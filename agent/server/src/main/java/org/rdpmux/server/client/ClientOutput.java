// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.server.client.OutputScheduler.Kind;

/**
 * Moves to the socket what the {@link OutputScheduler} gives out: as much as the socket takes, and no more than {@link
 * #WATER_MARK} beyond. Nobody else writes to a client. Lives on the channel's loop.
 */
public final class ClientOutput {

    private static final int LOW_WATER = 32 << 10;
    private static final int HIGH_WATER = 64 << 10;

    /**
     * How much waits in front of the socket: for every channel that carries a client. Below the low mark it is ready for
     * more, enough to keep it busy while that is made.
     */
    public static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(LOW_WATER, HIGH_WATER);

    /** What TLS may have answered by itself and the client left unread before it is sent away. */
    private static final int MAX_UNREAD = 64 << 10;

    /** What may be in front of the socket without TLS having answered: a piece, in records of TLS, beyond the high mark. */
    private static final int MAX_OWN = HIGH_WATER + 2 * OutputScheduler.PIECE;

    private final ChannelHandlerContext ctx;
    private final Runnable drained;
    private final OutputScheduler scheduler = new OutputScheduler();
    /** See {@link #feedBulk}. */
    private Runnable bulk = () -> {};

    private boolean flushing;
    private boolean draining;

    /** @param drained see {@link #tellWhenDrained} */
    public ClientOutput(ChannelHandlerContext ctx, Runnable drained) {
        this.ctx = ctx;
        this.drained = drained;
    }

    ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    /**
     * Sends a PDU with the next {@link #flush}.
     *
     * @return false if too much of the kind waits already: it will not be sent
     */
    public boolean send(Kind kind, Pdu pdu) {
        ByteBuf out = ctx.alloc().heapBuffer(pdu.size());
        pdu.encode(out);
        return scheduler.offer(kind, out);
    }

    /** Sends whole PDUs with the next {@link #flush}; see {@link OutputScheduler#offer}. */
    public boolean send(Kind kind, ByteBuf pdus) {
        return scheduler.offer(kind, pdus);
    }

    /** See {@link OutputScheduler#waiting}. */
    int waiting(Kind kind) {
        return scheduler.waiting(kind);
    }

    /** Forgets what waits of a kind; see {@link OutputScheduler#discard}. */
    void discard(Kind kind) {
        scheduler.discard(kind);
    }

    /** What waits now goes out before anything that comes later: a share begins or ends here. */
    void fence() {
        scheduler.fence();
    }

    /** Asks to be told once the socket has taken the picture that was sent last and is ready for the next. */
    void tellWhenDrained() {
        draining = true;
    }

    /**
     * Has a source asked for more whenever nothing of {@link Kind#BULK} waits, so that what is long need not wait here.
     *
     * @param source {@linkplain #send sends} some, or nothing if it has nothing
     */
    void feedBulk(Runnable source) {
        bulk = source;
    }

    /** Hands the socket what it takes now. To be called when there is something to send, and when the socket has room. */
    public void flush() {
        if (flushing) {
            return; // the socket's room has changed while we write: the loop below sees it
        }
        flushing = true;
        try {
            while (writeSome()) {
                ctx.flush();
            }
        } finally {
            flushing = false;
        }
        if (draining && isWritable() && !scheduler.waits(Kind.SHAPE) && !scheduler.waits(Kind.PIXELS)) {
            draining = false;
            drained.run();
        }
    }

    private boolean writeSome() {
        boolean written = false;
        while (isWritable()) {
            if (!scheduler.waits(Kind.BULK)) {
                bulk.run();
            }
            ByteBuf piece = scheduler.next();
            if (piece == null) {
                break;
            }
            ctx.write(piece);
            written = true;
        }
        return written;
    }

    private boolean isWritable() {
        return ctx.channel().isWritable();
    }

    /** Hands the socket all that waits, whether it takes it or not: before TLS begins, and before the end. */
    public void finish() {
        for (ByteBuf piece = scheduler.next(); piece != null; piece = scheduler.next()) {
            ctx.write(piece);
        }
        ctx.flush();
    }

    /** Forgets all that waits. */
    public void clear() {
        scheduler.clear();
    }

    /** True if far more waits in front of the socket than was sent from here: TLS answers, and nobody reads it. */
    public boolean isOverrun() {
        Channel channel = ctx.channel();
        // Of a channel that has ended Netty says Long.MAX_VALUE.
        return channel.isActive() && channel.bytesBeforeWritable() > MAX_OWN + MAX_UNREAD;
    }
}
