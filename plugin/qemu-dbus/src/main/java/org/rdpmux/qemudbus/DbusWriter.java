// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes values of a message, little-endian. Alignment counts from where the writer began, a multiple of 8 in the message. */
final class DbusWriter {

    private final ByteBuf bytes;
    private final int start;

    /** @param bytes written to from its writer index on, which stays the caller's */
    DbusWriter(ByteBuf bytes) {
        this.bytes = bytes;
        this.start = bytes.writerIndex();
    }

    DbusWriter align(int boundary) {
        int past = (bytes.writerIndex() - start) % boundary;
        if (past != 0) {
            bytes.writeZero(boundary - past);
        }
        return this;
    }

    /** {@code y}. */
    DbusWriter uint8(int value) {
        bytes.writeByte(value);
        return this;
    }

    /** {@code q}. */
    DbusWriter uint16(int value) {
        align(2);
        bytes.writeShortLE(value);
        return this;
    }

    /** {@code i}, {@code u}, {@code h} and {@code b}. */
    DbusWriter int32(int value) {
        align(4);
        bytes.writeIntLE(value);
        return this;
    }

    /** {@code s} and {@code o}. */
    DbusWriter string(String value) {
        int32(ByteBufUtil.utf8Bytes(value));
        bytes.writeCharSequence(value, StandardCharsets.UTF_8);
        bytes.writeByte(0);
        return this;
    }

    /** {@code g}. */
    DbusWriter signature(String value) {
        bytes.writeByte(value.length());
        bytes.writeCharSequence(value, StandardCharsets.US_ASCII);
        bytes.writeByte(0);
        return this;
    }

    /** An array, whose elements {@code content} writes. @param alignment of its elements */
    DbusWriter array(int alignment, Runnable content) {
        int32(0);
        int length = bytes.writerIndex() - Integer.BYTES;
        align(alignment);
        int first = bytes.writerIndex();
        content.run();
        bytes.setIntLE(length, bytes.writerIndex() - first);
        return this;
    }
}
