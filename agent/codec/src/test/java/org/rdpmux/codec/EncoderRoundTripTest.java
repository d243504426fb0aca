// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.PlanarEncoder.Planes;
import org.rdpmux.codec.TestImage.Kind;

/** What holds for every encoder: a client gets back what was encoded. */
class EncoderRoundTripTest {

    record Encoder(String name, FrameEncoder encoder) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Encoder> encoders() {
        return Stream.of(
                new Encoder("planar", new PlanarEncoder(Planes.COLOURS)),
                new Encoder("planar or luma", new PlanarEncoder(Planes.COLOURS_OR_LUMA)),
                new Encoder("planar with alpha", new PlanarEncoder(Planes.ALPHA_AND_COLOURS)),
                new Encoder("interleaved 15", new InterleavedRleEncoder(PixelDepth.RGB555)),
                new Encoder("interleaved 16", new InterleavedRleEncoder(PixelDepth.RGB565)),
                new Encoder("interleaved 24", new InterleavedRleEncoder(PixelDepth.RGB888)),
                new Encoder("raw 15", new RawEncoder(PixelDepth.RGB555)),
                new Encoder("raw 16", new RawEncoder(PixelDepth.RGB565)),
                new Encoder("raw 24", new RawEncoder(PixelDepth.RGB888)),
                new Encoder("raw 32", new RawEncoder(PixelDepth.XRGB8888)));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void keepsPicturesOfEveryWidth(Encoder e) {
        for (int width = 1; width <= 70; width++) {
            for (Kind kind : Kind.values()) {
                RoundTrip.check(e.encoder, TestImage.of(kind, width, 1 + width * 7 % 19, width));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void keepsPicturesOfEveryHeight(Encoder e) {
        for (int height = 1; height <= 70; height++) {
            for (Kind kind : Kind.values()) {
                RoundTrip.check(e.encoder, TestImage.of(kind, 1 + height * 5 % 23, height, height));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void keepsTilesOfEveryKind(Encoder e) {
        for (Kind kind : Kind.values()) {
            for (int seed = 0; seed < 40; seed++) {
                RoundTrip.check(e.encoder, TestImage.of(kind, 64, 64, seed));
            }
        }
    }

    /** Kinds mixed in one picture, so that orders of each kind follow on orders of each other kind. */
    @ParameterizedTest
    @MethodSource("encoders")
    void keepsRandomCollages(Encoder e) {
        for (int seed = 0; seed < 300; seed++) {
            RoundTrip.check(e.encoder, TestImage.collage(new Random(seed), 90, 60, seed));
        }
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void keepsPicturesWithRunsLongerThanAnyOrder(Encoder e) {
        for (Kind kind : List.of(Kind.BLACK, Kind.WHITE, Kind.FLAT, Kind.TEXT, Kind.DITHER, Kind.NOISE, Kind.ROWS)) {
            RoundTrip.check(e.encoder, TestImage.of(kind, 1024, 200, 1));
        }
        RoundTrip.check(e.encoder, TestImage.of(Kind.FLAT, 8192, 128, 1));
        RoundTrip.check(e.encoder, TestImage.of(Kind.DITHER, 128, 8192, 1));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void givesEqualBytesForEqualPixelsWhateverCameBefore(Encoder e) {
        TestImage image = TestImage.of(Kind.COLOURED_TEXT, 61, 40, 3);
        RoundTrip first = RoundTrip.encode(e.encoder, image);
        RoundTrip.encode(e.encoder, TestImage.of(Kind.NOISE, 64, 64, 5));
        RoundTrip second = RoundTrip.encode(e.encoder, image);
        assertEquals(first.encoding(), second.encoding());
        assertArrayEquals(first.bytes(), second.bytes());
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void refusesSizesOutOfRangeAndWritesNothing(Encoder e) {
        int[] pixels = new int[64];
        ByteBuf out = Unpooled.buffer();
        FrameEncoder encoder = e.encoder;
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 8, 0, 8, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 8, 8, 0, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 7, 8, 8, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 8193, 8193, 1, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 4096, 4096, 4096, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, 1, 8, 8, 8, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, -1, 8, 8, 8, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, 0, Integer.MAX_VALUE, 8, 8, out));
        assertEquals(0, out.readableBytes());
        out.release();
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void compressesWhatIsCompressible(Encoder e) {
        boolean compresses = !(e.encoder instanceof RawEncoder);
        for (Kind kind : List.of(Kind.FLAT, Kind.ROWS, Kind.SPARSE, Kind.COLUMNS)) {
            RoundTrip result = RoundTrip.check(e.encoder, TestImage.of(kind, 64, 64, 1));
            assertEquals(compresses ? Encoding.COMPRESSED : Encoding.RAW, result.encoding(), kind.name());
            int most = e.encoder.maxBytes(64, 64);
            assertTrue(result.length() <= (compresses ? most / 2 : most), kind + ": " + result.length() + " bytes");
        }
    }
}
