// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.rdpmux.testkit.codec.Rdp8Decompressor;

/** What a fuzzer tries with each encoder: a guest may show any pixels, and they must come out as they were. */
final class CodecTargets {

    static final Map<String, Consumer<byte[]>> ALL = new TreeMap<>(Map.of(
            "clearCodec",
            bytes -> lossless(bytes, SurfaceEncoderTest.Codec.CLEAR),
            "planar",
            bytes -> lossless(bytes, SurfaceEncoderTest.Codec.PLANAR),
            "progressive",
            CodecTargets::progressive,
            "bulk",
            CodecTargets::bulk));

    private CodecTargets() {}

    private static void lossless(byte[] bytes, SurfaceEncoderTest.Codec codec) {
        TestImage image = image(bytes);
        SurfaceEncoderTest.check(codec.encoder(), codec.decoder(), image);
    }

    private static void progressive(byte[] bytes) {
        TestImage image = image(bytes);
        for (RfxQuality quality : RfxQuality.values()) {
            ProgressiveTileEncoder encoder = new ProgressiveTileEncoder(quality);
            ByteBuf out = Unpooled.buffer();
            encoder.encode(image.array(), 0, image.stride(), image.width(), image.height(), 0, 0, out);
            assertTrue(out.readableBytes() <= encoder.maxBytes());
            out.release();
        }
    }

    private static void bulk(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > Rdp8Compressor.MAX_SEGMENT) {
            return;
        }
        ByteBuf out = Unpooled.buffer();
        new Rdp8Compressor().compress(Unpooled.wrappedBuffer(bytes), out);
        assertTrue(out.readableBytes() <= Rdp8Compressor.maxBytes(bytes.length));
        assertArrayEquals(bytes, new Rdp8Decompressor().decompress(ByteBufUtil.getBytes(out)));
        out.release();
    }

    /** Width, height, how many bytes make a pixel; then pixels, over and over. */
    private static TestImage image(byte[] bytes) {
        int width = 1 + (at(bytes, 0) & 63);
        int height = 1 + (at(bytes, 1) & 63);
        int pixelBytes = 1 + at(bytes, 2) % 3;
        int[] pixels = new int[width * height];
        int from = 3;
        for (int i = 0; i < pixels.length; i++) {
            for (int j = 0; j < pixelBytes; j++) {
                pixels[i] = pixels[i] << 8 | at(bytes, from);
                from = from + 1 < bytes.length ? from + 1 : 3;
            }
        }
        return new TestImage("fuzzed", width, height, 0, width, pixels);
    }

    private static int at(byte[] bytes, int index) {
        return index < bytes.length ? bytes[index] & 0xff : 0;
    }
}
