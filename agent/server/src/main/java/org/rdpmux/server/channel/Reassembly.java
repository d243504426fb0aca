// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.rdpmux.pdu.PduException;

/**
 * Puts the parts of one channel's messages together, one message at a time. Memory grows with what has come, never with what
 * was announced; a message that comes in one part is not copied.
 */
final class Reassembly {

    /** Less is not worth growing from. */
    private static final int MIN_CAPACITY = 4096;

    private static final byte[] NOTHING = {};

    private final IntSupplier maxMessage;
    private final ReassemblyBudget budget;
    private final String structure;
    /** Taken from the budget. */
    private byte[] bytes = NOTHING;

    private int total;
    private int length;
    private boolean begun;

    /**
     * @param maxMessage bytes of the longest message, asked when one begins
     * @param structure what a PduException names, of the specification
     */
    Reassembly(IntSupplier maxMessage, ReassemblyBudget budget, String structure) {
        this.maxMessage = maxMessage;
        this.budget = budget;
        this.structure = structure;
    }

    /** True between the first part of a message and its last. */
    boolean isBegun() {
        return begun;
    }

    /** A message of this many bytes begins. */
    void begin(long size) {
        if (begun) {
            throw new PduException(structure, "length", "a message begins within another");
        }
        PduException.range(size, 0, maxMessage.getAsInt(), structure, "length");
        total = (int) size;
        begun = true;
    }

    /** True if all bytes of the message have come with this part. */
    boolean isCompletedBy(ByteBuf part) {
        return part.readableBytes() == total - length;
    }

    /**
     * The next part of the message that has begun.
     *
     * @param part borrowed
     * @return the message if this was its last byte, for the time of the call; otherwise null
     */
    ByteBuf append(ByteBuf part) {
        int size = part.readableBytes();
        PduException.range(size, 0, total - length, structure, "data");
        if (length == 0 && size == total) {
            begun = false;
            return part;
        }
        reserve(length + size);
        part.readBytes(bytes, length, size);
        length += size;
        if (length < total) {
            return null;
        }
        ByteBuf message = Unpooled.wrappedBuffer(bytes, 0, total);
        clear();
        return message;
    }

    private void reserve(int needed) {
        if (needed <= bytes.length) {
            return;
        }
        int capacity = Math.min(total, Math.max(Math.max(needed, 2 * bytes.length), MIN_CAPACITY));
        if (!budget.take(capacity - bytes.length)) {
            throw new PduException(structure, "length", "too much is unfinished on this client's channels");
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }

    /** Forgets an unfinished message. */
    void clear() {
        budget.give(bytes.length);
        bytes = NOTHING;
        length = 0;
        begun = false;
    }
}
