// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.codec.TestImage.Kind;
import org.rdpmux.testkit.codec.Rdp8Decompressor;
import org.rdpmux.testkit.codec.SampleTile;

/** Segments of RDP 8.0 bulk compression: [MS-RDPEGFX] 2.2.5.3. */
class Rdp8CompressorTest {

    private final Rdp8Compressor compressor = new Rdp8Compressor();

    private byte[] compress(byte[] segment) {
        ByteBuf in = Unpooled.wrappedBuffer(segment);
        ByteBuf out = Unpooled.buffer();
        compressor.compress(in, out);
        assertEquals(0, in.readableBytes());
        byte[] bytes = ByteBufUtil.getBytes(out);
        assertTrue(bytes.length <= Rdp8Compressor.maxBytes(segment.length));
        out.release();
        return bytes;
    }

    /** What the pipeline carries, and what stresses the format: noise, runs of all lengths, matches at all distances. */
    private static List<byte[]> segments() {
        List<byte[]> segments = new ArrayList<>();
        ClearCodecEncoder clear = new ClearCodecEncoder();
        PlanarSurfaceEncoder planar = new PlanarSurfaceEncoder();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (Kind kind : Kind.values()) {
            TestImage image = TestImage.of(kind, 64, 64, 1);
            segments.add(SurfaceEncoderTest.encode(clear, image));
            segments.add(SurfaceEncoderTest.encode(planar, image));
            message.writeBytes(SurfaceEncoderTest.encode(clear, image));
        }
        segments.add(Arrays.copyOf(message.toByteArray(), Rdp8Compressor.MAX_SEGMENT));
        Random random = new Random(1);
        for (int length : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 100, 1000, 5000, 65_534, 65_535}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            segments.add(noise);
            segments.add(new byte[length]);
            byte[] few = new byte[length];
            for (int i = 0; i < length; i++) {
                few[i] = (byte) (noise[i] & 3);
            }
            segments.add(few);
            segments.add(patched(random, length));
        }
        for (int i = 0; i < 300; i++) {
            segments.add(patched(random, 1 + random.nextInt(3000)));
        }
        return segments;
    }

    /** Noise with repetitions of all lengths and distances. */
    private static byte[] patched(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int at = 1; at < length; at += 1 + random.nextInt(200)) {
            int count = Math.min(length - at, 1 << random.nextInt(14));
            int from = at - 1 - random.nextInt(Math.min(at, 1 << random.nextInt(17)));
            for (int i = 0; i < count; i++) {
                bytes[at + i] = bytes[from + i];
            }
            at += count;
        }
        return bytes;
    }

    @Test
    void theSpecificationsDecoderReadsEverySegment() {
        Rdp8Decompressor decompressor = new Rdp8Decompressor();
        for (byte[] segment : segments()) {
            assertArrayEquals(segment, decompressor.decompress(compress(segment)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void clientsReadEverySegment(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (byte[] segment : segments()) {
                assertArrayEquals(segment, client.bulk(compress(segment)));
            }
        }
    }

    /** A segment that another client got after other ones. */
    @Test
    void refersToNothingBeforeTheSegment() {
        byte[] text = SurfaceEncoderTest.encode(new ClearCodecEncoder(), TestImage.of(Kind.TEXT, 64, 64, 1));
        byte[] first = compress(text);
        byte[] second = compress(text);
        assertArrayEquals(first, second);
        assertArrayEquals(text, new Rdp8Decompressor().decompress(second));
    }

    @Test
    void halvesTheBytesOfText() {
        int[] pixels = SampleTile.SMOOTH_TEXT.pixels();
        byte[] text = SurfaceEncoderTest.encode(new ClearCodecEncoder(), new TestImage("", 64, 64, 0, 64, pixels));
        byte[] compressed = compress(text);
        assertTrue(compressed.length < text.length / 2, compressed.length + " of " + text.length);
    }

    @Test
    void writesCodesOfTheSpecification() {
        // A literal a, then eight bytes from one back: 0 01100001, 10001 00001, 110 000, and seven unused bits.
        assertEquals("24 30c43800 07".replace(" ", ""), HexFormat.of().formatHex(compress("aaaaaaaaa".getBytes())));
    }

    @Test
    void storesWhatDoesNotShrink() {
        byte[] noise = new byte[40_000];
        new Random(1).nextBytes(noise);
        byte[] stored = compress(noise);
        assertEquals(0x04, stored[0]);
        assertArrayEquals(noise, Arrays.copyOfRange(stored, 1, stored.length));
    }

    @Test
    void refusesWhatIsNoSegment() {
        ByteBuf out = Unpooled.buffer();
        assertThrows(IllegalArgumentException.class, () -> compressor.compress(Unpooled.EMPTY_BUFFER, out));
        ByteBuf tooLong = Unpooled.wrappedBuffer(new byte[Rdp8Compressor.MAX_SEGMENT + 1]);
        assertThrows(IllegalArgumentException.class, () -> compressor.compress(tooLong, out));
        assertEquals(0, out.readableBytes());
        out.release();
    }
}
