// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.codec.TestImage.Kind;
import org.rdpmux.display.Rect;
import org.rdpmux.testkit.codec.SampleTile;

/** What clients make of the progressive codec's tiles, and the bytes around them: [MS-RDPEGFX] 2.2.4.2. */
class ProgressiveTest {

    /** Below this nobody would take it for the same picture, whatever it shows, noise included. */
    private static final double[] WORST = {15.5, 20, 26};

    /** For what is encoded with loss: photos and videos. */
    private static final double[] SOFT = {34.5, 35, 37.5};

    /** The largest error of a channel there, at the edges of shapes. */
    private static final int[] LARGEST = {28, 25, 20};

    private final List<ProgressiveTileEncoder> encoders =
            Stream.of(RfxQuality.values()).map(ProgressiveTileEncoder::new).toList();

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void photosAndVideosComeOutNearlyAsTheyWere(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (RfxQuality quality : RfxQuality.values()) {
                for (SampleTile sample : List.of(SampleTile.PHOTO, SampleTile.VIDEO)) {
                    TestImage image = new TestImage(sample.name(), 64, 64, 0, 64, sample.pixels());
                    Difference difference = difference(client, image, quality);
                    assertTrue(difference.psnr() > SOFT[quality.ordinal()], sample + " " + quality + " " + difference);
                    assertTrue(
                            difference.largest() < LARGEST[quality.ordinal()],
                            sample + " " + quality + " " + difference);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void nothingComesOutBeyondRecognition(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (RfxQuality quality : RfxQuality.values()) {
                for (Kind kind : Kind.values()) {
                    for (int seed = 0; seed < 5; seed++) {
                        Difference difference = difference(client, TestImage.of(kind, 200, 150, seed), quality);
                        assertTrue(
                                difference.psnr() > WORST[quality.ordinal()], kind + " " + quality + " " + difference);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void areasKeepTheirColourWithinTwoSteps(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            Random random = new Random(1);
            for (int i = 0; i < 500; i++) {
                int[] pixels = new int[64 * 64];
                Arrays.fill(pixels, random.nextInt() & 0xffffff);
                Difference difference =
                        difference(client, new TestImage("flat", 64, 64, 0, 64, pixels), RfxQuality.LOW);
                assertTrue(difference.largest() <= 2, difference + " for " + pixels[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void takesTilesThatTheSurfacesEdgeCuts(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (int size = 1; size <= 64; size++) {
                for (TestImage image : List.of(
                        TestImage.of(Kind.PHOTO, size, 1 + size * 5 % 64, size),
                        TestImage.of(Kind.PHOTO, 1 + size * 7 % 64, size, size),
                        TestImage.of(Kind.PHOTO, 64 + size, 64 + size, size))) {
                    Difference difference = difference(client, image, RfxQuality.HIGH);
                    assertTrue(difference.psnr() > 33, image + " " + difference);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void tilesOfAllQualitiesGoIntoOneStream(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            TestImage image = TestImage.of(Kind.PHOTO, 1000, 700, 1);
            byte[] mixed = encode(image, new Rect(0, 0, 1000, 700), RfxQuality.values());
            Difference difference = Difference.between(image.pixels(), client.progressive(mixed, 1000, 700));
            assertTrue(difference.psnr() > 32, difference.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void showsNoMoreThanTheRectangles(int version) {
        try (FreeRdp client = FreeRdp.open(version)) {
            TestImage image = TestImage.of(Kind.PHOTO, 200, 150, 1);
            byte[] stream = encode(image, new Rect(30, 70, 100, 60), RfxQuality.HIGH);
            int[] shown = client.progressive(stream, 200, 150);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[70 * 200 + 29]);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[70 * 200 + 130]);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[69 * 200 + 30]);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[130 * 200 + 30]);
            int[] pixels = image.pixels();
            int row = 70 * 200;
            Difference inside = Difference.between(
                    Arrays.copyOfRange(pixels, row + 30, row + 130), Arrays.copyOfRange(shown, row + 30, row + 130));
            assertTrue(inside.psnr() > 33, inside.toString());
        }
    }

    @Test
    void givesEqualBytesForEqualPixelsWhateverCameBefore() {
        TestImage image = TestImage.of(Kind.PHOTO, 61, 40, 3);
        byte[] first = encode(image, RfxQuality.MEDIUM);
        encode(TestImage.of(Kind.NOISE, 64, 64, 5), RfxQuality.HIGH);
        assertArrayEquals(first, encode(image, RfxQuality.MEDIUM));
    }

    @Test
    void noTileIsLargerThanPromised() {
        for (Kind kind : Kind.values()) {
            ByteBuf out = Unpooled.buffer();
            TestImage image = TestImage.of(kind, 64, 64, 1);
            ProgressiveTileEncoder encoder = new ProgressiveTileEncoder(RfxQuality.HIGH);
            encoder.encode(image.array(), image.offset(), image.stride(), 64, 64, 0, 0, out);
            assertTrue(out.readableBytes() <= encoder.maxBytes(), kind + ": " + out.readableBytes());
            out.release();
        }
    }

    @Test
    void writesTheBlocksOfAStreamInTheirOrder() {
        TestImage black = TestImage.of(Kind.BLACK, 64, 64, 1);
        String stream = HexFormat.of().formatHex(encode(black, new Rect(0, 0, 64, 64), RfxQuality.HIGH));
        String quantisers = "86 88 99 aa ba".replace(" ", "");
        int header = 2 * ProgressiveStream.headerSize(1);
        int tile = (stream.length() - header) / 2 - ProgressiveStream.END_SIZE;
        String tileBytes = HexFormat.of().toHexDigits((byte) tile) + "000000";
        String regionLength = HexFormat.of().toHexDigits((byte) (18 + 8 + 30 + tile)) + "000000";
        assertEquals(
                ("c0cc 0c000000 caacccca 0001" // SYNC
                                + "c3cc 0a000000 00 4000 01" // CONTEXT
                                + "c1cc 0c000000 00000000 0100" // FRAME_BEGIN
                                + "c4cc" + regionLength + "40 0100 06 00 01 0100" + tileBytes // REGION
                                + "0000 0000 4000 4000")
                        .replace(" ", ""),
                stream.substring(0, header - 60));
        assertEquals(quantisers, stream.substring(header - 60, header - 50), "luma at the lowest quality");
        assertEquals("c5cc" + tileBytes + "04050500000000" + "00", stream.substring(header, header + 28));
        assertEquals("c2cc06000000", stream.substring(stream.length() - 12));
    }

    @Test
    void refusesWhatIsNoTile() {
        ByteBuf out = Unpooled.buffer();
        int[] pixels = new int[65 * 65];
        ProgressiveTileEncoder encoder = encoders.get(0);
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 65, 65, 64, 0, 0, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 65, 64, 65, 0, 0, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 65, 0, 64, 0, 0, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 65, 64, 64, 0x10000, 0, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, 200, 65, 64, 64, 0, 0, out));
        assertThrows(IllegalArgumentException.class, () -> ProgressiveStream.writeHeader(0, List.of(), 1, 100, out));
        assertEquals(0, out.readableBytes());
        out.release();
    }

    private Difference difference(FreeRdp client, TestImage image, RfxQuality quality) {
        byte[] stream = encode(image, quality);
        return Difference.between(image.pixels(), client.progressive(stream, image.width(), image.height()));
    }

    private byte[] encode(TestImage image, RfxQuality quality) {
        return encode(image, new Rect(0, 0, image.width(), image.height()), quality);
    }

    /** A stream of all tiles, of which qualities take turns. */
    private byte[] encode(TestImage image, Rect shown, RfxQuality... qualities) {
        int side = LossyTileEncoder.SIDE;
        ByteBuf tiles = Unpooled.buffer();
        ByteBuf out = Unpooled.buffer();
        int count = 0;
        for (int y = 0; y < image.height(); y += side) {
            for (int x = 0; x < image.width(); x += side) {
                int offset = image.offset() + y * image.stride() + x;
                int width = Math.min(side, image.width() - x);
                int height = Math.min(side, image.height() - y);
                RfxQuality quality = qualities[count % qualities.length];
                encoders.get(quality.ordinal())
                        .encode(image.array(), offset, image.stride(), width, height, x / side, y / side, tiles);
                count++;
            }
        }
        List<Rect> rectangles = List.of(shown);
        ProgressiveStream.writeHeader(0, rectangles, count, tiles.readableBytes(), out);
        assertEquals(ProgressiveStream.headerSize(1), out.readableBytes());
        out.writeBytes(tiles);
        ProgressiveStream.writeEnd(out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        assertTrue(tiles.release() && out.release());
        return bytes;
    }
}
