// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.PduException;

/**
 * Cuts the byte stream into PDUs: each goes on as a buffer of its own, which the next handler releases. A client has a share
 * of its loop, which it shares with others: so many PDUs in one turn, so many in a second. It is read from no further
 * meanwhile, and nothing is passed on while the {@link ReadGate} is closed.
 */
final class FrameDecoder extends ByteToMessageDecoder {

    /** The smallest PDUs take some microseconds each; others wait no longer than for this many, and a turn of each client. */
    static final int TURN_PDUS = 64;

    /** Larger PDUs are counted by their bytes. */
    static final int TURN_BYTES = 64 << 10;

    /** More than people and their mice send by far; a client that sends more is read from at this rate. */
    static final int SECOND_PDUS = 4000;

    /** What a client may send at once after a pause. */
    static final int BURST_PDUS = 1000;

    private static final long NANOS_PER_PDU = TimeUnit.SECONDS.toNanos(1) / SECOND_PDUS;
    /** A task that is merely queued would run before the loop looks at other sockets. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LongSupplier clock;
    private ReadGate gate;
    private int pdus;
    private int bytes;
    /** When the PDUs so far are paid for, at the rate that is allowed. */
    private long paidAt;

    private Future<?> next;

    FrameDecoder() {
        this(System::nanoTime);
    }

    FrameDecoder(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        gate = ReadGate.of(ctx.channel());
        gate.whenOpen(() -> goOn(ctx));
        paidAt = clock.getAsLong();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (next != null) {
            next.cancel(false);
            gate.open(ReadGate.Reason.SHARE);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!gate.isOpen()) {
            return;
        }
        int length;
        try {
            length = FrameSplitter.nextLength(in, FrameSplitter.MAX_CLIENT_LENGTH);
        } catch (PduException e) {
            in.skipBytes(in.readableBytes()); // nobody knows where the next PDU begins
            throw e;
        }
        if (length != FrameSplitter.INCOMPLETE && in.readableBytes() >= length) {
            out.add(in.readRetainedSlice(length));
            account(ctx, length);
        }
    }

    private void account(ChannelHandlerContext ctx, int length) {
        pdus++;
        bytes += length;
        if (pdus >= TURN_PDUS || bytes >= TURN_BYTES) {
            long now = clock.getAsLong();
            paidAt = Math.max(paidAt, now - BURST_PDUS * NANOS_PER_PDU) + pdus * NANOS_PER_PDU;
            pdus = 0;
            bytes = 0;
            gate.close(ReadGate.Reason.SHARE);
            next = ctx.executor()
                    .schedule(
                            () -> gate.open(ReadGate.Reason.SHARE),
                            Math.max(TURN_NANOS, paidAt - now),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        if (ctx.isRemoved()) {
            return;
        }
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            channelReadComplete(ctx);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }
}
