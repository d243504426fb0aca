// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rdpmux.codec.TestImage.Kind;
import org.rdpmux.testkit.codec.BitmapDecoder;
import org.rdpmux.testkit.codec.ClearCodecDecoder;

/** What holds for every lossless codec of the graphics pipeline: a client gets back what was encoded. */
class SurfaceEncoderTest {

    /** A connection's decoder. */
    interface Decoder {
        int[] decode(byte[] bitmap, int width, int height);
    }

    /** A codec with its encoder and its decoder in the test kit. */
    enum Codec {
        CLEAR(ClearCodecEncoder::new) {
            @Override
            Decoder decoder() {
                ClearCodecDecoder decoder = new ClearCodecDecoder();
                int[] sequence = new int[1];
                return (bitmap, width, height) -> {
                    byte[] numbered = bitmap.clone();
                    numbered[ClearCodecEncoder.SEQUENCE_NUMBER] = (byte) sequence[0]++;
                    return decoder.decode(numbered, width, height);
                };
            }

            @Override
            Decoder decoder(FreeRdp client) {
                return client::clearCodec;
            }
        },
        PLANAR(PlanarSurfaceEncoder::new) {
            @Override
            Decoder decoder() {
                return (bitmap, width, height) -> flip(BitmapDecoder.decode(bitmap, 32, true, width, height), width);
            }

            @Override
            Decoder decoder(FreeRdp client) {
                return client::planar;
            }
        };

        private final Supplier<SurfaceEncoder> encoder;

        Codec(Supplier<SurfaceEncoder> encoder) {
            this.encoder = encoder;
        }

        SurfaceEncoder encoder() {
            return encoder.get();
        }

        abstract Decoder decoder();

        abstract Decoder decoder(FreeRdp client);
    }

    static Stream<Arguments> codecsAndClients() {
        return Stream.of(Codec.values()).flatMap(codec -> Stream.of(Arguments.of(codec, 2), Arguments.of(codec, 3)));
    }

    @ParameterizedTest
    @MethodSource("codecsAndClients")
    void clientsShowWhatWasEncoded(Codec codec, int version) {
        SurfaceEncoder encoder = codec.encoder();
        try (FreeRdp client = FreeRdp.open(version)) {
            Decoder decoder = codec.decoder(client);
            for (TestImage image : images()) {
                check(encoder, decoder, image);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.rdpmux.codec.SurfaceEncoderTest#codecs")
    void theSpecificationsDecoderShowsWhatWasEncoded(Codec codec) {
        SurfaceEncoder encoder = codec.encoder();
        Decoder decoder = codec.decoder();
        for (TestImage image : images()) {
            check(encoder, decoder, image);
        }
    }

    static Stream<Codec> codecs() {
        return Stream.of(Codec.values());
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void givesEqualBytesForEqualPixelsWhateverCameBefore(Codec codec) {
        SurfaceEncoder encoder = codec.encoder();
        TestImage image = TestImage.of(Kind.COLOURED_TEXT, 61, 40, 3);
        byte[] first = encode(encoder, image);
        encode(encoder, TestImage.of(Kind.NOISE, 64, 64, 5));
        encode(encoder, TestImage.of(Kind.FEW_COLOURS, 64, 64, 5));
        assertArrayEquals(first, encode(encoder, image));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void refusesSizesOutOfRangeAndWritesNothing(Codec codec) {
        SurfaceEncoder encoder = codec.encoder();
        int[] pixels = new int[64];
        ByteBuf out = Unpooled.buffer();
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 8, 0, 8, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 8, 8, 0, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 7, 8, 8, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 8193, 8193, 1, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 4096, 4096, 4096, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, 1, 8, 8, 8, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, -1, 8, 8, 8, out));
        assertEquals(0, out.readableBytes());
        out.release();
    }

    static void check(SurfaceEncoder encoder, Decoder decoder, TestImage image) {
        byte[] bitmap = encode(encoder, image);
        assertTrue(bitmap.length <= encoder.maxBytes(image.width(), image.height()), image::name);
        assertArrayEquals(image.pixels(), decoder.decode(bitmap, image.width(), image.height()), image::name);
    }

    static byte[] encode(SurfaceEncoder encoder, TestImage image) {
        ByteBuf out = Unpooled.buffer();
        try {
            out.writeByte(0x55);
            encoder.encode(image.array(), image.offset(), image.stride(), image.width(), image.height(), out);
            assertEquals(0x55, out.readByte());
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }

    /** Every kind in every width and height up to 64, whole tiles of every kind, collages, and some that are larger. */
    static List<TestImage> images() {
        List<TestImage> images = new ArrayList<>();
        for (int size = 1; size <= 64; size++) {
            for (Kind kind : Kind.values()) {
                images.add(TestImage.of(kind, size, 1 + size * 7 % 64, size));
                images.add(TestImage.of(kind, 1 + size * 5 % 64, size, size));
                images.add(TestImage.of(kind, 64, 64, size));
                images.add(TestImage.of(kind, size, 1 + size * 7 % 64, size).tight());
            }
        }
        for (int seed = 0; seed < 1000; seed++) {
            images.add(TestImage.collage(new Random(seed), 64, 64, seed));
        }
        for (Kind kind : Kind.values()) {
            images.add(TestImage.of(kind, 1024, 200, 1));
        }
        images.add(TestImage.of(Kind.FLAT, 8192, 128, 1));
        images.add(TestImage.of(Kind.DITHER, 128, 8192, 1));
        return images;
    }

    private static int[] flip(int[] pixels, int width) {
        int[] flipped = new int[pixels.length];
        for (int from = 0; from < pixels.length; from += width) {
            System.arraycopy(pixels, from, flipped, pixels.length - width - from, width);
        }
        return flipped;
    }
}
