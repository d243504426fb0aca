// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.Rect;

class ZrleDecoderTest {

    private final ZrleEncoder encoder = new ZrleEncoder();
    private final Random random = new Random(7);

    @AfterEach
    void endEncoder() {
        encoder.close();
    }

    private static ServerBytes update(Rect area, byte[] body) {
        return new ServerBytes().update(1).rectangle(area, Encodings.ZRLE).bytes(body);
    }

    /** Pixels of so many colours, in runs as well as alone. */
    private int[] picture(Rect area, int colours) {
        int[] palette = random.ints(colours, 0, 1 << 24).toArray();
        int[] pixels = new int[(int) area.area()];
        for (int i = 0; i < pixels.length; ) {
            int run = random.nextInt(4) == 0 ? random.nextInt(700) + 1 : 1;
            int end = Math.min(pixels.length, i + run);
            Arrays.fill(pixels, i, end, palette[random.nextInt(colours)]);
            i = end;
        }
        return pixels;
    }

    private static int[] part(Wire wire, Rect area) {
        int[] pixels = new int[(int) area.area()];
        wire.seen.framebuffer().read(area, pixels, 0, area.width());
        return pixels;
    }

    private void assertRoundTrip(Rect area, int colours, ZrleEncoder.Packing... packings) {
        Wire wire = Wire.connected(300, 200);
        int[] pixels = picture(area, colours);
        try (ZrleEncoder fresh = new ZrleEncoder()) {
            wire.receive(update(area, fresh.encode(area, pixels, packings)));
        }
        assertArrayEquals(pixels, part(wire, area));
        assertEquals(List.of(area), wire.seen.damage);
        int[] outside = wire.seen.screen();
        for (int y = area.y(); y < area.bottom(); y++) {
            Arrays.fill(outside, y * 300 + area.x(), y * 300 + area.right(), 0);
        }
        assertTrue(Arrays.stream(outside).allMatch(p -> p == 0), "wrote outside its area");
        wire.client.close();
    }

    @ParameterizedTest
    @EnumSource(ZrleEncoder.Packing.class)
    void drawsEachPackingAtEachSize(ZrleEncoder.Packing packing) {
        int[] edges = {1, 2, 3, 7, 8, 9, 63, 64, 65, 130};
        for (int width : edges) {
            for (int height : new int[] {1, 5, 64, 70}) {
                assertRoundTrip(new Rect(11, 13, width, height), packing == ZrleEncoder.Packing.SOLID ? 1 : 3, packing);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 15, 16, 17, 126, 127, 128, 1000})
    void drawsEachNumberOfColours(int colours) {
        assertRoundTrip(new Rect(0, 0, 300, 200), colours, ZrleEncoder.Packing.values());
    }

    @Test
    void zlibStreamGoesOnFromRectangleToRectangle() {
        Wire wire = Wire.connected(300, 200);
        for (int i = 0; i < 20; i++) {
            Rect area = new Rect(
                    random.nextInt(100), random.nextInt(100), 1 + random.nextInt(200), 1 + random.nextInt(100));
            int[] pixels = picture(area, 20);
            wire.receive(update(area, encoder.encode(area, pixels, ZrleEncoder.Packing.values())));
            assertArrayEquals(pixels, part(wire, area));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 1000})
    void drawsHoweverItArrives(int size) {
        Wire wire = Wire.connected(300, 200);
        Rect area = new Rect(0, 0, 200, 150);
        int[] pixels = picture(area, 100);
        byte[] bytes = update(area, encoder.encode(area, pixels, ZrleEncoder.Packing.values()))
                .array();
        for (int at = 0; at < bytes.length; at += size) {
            assertTrue(wire.seen.damage.isEmpty(), "reported before it is drawn");
            wire.receive(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
            assertTrue(wire.held() < 12, "compressed bytes are not collected");
        }
        assertArrayEquals(pixels, part(wire, area));
    }

    @Test
    void emptyRectangleHasNoTiles() {
        Wire wire = Wire.connected(300, 200);
        wire.receive(update(new Rect(5, 5, 0, 9), new byte[4]));
        wire.receive(update(new Rect(5, 5, 9, 0), encoder.compress(new byte[0])));
        assertTrue(wire.seen.damage.isEmpty());
        assertEquals(0, wire.held());
    }

    private String violation(Rect area, byte[] body) {
        Wire wire = Wire.connected(300, 200);
        String message = assertThrows(RfbException.class, () -> wire.receive(update(area, body)))
                .getMessage();
        assertTrue(message.startsWith("broke the protocol: ZRLE "), message);
        return message.substring("broke the protocol: ZRLE ".length());
    }

    private String violationOfTile(int... tile) {
        try (ZrleEncoder fresh = new ZrleEncoder()) {
            return violation(
                    new Rect(0, 0, 8, 4),
                    fresh.compress(new ServerBytes().bytes(tile).array()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 64, 127, 129})
    void refusesSubencodingsThatHaveNoMeaning(int subencoding) {
        assertEquals("subencoding " + subencoding + " has no meaning", violationOfTile(subencoding, 0, 0, 0));
    }

    @Test
    void refusesColoursOutsideThePalette() {
        assertEquals(
                "paletteIndex 3 in a palette of 3",
                violationOfTile(3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0xff, 0xff, 0, 0, 0, 0, 0, 0));
        assertEquals("paletteIndex 2 in a palette of 2", violationOfTile(130, 1, 1, 1, 2, 2, 2, 2));
        assertEquals("paletteIndex 127 in a palette of 2", violationOfTile(130, 1, 1, 1, 2, 2, 2, 0xff, 0));
    }

    @Test
    void refusesRunsBeyondTheTile() {
        assertEquals("runLength 33 with 32 pixels to go", violationOfTile(128, 1, 1, 1, 32));
        assertEquals("runLength 256 with 32 pixels to go", violationOfTile(128, 1, 1, 1, 255));
        assertEquals("runLength 32 with 31 pixels to go", violationOfTile(130, 1, 1, 1, 2, 2, 2, 0, 0x81, 31));
    }

    @Test
    void endlessRunIsRefusedAsItArrives() {
        byte[] endless = new byte[100_000];
        Arrays.fill(endless, (byte) 255);
        endless[0] = (byte) 128;
        assertTrue(violation(new Rect(0, 0, 64, 64), encoder.compress(endless)).startsWith("runLength "));
    }

    @Test
    void refusesDataThatEndsEarly() {
        assertEquals("zlibData ends in tile 0 of 1", violation(new Rect(0, 0, 8, 4), new byte[4]));
        byte[] one = encoder.compress(new byte[] {1, 0, 0, 0});
        assertEquals("zlibData ends in tile 1 of 20", violation(new Rect(0, 0, 300, 200), one));
    }

    @Test
    void refusesDataBeyondTheLastTile() {
        assertEquals("zlibData goes on after the last tile", violationOfTile(1, 0, 0, 0, 1));
    }

    @Test
    void bombIsRefusedWithoutInflatingIt() {
        byte[] bomb = encoder.compress(new byte[50_000_000]);
        assertTrue(bomb.length < 100_000);
        assertEquals("zlibData goes on after the last tile", violation(new Rect(0, 0, 8, 4), bomb));
    }

    @Test
    void refusesWhatIsNoZlibStream() {
        byte[] noise =
                new ServerBytes().text("this is not a zlib stream at all").array();
        assertTrue(violation(new Rect(0, 0, 8, 4), noise).startsWith("zlibData is not a zlib stream: "));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void refusesEndOfTheZlibStream(boolean dictionary) {
        Deflater deflater = new Deflater();
        if (dictionary) {
            deflater.setDictionary(new byte[] {1, 2, 3});
        }
        deflater.setInput(new byte[] {1, 0, 0, 0});
        deflater.finish();
        byte[] zlib = new byte[100];
        int length = deflater.deflate(zlib);
        deflater.end();
        byte[] body = new ServerBytes()
                .u32(length + 4)
                .bytes(Arrays.copyOf(zlib, length + 4))
                .array();
        assertEquals("zlibData ends the zlib stream", violation(new Rect(0, 0, 8, 4), body));
    }

    @Test
    void claimedLengthIsNotAllocated() {
        Wire wire = Wire.connected(300, 200);
        wire.receive(new ServerBytes()
                .update(1)
                .rectangle(0, 0, 300, 200, Encodings.ZRLE)
                .u32(-1));
        assertEquals(0, wire.held());
        assertTrue(wire.seen.damage.isEmpty());
    }
}
