// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDP_SEGMENTED_DATA ([MS-RDPEGFX] 2.2.5.1): how a message of the server's is wrapped on the graphics channel. The segments are
 * stored: what they hold is compressed already.
 */
public final class SegmentedData {

    /** Bytes of a segment before compression (2.2.5.1). */
    public static final int MAX_SEGMENT = 65535;

    private static final String NAME = "RDP_SEGMENTED_DATA";
    /** descriptor: one segment follows, up to the end. */
    public static final int SINGLE = 0xe0;

    private static final int MULTIPART = 0xe1;

    /** RDP8_BULK_ENCODED_DATA header: the type of RDP 8.0, without PACKET_COMPRESSED. */
    private static final int STORED = 0x04;

    private static final int COMPRESSED = 0x20;

    private SegmentedData() {}

    /** Bytes of the wrapped message. @param length 1 or more bytes of the message */
    public static int size(int length) {
        if (length <= MAX_SEGMENT) {
            return 2 + length;
        }
        return 7 + segments(length) * 5 + length;
    }

    private static int segments(int length) {
        return (length + MAX_SEGMENT - 1) / MAX_SEGMENT;
    }

    /** Wraps all readable bytes of {@code message}, which are read. */
    public static void write(ByteBuf out, ByteBuf message) {
        int length = message.readableBytes();
        if (length <= MAX_SEGMENT) {
            out.writeByte(SINGLE).writeByte(STORED).writeBytes(message);
            return;
        }
        out.writeByte(MULTIPART).writeShortLE(segments(length)).writeIntLE(length);
        while (message.isReadable()) {
            int part = Math.min(MAX_SEGMENT, message.readableBytes());
            out.writeIntLE(1 + part).writeByte(STORED).writeBytes(message, part);
        }
    }

    /** Unwraps a message of stored segments to the end of {@code out}. */
    public static void read(ByteBuf in, ByteBuf out) {
        PduException.need(in, 2, NAME, "descriptor");
        int descriptor = in.readUnsignedByte(); // 1 byte
        if (descriptor == SINGLE) {
            readSegment(in.readSlice(in.readableBytes()), out);
            return;
        }
        PduException.expect(descriptor, MULTIPART, NAME, "descriptor");
        PduException.need(in, 6, NAME, "segmentCount");
        int count = in.readUnsignedShortLE(); // 2 bytes
        long total = in.readUnsignedIntLE(); // 4 bytes
        int before = out.readableBytes();
        for (int i = 0; i < count; i++) {
            PduException.need(in, 4, NAME, "size");
            long size = in.readUnsignedIntLE(); // 4 bytes
            PduException.range(size, 1, in.readableBytes(), NAME, "size");
            readSegment(in.readSlice((int) size), out);
        }
        PduException.end(in, NAME);
        PduException.range(out.readableBytes() - before, total, total, NAME, "uncompressedSize");
    }

    private static void readSegment(ByteBuf segment, ByteBuf out) {
        int header = segment.readUnsignedByte(); // 1 byte
        PduException.expect(header & 0x0f, STORED, NAME, "header");
        PduException.expect(header & COMPRESSED, 0, NAME, "header");
        PduException.range(segment.readableBytes(), 0, MAX_SEGMENT, NAME, "data");
        out.writeBytes(segment);
    }
}
