// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;

/**
 * The part of msgpack these messages consist of: one short array of unsigned integers, each in its shortest form. A
 * negative size slips through the guests' library as a 64 bit integer, so those are read as well; they are never written.
 */
final class MsgPack {

    /** Elements that a short array ({@code 0x9n}) can have. */
    static final int MAX_ARRAY = 15;

    private static final int FIXARRAY = 0x90;
    private static final int FIXARRAY_MASK = 0xf0;
    private static final int POSITIVE_FIXINT_MAX = 0x7f;
    private static final int UINT8 = 0xcc;
    private static final int UINT16 = 0xcd;
    private static final int UINT32 = 0xce;
    private static final int UINT64 = 0xcf;
    private static final long UINT32_MAX = 0xffff_ffffL;

    private MsgPack() {}

    /** Reads an array's head: its number of elements, 0 to {@value #MAX_ARRAY}. */
    static int readArray(ByteBuf in) {
        need(in, 1, "array");
        int head = in.readUnsignedByte();
        if ((head & FIXARRAY_MASK) != FIXARRAY) {
            throw new MalformedMessageException("message: starts with 0x%02x, not with an array".formatted(head));
        }
        return head & ~FIXARRAY_MASK;
    }

    /**
     * Reads an unsigned integer.
     *
     * @return the value; one of 64 bits as it is, so that what was a negative number in the guest is negative
     */
    static long readUnsigned(ByteBuf in, String field) {
        need(in, 1, field);
        int head = in.readUnsignedByte();
        if (head <= POSITIVE_FIXINT_MAX) {
            return head;
        }
        switch (head) {
            case UINT8:
                need(in, 1, field);
                return shortest(in.readUnsignedByte(), POSITIVE_FIXINT_MAX, field);
            case UINT16:
                need(in, 2, field);
                return shortest(in.readUnsignedShort(), 0xff, field);
            case UINT32:
                need(in, 4, field);
                return shortest(in.readUnsignedInt(), 0xffff, field);
            case UINT64:
                need(in, 8, field);
                long value = in.readLong();
                if (value >= 0) {
                    shortest(value, UINT32_MAX, field);
                }
                return value;
            default:
                throw new MalformedMessageException(
                        "message: %s starts with 0x%02x, not with an unsigned integer".formatted(field, head));
        }
    }

    private static long shortest(long value, long largestOfShorterForm, String field) {
        if (value <= largestOfShorterForm) {
            throw new MalformedMessageException("message: " + field + " " + value + " is not in its shortest form");
        }
        return value;
    }

    private static void need(ByteBuf in, int bytes, String field) {
        if (in.readableBytes() < bytes) {
            throw new MalformedMessageException("message: ends within " + field);
        }
    }

    /** Writes an array's head; {@code count} is 0 to {@value #MAX_ARRAY}. */
    static void writeArray(ByteBuf out, int count) {
        if (count < 0 || count > MAX_ARRAY) {
            throw new IllegalArgumentException("array of " + count);
        }
        out.writeByte(FIXARRAY | count);
    }

    /** Writes an unsigned integer of 0 to 2^31-1 in its shortest form. */
    static void writeUnsigned(ByteBuf out, int value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative value " + value);
        }
        if (value <= POSITIVE_FIXINT_MAX) {
            out.writeByte(value);
        } else if (value <= 0xff) {
            out.writeByte(UINT8).writeByte(value);
        } else if (value <= 0xffff) {
            out.writeByte(UINT16).writeShort(value);
        } else {
            out.writeByte(UINT32).writeInt(value);
        }
    }
}
