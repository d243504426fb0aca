// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.rdpmux.pdu.FrameSplitter;

/**
 * Decides what one client is sent next. All that waits for a client waits here, within bounds, and comes out in pieces of at
 * most {@link #PIECE} bytes, so that what is urgent has no more in front of it than the socket already has. It does no I/O:
 * whoever drives it asks for the next piece whenever the socket takes one. Used by one thread.
 *
 * <p>The order is start-time fair queueing: each {@link Kind} has a share of the bytes by its weight, and a kind that comes
 * back after a pause is next at once. So an echo of the keyboard overtakes a clipboard, and the clipboard still gets its
 * share while the screen never rests.
 */
public final class OutputScheduler {

    /** Bytes of a piece, unless a single PDU is longer: some records of TLS, and no more than a socket takes in one go. */
    public static final int PIECE = 64 << 10;

    private enum Rule {
        NONE,
        /** What waits makes way for what comes. */
        NEWEST,
        /** Nothing may come between its PDUs: they are fragments of one update. */
        UNBROKEN
    }

    /** What a client is sent. Where two kinds are next, the one that stands first here is. */
    public enum Kind {
        /** Answers of the connection sequence. A client that makes more than it reads is sent away. */
        ANSWER(64, 64 << 10),
        /** The guest's lock keys: the newest count, and nothing else. */
        INDICATORS(64, Rule.NEWEST),
        /** Where the guest moved the pointer: the newest counts, and nothing else. */
        POSITION(64, Rule.NEWEST),
        /** Pointer shapes; the bound is beyond the largest shape there is. */
        SHAPE(64, 1 << 20, Rule.UNBROKEN),
        /** Channel data that is of no use when it is late: echo requests, sound. */
        REALTIME(16, 64 << 10),
        /** Tiles. The bound is beyond the largest batch that a window allows, and there is one batch at a time. */
        PIXELS(8, 8 << 20),
        /** Channel data that has time: clipboard, files. */
        BULK(1, 256 << 10);

        private final int weight;
        private final int bound;
        private final Rule rule;

        Kind(int weight, int bound) {
            this(weight, bound, Rule.NONE);
        }

        Kind(int weight, Rule rule) {
            this(weight, PIECE, rule);
        }

        Kind(int weight, int bound, Rule rule) {
            this.weight = weight;
            this.bound = bound;
            this.rule = rule;
        }
    }

    /** What waits of one kind. */
    private static final class Queue {
        final Kind kind;
        final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(2);
        int bytes;
        /** When its next piece is due, in the scheduler's time. */
        long due;
        /** A part of its first entry is out. */
        boolean begun;

        Queue(Kind kind) {
            this.kind = kind;
        }
    }

    /** Bytes that may wait in all: more than all kinds together, so that it binds what was fenced off. */
    private static final int BOUND = 12 << 20;

    /** In the scheduler's time a byte takes this, divided by its kind's weight. */
    private static final long BYTE_TICKS = 64;

    private final Queue[] queues;
    /** Pieces that go out before all else, in this order: see {@link #fence}. */
    private ArrayDeque<ByteBuf> fenced = new ArrayDeque<>(0);

    private int bytes;
    private long now;

    public OutputScheduler() {
        queues = Arrays.stream(Kind.values()).map(Queue::new).toArray(Queue[]::new);
    }

    /**
     * Takes something to send.
     *
     * @param pdus whole PDUs; taken over, and released if refused
     * @return false if too much waits already: it will not be sent
     */
    public boolean offer(Kind kind, ByteBuf pdus) {
        if (kind.rule == Rule.NEWEST) {
            discard(kind);
        }
        Queue queue = queues[kind.ordinal()];
        int size = pdus.readableBytes();
        if (size == 0) {
            pdus.release();
            return true;
        }
        if (size > kind.bound - queue.bytes || size > BOUND - bytes) {
            pdus.release();
            return false;
        }
        if (queue.waiting.isEmpty()) {
            queue.due = Math.max(queue.due, now);
        }
        queue.waiting.add(pdus);
        queue.bytes += size;
        bytes += size;
        return true;
    }

    /** Forgets what waits of a kind. Not for kinds whose entries come out in pieces. */
    public void discard(Kind kind) {
        Queue queue = queues[kind.ordinal()];
        queue.waiting.forEach(ByteBuf::release);
        queue.waiting.clear();
        bytes -= queue.bytes;
        queue.bytes = 0;
    }

    /** What waits now goes out before anything that comes later: a share begins or ends here. */
    public void fence() {
        ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
        for (ByteBuf piece = next(); piece != null; piece = next()) {
            pieces.add(piece);
            bytes += piece.readableBytes();
        }
        fenced = pieces;
    }

    /**
     * The next piece to send.
     *
     * @return a buffer of the caller's that ends where a PDU ends; null if nothing waits
     */
    public ByteBuf next() {
        if (!fenced.isEmpty()) {
            ByteBuf piece = fenced.poll();
            bytes -= piece.readableBytes();
            return piece;
        }
        Queue queue = nextQueue();
        return queue == null ? null : take(queue);
    }

    private Queue nextQueue() {
        Queue next = null;
        for (Queue queue : queues) {
            if (queue.begun && queue.kind.rule == Rule.UNBROKEN) {
                return queue;
            }
            if (!queue.waiting.isEmpty() && (next == null || queue.due < next.due)) {
                next = queue;
            }
        }
        return next;
    }

    private ByteBuf take(Queue queue) {
        ByteBuf entry = queue.waiting.peek();
        int size = pieceOf(entry);
        queue.begun = size < entry.readableBytes();
        ByteBuf piece = queue.begun ? entry.readRetainedSlice(size) : queue.waiting.poll();
        queue.bytes -= size;
        bytes -= size;
        now = queue.due;
        queue.due += size * BYTE_TICKS / queue.kind.weight;
        if (bytes == 0) { // nobody has to wait for what was sent while nobody else wanted to
            for (Queue each : queues) {
                now = Math.max(now, each.due);
            }
        }
        return piece;
    }

    /** How many of an entry's bytes go out at once. */
    private static int pieceOf(ByteBuf pdus) {
        if (pdus.readableBytes() <= PIECE) {
            return pdus.readableBytes();
        }
        int start = pdus.readerIndex();
        int length = 0;
        int next = FrameSplitter.nextLength(pdus, PIECE);
        while (length + next <= PIECE) {
            length += next;
            pdus.readerIndex(start + length);
            next = FrameSplitter.nextLength(pdus, PIECE);
        }
        pdus.readerIndex(start);
        return length;
    }

    /** Bytes of a kind that are not out yet, beside what a fence holds. */
    public int waiting(Kind kind) {
        return queues[kind.ordinal()].bytes;
    }

    /** True while something of the kind is not out yet. */
    public boolean waits(Kind kind) {
        return !fenced.isEmpty() || !queues[kind.ordinal()].waiting.isEmpty();
    }

    /** Forgets everything. */
    public void clear() {
        for (Queue queue : queues) {
            discard(queue.kind);
        }
        fenced.forEach(ByteBuf::release);
        fenced.clear();
        bytes = 0;
    }
}
