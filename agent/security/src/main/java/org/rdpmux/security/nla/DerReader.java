// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.Arrays;

/**
 * Reads DER (X.690) front to back as its caller's schema says: definite lengths in their shortest form, nothing beyond the
 * enclosing element, copies only of what is asked for. It never recurses by itself, so nesting costs a sender nothing and us
 * nothing.
 */
final class DerReader {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int ENUMERATED = 0x0A;
    static final int SEQUENCE = 0x30;

    /** Lengths beyond 24 bits are longer than anything we accept. */
    private static final int MAX_LENGTH_BYTES = 3;

    private final byte[] data;
    private final int limit;
    private int position;

    DerReader(byte[] data) {
        this(data, 0, data.length);
    }

    private DerReader(byte[] data, int position, int limit) {
        this.data = data;
        this.position = position;
        this.limit = limit;
    }

    /** Tag of the constructed, context-specific element {@code number}. */
    static int context(int number) {
        return 0xA0 | number;
    }

    boolean hasMore() {
        return position < limit;
    }

    int remaining() {
        return limit - position;
    }

    /** Whether the next element has {@code tag}; false at the end. */
    boolean at(int tag) {
        return position < limit && (data[position] & 0xFF) == tag;
    }

    /** Steps into the next element, which must have {@code tag}, and past it here. */
    DerReader enter(int tag, String field) {
        if (!hasMore()) {
            throw new NlaException(field + " is missing");
        }
        int found = data[position++] & 0xFF;
        if (found != tag) {
            throw new NlaException(String.format("%s has tag 0x%02x; expected 0x%02x", field, found, tag));
        }
        int length = length(field);
        if (length > limit - position) {
            throw new NlaException(
                    field + " has " + length + " bytes but only " + (limit - position) + " are left around it");
        }
        DerReader inside = new DerReader(data, position, position + length);
        position += length;
        return inside;
    }

    /** The contents of the next element, at most {@code max} bytes. */
    byte[] bytes(int tag, String field, int max) {
        return enter(tag, field).rest(field, max);
    }

    /** The next element with its tag and length, at most {@code max} bytes. */
    byte[] whole(int tag, String field, int max) {
        int start = position;
        enter(tag, field);
        return new DerReader(data, start, position).rest(field, max);
    }

    /** A 32-bit INTEGER or ENUMERATED as two's complement. */
    int number(int tag, String field) {
        byte[] content = bytes(tag, field, Integer.BYTES);
        if (content.length == 0) {
            throw new NlaException(field + " is an empty number");
        }
        if (content.length > 1 && (content[0] == 0 && content[1] >= 0 || content[0] == -1 && content[1] < 0)) {
            throw new NlaException(field + " is a number that is not in its shortest form");
        }
        int value = content[0];
        for (int i = 1; i < content.length; i++) {
            value = value << 8 | content[i] & 0xFF;
        }
        return value;
    }

    /** The number alone in the explicit context-specific element {@code context}. */
    int explicitNumber(int context, int tag, String field) {
        DerReader inside = enter(context(context), field);
        int value = inside.number(tag, field);
        inside.end(field);
        return value;
    }

    /** The contents of the element alone in the explicit context-specific element {@code context}; null if that is absent. */
    byte[] explicitBytes(int context, int tag, String field, int max) {
        if (!at(context(context))) {
            return null;
        }
        DerReader inside = enter(context(context), field);
        byte[] value = inside.bytes(tag, field, max);
        inside.end(field);
        return value;
    }

    /** Refuses anything that is left. */
    void end(String structure) {
        if (hasMore()) {
            throw new NlaException(structure + " has " + (limit - position) + " unexpected bytes");
        }
    }

    private byte[] rest(String field, int max) {
        if (limit - position > max) {
            throw new NlaException(field + " has " + (limit - position) + " bytes; at most " + max + " are allowed");
        }
        return Arrays.copyOfRange(data, position, limit);
    }

    private int length(String field) {
        int first = next(field);
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7F;
        if (count == 0 || count > MAX_LENGTH_BYTES) {
            throw new NlaException(String.format("%s has a length that begins with 0x%02x", field, first));
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | next(field);
        }
        if (length < 0x80 || length >>> 8 * (count - 1) == 0) {
            throw new NlaException(field + " has a length that is not in its shortest form");
        }
        return length;
    }

    private int next(String field) {
        if (!hasMore()) {
            throw new NlaException(field + " ends within its length");
        }
        return data[position++] & 0xFF;
    }
}
