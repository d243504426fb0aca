// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.codec.VideoEncoder;
import org.rdpmux.codec.VideoException;
import org.rdpmux.codec.VideoSupport;

/** What OpenH264 writes is read by the decoders of FreeRDP. Skipped where a library is not installed. */
class OpenH264EncoderTest {

    private static final int WIDTH = 200;
    private static final int HEIGHT = 150;
    private static final int NAL_IDR = 5;
    private static final int NAL_SPS = 7;

    private final OpenH264Provider provider = new OpenH264Provider();

    @BeforeEach
    void needsTheLibrary() {
        VideoSupport support = VideoSupport.find();
        assumeTrue(support.provider().isPresent(), support.description());
    }

    @Test
    void isFoundAsAServiceAndEncodesAtOnce() {
        assertTrue(VideoSupport.find().description().matches("OpenH264 2\\.\\d+\\.\\d+"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void clientsSeeTheColoursThatWereDrawn(int version) {
        try (FreeRdpDecoder client = FreeRdpDecoder.open(version, WIDTH, HEIGHT);
                VideoEncoder encoder = provider.newEncoder(WIDTH, HEIGHT)) {
            int[] colours = {0x000000, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0x808080, 0x336699, 0xc08040};
            int[] picture = new int[WIDTH * HEIGHT];
            for (int frame = 0; frame < 5; frame++) {
                for (int i = 0; i < picture.length; i++) {
                    picture[i] = colours[(i % WIDTH / 25 + frame) % colours.length];
                }
                encoder.picture().draw(picture, 0, WIDTH, 0, 0, WIDTH, HEIGHT);
                int[] shown = client.decode(encode(encoder, false, 12));
                for (int stripe = 0; stripe < colours.length; stripe++) {
                    int at = HEIGHT / 2 * WIDTH + 25 * stripe + 12;
                    assertTrue(
                            difference(picture[at], shown[at]) <= 4,
                            Integer.toHexString(picture[at]) + " became " + Integer.toHexString(shown[at]));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void anUpdateOfAPartLeavesTheRestAsItWas(int version) {
        try (FreeRdpDecoder client = FreeRdpDecoder.open(version, WIDTH, HEIGHT);
                VideoEncoder encoder = provider.newEncoder(WIDTH, HEIGHT)) {
            int[] first = photo(1);
            encoder.picture().draw(first, 0, WIDTH, 0, 0, WIDTH, HEIGHT);
            client.decode(encode(encoder, false, 20));
            int[] second = photo(2);
            encoder.picture().draw(second, 64 * WIDTH + 64, WIDTH, 64, 64, 64, 64);
            int[] shown = client.decode(encode(encoder, false, 20));
            double outside = meanDifference(first, shown, 0, 0, 60, HEIGHT);
            double inside = meanDifference(second, shown, 68, 68, 124, 124);
            assertTrue(outside < 8 && inside < 8, outside + " and " + inside);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void takesSizesThatAreNoMultipleOfAMacroblock(int version) {
        for (int[] size : new int[][] {{65, 49}, {640, 480}, {801, 600}, {1366, 768}}) {
            int[] picture = new int[size[0] * size[1]];
            Arrays.fill(picture, 0x4080c0);
            try (FreeRdpDecoder client = FreeRdpDecoder.open(version, size[0], size[1]);
                    VideoEncoder encoder = provider.newEncoder(size[0], size[1])) {
                encoder.picture().draw(picture, 0, size[0], 0, 0, size[0], size[1]);
                int[] shown = client.decode(encode(encoder, true, 20));
                int pixel = shown[(size[1] - 3) * size[0] + size[0] - 3];
                assertTrue(
                        difference(0x4080c0, pixel) <= 4, size[0] + "x" + size[1] + ": " + Integer.toHexString(pixel));
            }
        }
    }

    @Test
    void onlyTheFirstFrameAndThoseAskedForAreKeyFrames() {
        try (VideoEncoder encoder = provider.newEncoder(WIDTH, HEIGHT)) {
            for (int frame = 0; frame < 40; frame++) {
                encoder.picture().draw(photo(frame), 0, WIDTH, 0, 0, WIDTH, HEIGHT); // each another scene
                List<Integer> types = nalTypes(encode(encoder, frame == 17, 20 + frame % 15));
                assertEquals(frame == 0 || frame == 17, types.contains(NAL_IDR), "frame " + frame + ": " + types);
                assertEquals(frame == 0 || frame == 17, types.contains(NAL_SPS), "frame " + frame + ": " + types);
            }
        }
    }

    @Test
    void aCoarserQuantiserMakesSmallerFrames() {
        try (VideoEncoder encoder = provider.newEncoder(WIDTH, HEIGHT)) {
            encoder.picture().draw(photo(1), 0, WIDTH, 0, 0, WIDTH, HEIGHT);
            int fine = encode(encoder, true, 24).length;
            int coarse = encode(encoder, true, 36).length;
            assertTrue(2 * coarse < fine, fine + " and " + coarse);
        }
    }

    @Test
    void saysInTheStreamThatColoursAreFullRangeBt709() {
        try (VideoEncoder encoder = provider.newEncoder(WIDTH, HEIGHT)) {
            SequenceParameters sps = SequenceParameters.parse(encode(encoder, true, 30));
            assertEquals(66, sps.profile());
            assertTrue(sps.constrained());
            assertEquals(WIDTH, sps.width());
            assertEquals(HEIGHT, sps.height());
            assertTrue(sps.fullRange());
            assertEquals(List.of(1, 1, 1), sps.colours());
        }
    }

    @Test
    void refusesPicturesThatNobodyDecodes() {
        assertThrows(VideoException.class, () -> provider.newEncoder(8192, 8192));
    }

    @Test
    void encodesNothingOnceClosed() {
        VideoEncoder encoder = provider.newEncoder(WIDTH, HEIGHT);
        encoder.close();
        encoder.close();
        assertThrows(IllegalStateException.class, () -> encode(encoder, true, 30));
    }

    private static byte[] encode(VideoEncoder encoder, boolean key, int qp) {
        ByteBuf out = Unpooled.buffer();
        encoder.encode(key, qp, out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.release();
        return bytes;
    }

    private static List<Integer> nalTypes(byte[] unit) {
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i + 3 < unit.length; i++) {
            if (unit[i] == 0 && unit[i + 1] == 0 && unit[i + 2] == 1) {
                types.add(unit[i + 3] & 0x1f);
            }
        }
        assertFalse(types.isEmpty());
        return types;
    }

    /** Waves of colour with some noise. */
    private static int[] photo(int seed) {
        Random random = new Random(seed);
        double a = random.nextDouble() / 9;
        double b = random.nextDouble() / 9;
        int[] pixels = new int[WIDTH * HEIGHT];
        for (int i = 0; i < pixels.length; i++) {
            int red = (int) (127 + 100 * Math.sin(a * (i % WIDTH)) + random.nextInt(8));
            int green = (int) (127 + 100 * Math.sin(b * (i / WIDTH)) + random.nextInt(8));
            pixels[i] = red << 16 | green << 8 | 0x60;
        }
        return pixels;
    }

    private static int difference(int a, int b) {
        int red = Math.abs((a >> 16 & 0xff) - (b >> 16 & 0xff));
        int green = Math.abs((a >> 8 & 0xff) - (b >> 8 & 0xff));
        return Math.max(red, Math.max(green, Math.abs((a & 0xff) - (b & 0xff))));
    }

    private static double meanDifference(int[] a, int[] b, int left, int top, int right, int bottom) {
        double sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += difference(a[y * WIDTH + x], b[y * WIDTH + x]);
            }
        }
        return sum / (right - left) / (bottom - top);
    }
}
