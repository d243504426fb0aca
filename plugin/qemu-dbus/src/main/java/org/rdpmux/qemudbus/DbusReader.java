// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads values of a message (D-Bus specification, "Marshaling"), little-endian. Each length is checked against what is there
 * before anything is made of it. Alignment counts from where the reader began, which has to be a multiple of 8 in the message.
 */
final class DbusReader {

    /** Of arrays and variants in one another. The specification allows 64; QEMU needs three. */
    static final int MAX_DEPTH = 16;

    private final ByteBuf bytes;
    private final int start;
    private final int end;

    /** @param bytes read from its reader index to its writer index, which stays the caller's */
    DbusReader(ByteBuf bytes) {
        this.bytes = bytes;
        this.start = bytes.readerIndex();
        this.end = bytes.writerIndex();
    }

    private DbusReader align(int boundary) {
        int past = (bytes.readerIndex() - start) % boundary;
        need(past == 0 ? 0 : boundary - past);
        if (past != 0) {
            bytes.skipBytes(boundary - past);
        }
        return this;
    }

    private void need(long count) {
        if (count > end - bytes.readerIndex()) {
            throw violation("message", "ends within a value");
        }
    }

    /** {@code y}. */
    int uint8() {
        need(1);
        return bytes.readUnsignedByte();
    }

    /** {@code i}, {@code u} and {@code h}; those beyond 2^31 come out negative. */
    int int32() {
        align(4).need(4);
        return bytes.readIntLE();
    }

    /** {@code b}. */
    boolean bool() {
        return int32() != 0;
    }

    /** {@code s} and {@code o}. */
    String string() {
        int length = int32();
        if (length < 0) {
            throw violation("string", "is longer than any message");
        }
        return text(length);
    }

    /** {@code g}. */
    String signature() {
        return text(uint8());
    }

    private String text(int length) {
        need(length + 1L);
        String text = bytes.readCharSequence(length, StandardCharsets.UTF_8).toString();
        if (bytes.readByte() != 0) {
            throw violation("string", "does not end with a zero");
        }
        return text;
    }

    /**
     * Begins an array.
     *
     * @param alignment of its elements: 8 for structures and dictionary entries
     * @return what {@link #isBefore} takes
     */
    int array(int alignment) {
        int length = int32();
        align(alignment);
        if (length < 0) {
            throw violation("array", "is longer than any message");
        }
        need(length);
        return bytes.readerIndex() + length;
    }

    /** Whether the array that ends there has more elements. */
    boolean isBefore(int arrayEnd) {
        if (bytes.readerIndex() > arrayEnd) {
            throw violation("array", "ends within a value");
        }
        return bytes.readerIndex() < arrayEnd;
    }

    /** Begins a structure or dictionary entry. */
    void structure() {
        align(8);
    }

    /** The bytes of an {@code ay}, as a view of the message. */
    ByteBuf byteArray() {
        int arrayEnd = array(1);
        return bytes.readSlice(arrayEnd - bytes.readerIndex());
    }

    /** Refuses what is left over. */
    void end() {
        if (bytes.readerIndex() != end) {
            throw violation("message", "has more than its signature says");
        }
    }

    /** Passes over a variant's value, its signature included. */
    void skipVariant() {
        skipAll(signature(), 0);
    }

    /** Passes over a value of this type. */
    void skip(String signature) {
        skipAll(signature, 0);
    }

    private void skipAll(String signature, int depth) {
        for (int at = 0; at < signature.length(); ) {
            at = skipOne(signature, at, depth);
        }
    }

    /** Returns where the next type begins. */
    private int skipOne(String signature, int at, int depth) {
        if (depth > MAX_DEPTH) {
            throw violation("signature", "nests too deep");
        }
        char type = signature.charAt(at);
        switch (type) {
            case 'y' -> uint8();
            case 'b', 'i', 'u', 'h' -> int32();
            case 'n', 'q' -> fixed(2);
            case 'x', 't', 'd' -> fixed(8);
            case 's', 'o' -> string();
            case 'g' -> signature();
            case 'v' -> skipAll(signature(), depth + 1);
            case 'a' -> {
                int next = typeEnd(signature, at + 1, depth + 1);
                int arrayEnd = array(alignment(signature.charAt(at + 1)));
                bytes.readerIndex(arrayEnd);
                return next;
            }
            case '(', '{' -> {
                structure();
                int next = typeEnd(signature, at, depth);
                skipAll(signature.substring(at + 1, next - 1), depth + 1);
                return next;
            }
            default -> throw violation("signature", "has a type that is unknown");
        }
        return at + 1;
    }

    private void fixed(int size) {
        align(size).need(size);
        bytes.skipBytes(size);
    }

    private static int alignment(char type) {
        return switch (type) {
            case 'y', 'g', 'v' -> 1;
            case 'n', 'q' -> 2;
            case 'x', 't', 'd', '(', '{' -> 8;
            default -> 4;
        };
    }

    /** Where the complete type that begins there ends. */
    private static int typeEnd(String signature, int at, int depth) {
        if (at >= signature.length() || depth > MAX_DEPTH) {
            throw violation("signature", "is incomplete or nests too deep");
        }
        char type = signature.charAt(at);
        if (type == 'a') {
            return typeEnd(signature, at + 1, depth + 1);
        }
        if (type != '(' && type != '{') {
            return at + 1;
        }
        char closing = type == '(' ? ')' : '}';
        int next = at + 1;
        while (next < signature.length() && signature.charAt(next) != closing) {
            next = typeEnd(signature, next, depth + 1);
        }
        if (next >= signature.length()) {
            throw violation("signature", "is incomplete or nests too deep");
        }
        return next + 1;
    }
}
