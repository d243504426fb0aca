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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.codec.TestImage.Kind;
import org.rdpmux.display.Rect;
import org.rdpmux.testkit.codec.SampleTile;

/** What clients make of RemoteFX messages, and their bytes: [MS-RDPRFX] 2.2.2. */
class RemoteFxTest {

    /** Below this nobody would take it for the same picture, whatever it shows, noise included. */
    private static final double[] WORST = {15.5, 20, 26};

    /** For what is encoded with loss: photos and videos. */
    private static final double[] SOFT = {34.5, 35, 37.5};

    @ParameterizedTest
    @CsvSource({"2,false", "2,true", "3,false", "3,true"})
    void photosAndVideosComeOutNearlyAsTheyWere(int version, boolean rlgr3) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (RfxQuality quality : RfxQuality.values()) {
                for (SampleTile sample : List.of(SampleTile.PHOTO, SampleTile.VIDEO)) {
                    TestImage image = new TestImage(sample.name(), 64, 64, 0, 64, sample.pixels());
                    Difference difference = difference(client, image, quality, rlgr3);
                    assertTrue(difference.psnr() > SOFT[quality.ordinal()], sample + " " + quality + " " + difference);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,false", "2,true", "3,false", "3,true"})
    void nothingComesOutBeyondRecognition(int version, boolean rlgr3) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (RfxQuality quality : RfxQuality.values()) {
                for (Kind kind : Kind.values()) {
                    for (int seed = 0; seed < 5; seed++) {
                        Difference difference = difference(client, TestImage.of(kind, 200, 150, seed), quality, rlgr3);
                        assertTrue(
                                difference.psnr() > WORST[quality.ordinal()], kind + " " + quality + " " + difference);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,false", "2,true", "3,false", "3,true"})
    void areasKeepTheirColourWithinThreeSteps(int version, boolean rlgr3) {
        try (FreeRdp client = FreeRdp.open(version)) {
            Random random = new Random(1);
            for (int i = 0; i < 200; i++) {
                int[] pixels = new int[64 * 64];
                Arrays.fill(pixels, random.nextInt() & 0xffffff);
                Difference difference =
                        difference(client, new TestImage("flat", 64, 64, 0, 64, pixels), RfxQuality.LOW, rlgr3);
                assertTrue(difference.largest() <= 3, difference + " for " + pixels[0]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,false", "2,true", "3,false", "3,true"})
    void takesTilesThatTheDesktopsEdgeCuts(int version, boolean rlgr3) {
        try (FreeRdp client = FreeRdp.open(version)) {
            for (int size = 1; size <= 64; size++) {
                for (TestImage image : List.of(
                        TestImage.of(Kind.PHOTO, size, 1 + size * 5 % 64, size),
                        TestImage.of(Kind.PHOTO, 64 + size, 64 + size, size))) {
                    Difference difference = difference(client, image, RfxQuality.HIGH, rlgr3);
                    assertTrue(difference.psnr() > 33, image + " " + difference);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,false", "3,true"})
    void showsNoMoreThanTheRectangles(int version, boolean rlgr3) {
        try (FreeRdp client = FreeRdp.open(version)) {
            TestImage image = TestImage.of(Kind.PHOTO, 200, 150, 1);
            byte[] message = encode(image, new Rect(30, 70, 100, 60), RfxQuality.HIGH, false, rlgr3);
            int[] shown = client.remoteFx(message, 200, 150);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[70 * 200 + 29]);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[70 * 200 + 130]);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[69 * 200 + 30]);
            assertEquals(FreeRdp.BEFORE_PIXEL, shown[130 * 200 + 30]);
            int row = 70 * 200;
            Difference inside = Difference.between(
                    Arrays.copyOfRange(image.pixels(), row + 30, row + 130),
                    Arrays.copyOfRange(shown, row + 30, row + 130));
            assertTrue(inside.psnr() > 33, inside.toString());
        }
    }

    @Test
    void givesEqualBytesForEqualPixelsWhateverCameBefore() {
        TestImage image = TestImage.of(Kind.PHOTO, 61, 40, 3);
        RemoteFxTileEncoder encoder = new RemoteFxTileEncoder(RfxQuality.MEDIUM, true);
        byte[] first = tile(encoder, image);
        tile(encoder, TestImage.of(Kind.NOISE, 64, 64, 5));
        assertArrayEquals(first, tile(encoder, image));
    }

    @Test
    void noTileIsLargerThanPromised() {
        for (Kind kind : Kind.values()) {
            for (boolean rlgr3 : new boolean[] {false, true}) {
                RemoteFxTileEncoder encoder = new RemoteFxTileEncoder(RfxQuality.HIGH, rlgr3);
                byte[] tile = tile(encoder, TestImage.of(kind, 64, 64, 1));
                assertTrue(tile.length <= encoder.maxBytes(), kind + ": " + tile.length);
            }
        }
    }

    @Test
    void writesTheBlocksOfAMessageInTheirOrder() {
        TestImage black = TestImage.of(Kind.BLACK, 64, 64, 1);
        String message = HexFormat.of().formatHex(encode(black, new Rect(0, 0, 64, 64), RfxQuality.HIGH, true, true));
        int tile = message.length() / 2
                - RemoteFxStream.HEADERS_SIZE
                - RemoteFxStream.startSize(1)
                - RemoteFxStream.END_SIZE;
        String start = ("c0cc 0c000000 caaccaca 0001" // TS_RFX_SYNC
                        + "c1cc 0a000000 01 01 0001" // TS_RFX_CODEC_VERSIONS
                        + "c2cc 0c000000 01 00 4000 4000" // TS_RFX_CHANNELS
                        + "c3cc 0d000000 01 ff 00 4000 2a28" // TS_RFX_CONTEXT
                        + "c4cc 0e000000 01 00 00000000 0100" // TS_RFX_FRAME_BEGIN
                        + "c6cc 17000000 01 00 01 0100 0000 0000 4000 4000 c1ca 0100" // TS_RFX_REGION
                        + "c7cc " + littleEndian(22 + 30 + tile) + " 01 00 c2ca 0000 5550" // TS_RFX_TILESET
                        + "06 40 0100 " + littleEndian(tile))
                .replace(" ", "");
        start = start.replace("caaccaca", "caacccca");
        assertEquals(start, message.substring(0, start.length()));
        assertEquals(
                "c3ca" + littleEndian(tile) + "040505" + "00000000",
                message.substring(start.length() + 60, start.length() + 60 + 26));
        assertEquals("c5cc080000000100", message.substring(message.length() - 16));
    }

    private static String littleEndian(int value) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(value));
    }

    @Test
    void refusesWhatIsNoTileAndNoMessage() {
        ByteBuf out = Unpooled.buffer();
        int[] pixels = new int[65 * 65];
        RemoteFxTileEncoder encoder = new RemoteFxTileEncoder(RfxQuality.LOW, false);
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 65, 65, 64, 0, 0, out));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(pixels, 0, 65, 64, 64, 0, 0x10000, out));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.encode(pixels, 200, 65, 64, 64, 0, 0, out));
        RemoteFxStream stream = new RemoteFxStream(false, false);
        List<Rect> one = List.of(new Rect(0, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> stream.writeStart(0, List.of(), 1, 100, out));
        assertThrows(IllegalArgumentException.class, () -> stream.writeStart(0, one, 0, 0, out));
        assertEquals(0, out.readableBytes());
        out.release();
    }

    private static Difference difference(FreeRdp client, TestImage image, RfxQuality quality, boolean rlgr3) {
        byte[] message = encode(image, new Rect(0, 0, image.width(), image.height()), quality, false, rlgr3);
        return Difference.between(image.pixels(), client.remoteFx(message, image.width(), image.height()));
    }

    private static byte[] tile(RemoteFxTileEncoder encoder, TestImage image) {
        ByteBuf out = Unpooled.buffer();
        encoder.encode(image.array(), image.offset(), image.stride(), image.width(), image.height(), 0, 0, out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.release();
        return bytes;
    }

    /** A message of all tiles, with headers. */
    private static byte[] encode(TestImage image, Rect shown, RfxQuality quality, boolean imageMode, boolean rlgr3) {
        int side = LossyTileEncoder.SIDE;
        RemoteFxTileEncoder encoder = new RemoteFxTileEncoder(quality, rlgr3);
        RemoteFxStream stream = new RemoteFxStream(imageMode, rlgr3);
        ByteBuf tiles = Unpooled.buffer();
        ByteBuf out = Unpooled.buffer();
        int count = 0;
        for (int y = 0; y < image.height(); y += side) {
            for (int x = 0; x < image.width(); x += side) {
                int offset = image.offset() + y * image.stride() + x;
                int width = Math.min(side, image.width() - x);
                int height = Math.min(side, image.height() - y);
                encoder.encode(image.array(), offset, image.stride(), width, height, x / side, y / side, tiles);
                count++;
            }
        }
        stream.writeHeaders(image.width(), image.height(), out);
        assertEquals(RemoteFxStream.HEADERS_SIZE, out.readableBytes());
        stream.writeStart(0, List.of(shown), count, tiles.readableBytes(), out);
        assertEquals(RemoteFxStream.HEADERS_SIZE + RemoteFxStream.startSize(1), out.readableBytes());
        out.writeBytes(tiles);
        RemoteFxStream.writeEnd(out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        assertTrue(tiles.release() && out.release());
        return bytes;
    }
}
