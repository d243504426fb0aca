// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.testkit.codec.BitmapDecoder;

/** Encodes pictures and lets the test kit's decoder have them back. */
record RoundTrip(Encoding encoding, byte[] bytes) {

    /** Encodes a picture; fails unless it comes back as reduction makes it, and within the promised number of bytes. */
    static RoundTrip check(FrameEncoder encoder, TestImage image) {
        RoundTrip result = encode(encoder, image);
        assertTrue(result.bytes.length <= encoder.maxBytes(image.width(), image.height()), image::name);
        int wireWidth = FrameEncoder.wireWidth(image.width());
        int bits = encoder.depth().bits();
        int[] decoded = BitmapDecoder.decode(
                result.bytes, bits, result.encoding == Encoding.COMPRESSED, wireWidth, image.height());
        assertArrayEquals(expected(image, encoder.depth()), decoded, image::name);
        return result;
    }

    static RoundTrip encode(FrameEncoder encoder, TestImage image) {
        ByteBuf out = Unpooled.buffer();
        try {
            out.writeByte(0x55);
            Encoding encoding =
                    encoder.encode(image.array(), image.offset(), image.stride(), image.width(), image.height(), out);
            assertEquals(0x55, out.readByte());
            return new RoundTrip(encoding, ByteBufUtil.getBytes(out));
        } finally {
            out.release();
        }
    }

    /** The picture after reduction, its last column repeated up to the width on the wire. */
    private static int[] expected(TestImage image, PixelDepth depth) {
        int wireWidth = FrameEncoder.wireWidth(image.width());
        int[] source = image.pixels();
        int[] result = new int[wireWidth * image.height()];
        for (int i = 0; i < result.length; i++) {
            int x = Math.min(i % wireWidth, image.width() - 1);
            int pixel = source[i / wireWidth * image.width() + x];
            result[i] = BitmapDecoder.widen(depth.reduce(pixel), depth.bits());
        }
        return result;
    }

    int length() {
        return bytes.length;
    }
}
