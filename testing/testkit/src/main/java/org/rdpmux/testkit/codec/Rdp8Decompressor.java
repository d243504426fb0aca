// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import org.rdpmux.pdu.gfx.SegmentedData;

/** Reads RDP8_BULK_ENCODED_DATA, [MS-RDPEGFX] 2.2.5.3 and 3.1.9.1, one segment of a channel after the other. */
public final class Rdp8Decompressor {

    private static final int HISTORY = 2_500_000;
    private static final int STORED = 0x04;
    private static final int COMPRESSED = 0x24;
    private static final int MAX_SEGMENT = 65535;

    /** The codes of bytes that have one of their own, and these bytes. */
    private static final String[] LITERALS = {
        "11000 00",
        "11001 01",
        "110100 02",
        "110101 03",
        "110110 ff",
        "1101110 04",
        "1101111 05",
        "1110000 06",
        "1110001 07",
        "1110010 08",
        "1110011 09",
        "1110100 0a",
        "1110101 0b",
        "1110110 3a",
        "1110111 3b",
        "1111000 3c",
        "1111001 3d",
        "1111010 3e",
        "1111011 3f",
        "1111100 40",
        "1111101 80",
        "11111100 0c",
        "11111101 38",
        "11111110 39",
        "11111111 66"
    };

    /** The codes of matches, how many bits of distance follow, and what is added to them. */
    private static final String[] MATCHES = {
        "10001 5 0",
        "10010 7 32",
        "10011 9 160",
        "10100 10 672",
        "10101 12 1696",
        "101100 14 5792",
        "101101 15 22176",
        "1011100 18 54944",
        "1011101 20 317088",
        "10111100 20 1365664",
        "10111101 21 2414240"
    };

    private final byte[] history = new byte[HISTORY];
    private int written;
    private byte[] segment;
    private int at;
    private int end;
    private ByteArrayOutputStream out;

    /** A message of the graphics channel, unwrapped (RDP_SEGMENTED_DATA): one segment, or several that are stored. */
    public ByteBuf unwrap(ByteBuf wrapped) {
        if (wrapped.getUnsignedByte(wrapped.readerIndex()) == SegmentedData.SINGLE) {
            byte[] single = new byte[wrapped.readableBytes() - 1];
            wrapped.skipBytes(1).readBytes(single);
            return Unpooled.wrappedBuffer(decompress(single));
        }
        ByteBuf message = Unpooled.buffer();
        SegmentedData.read(wrapped, message);
        return message;
    }

    /**
     * Decodes the next segment.
     *
     * @throws BitmapFormatException if it is none
     */
    public byte[] decompress(byte[] bulkEncodedData) {
        segment = bulkEncodedData;
        out = new ByteArrayOutputStream();
        if (segment.length < 2 || segment[0] != STORED && segment[0] != COMPRESSED) {
            throw new BitmapFormatException("no RDP8_BULK_ENCODED_DATA");
        }
        if (segment[0] == STORED) {
            for (int i = 1; i < segment.length; i++) {
                write(segment[i]);
            }
        } else {
            int unused = segment[segment.length - 1] & 0xff;
            at = 8;
            end = 8 * (segment.length - 1) - unused;
            if (unused > 7 || end < at) {
                throw new BitmapFormatException(unused + " unused bits");
            }
            while (at < end) {
                token();
            }
        }
        return out.toByteArray();
    }

    private void token() {
        StringBuilder code = new StringBuilder();
        while (code.length() < 9) {
            code.append(bits(1));
            if (code.toString().equals("0")) {
                write((byte) bits(8));
                return;
            }
            for (String literal : LITERALS) {
                if (literal.startsWith(code + " ")) {
                    write((byte) Integer.parseInt(literal.substring(code.length() + 1), 16));
                    return;
                }
            }
            for (String match : MATCHES) {
                if (match.startsWith(code + " ")) {
                    String[] fields = match.split(" ");
                    match(Integer.parseInt(fields[2]) + bits(Integer.parseInt(fields[1])));
                    return;
                }
            }
        }
        throw new BitmapFormatException("no such token: " + code);
    }

    private void match(int distance) {
        if (distance == 0) {
            int count = bits(15);
            at = at + 7 & ~7;
            for (int i = 0; i < count; i++) {
                write((byte) bits(8));
            }
            return;
        }
        if (distance > Math.min(written, HISTORY)) {
            throw new BitmapFormatException("a match " + distance + " back of " + written);
        }
        int ones = 0;
        while (bits(1) == 1) {
            ones++;
        }
        int length = ones == 0 ? 3 : (2 << ones) + bits(ones + 1);
        for (int i = 0; i < length; i++) {
            write(history[(written - distance) % HISTORY]);
        }
    }

    private void write(byte value) {
        if (out.size() == MAX_SEGMENT) {
            throw new BitmapFormatException("a segment of more than " + MAX_SEGMENT + " bytes");
        }
        history[written++ % HISTORY] = value;
        out.write(value);
    }

    private int bits(int count) {
        if (count > 24 || at + count > end) {
            throw new BitmapFormatException(count + " bits at " + at + " of " + end);
        }
        int value = 0;
        for (int i = 0; i < count; i++, at++) {
            value = value << 1 | segment[at >> 3] >> 7 - (at & 7) & 1;
        }
        return value;
    }
}
