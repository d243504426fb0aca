// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.Rect;

/** Every message a server has, cut, torn and bent. */
class HostileServerTest {

    private static final int WIDTH = 70;
    private static final int HEIGHT = 66;

    /** Whole messages, each of which the client takes after the greeting. */
    private static List<byte[]> messages() {
        Rect area = new Rect(1, 1, 69, 65);
        int[] pixels = new int[69 * 65];
        Arrays.setAll(pixels, i -> i * i % 90);
        List<ServerBytes> messages = new ArrayList<>();
        messages.add(new ServerBytes().raw(new Rect(0, 2, WIDTH, 2), Arrays.copyOf(pixels, 2 * WIDTH)));
        messages.add(new ServerBytes().raw(new Rect(5, 5, 3, 2), 1, 2, 3, 4, 5, 6));
        messages.add(new ServerBytes()
                .update(1)
                .rectangle(0, 0, 20, 20, Encodings.COPY_RECT)
                .u16(7, 9));
        try (ZrleEncoder encoder = new ZrleEncoder()) {
            messages.add(new ServerBytes()
                    .update(1)
                    .rectangle(area, Encodings.ZRLE)
                    .bytes(encoder.encode(area, pixels, ZrleEncoder.Packing.values())));
        }
        messages.add(new ServerBytes().update(1).rectangle(0, 0, WIDTH, HEIGHT + 1, Encodings.DESKTOP_SIZE));
        messages.add(new ServerBytes()
                .update(1)
                .rectangle(0, 0, WIDTH + 1, HEIGHT, Encodings.EXTENDED_DESKTOP_SIZE)
                .bytes(1, 0, 0, 0)
                .zeros(16));
        messages.add(new ServerBytes()
                .update(1)
                .rectangle(1, 1, 9, 2, Encodings.RICH_CURSOR)
                .zeros(9 * 2 * 4)
                .bytes(1, 2, 3, 4));
        messages.add(new ServerBytes()
                .update(1)
                .rectangle(1, 1, 2, 2, Encodings.ALPHA_CURSOR)
                .u32(0)
                .zeros(16));
        messages.add(new ServerBytes()
                .update(4)
                .rectangle(0, 0, 1, 1, Encodings.QEMU_LED_STATE)
                .bytes(5)
                .rectangle(0, 0, 0, 0, Encodings.POINTER_TYPE_CHANGE)
                .rectangle(0, 0, 0, 0, Encodings.QEMU_EXTENDED_KEY_EVENT)
                .rectangle(0, 0, 0, 0, Encodings.EXTENDED_MOUSE_BUTTONS));
        messages.add(new ServerBytes().update(0xffff).rectangle(0, 0, 0, 0, Encodings.LAST_RECT));
        messages.add(new ServerBytes().bytes(3, 0, 0, 0).text("clipboard"));
        messages.add(new ServerBytes().bytes(1, 0).u16(0, 2).zeros(12));
        messages.add(new ServerBytes().bytes(2));
        return messages.stream().map(ServerBytes::array).toList();
    }

    private static List<byte[]> handshakes() {
        return List.of(
                ServerBytes.greeting(WIDTH, HEIGHT, "name").array(),
                new ServerBytes()
                        .version("003.003")
                        .u32(2)
                        .zeros(16)
                        .u32(0)
                        .serverInit(WIDTH, HEIGHT, "")
                        .array(),
                new ServerBytes()
                        .version("003.007")
                        .bytes(2, 30, 2)
                        .zeros(16)
                        .u32(0)
                        .serverInit(WIDTH, HEIGHT, "")
                        .array());
    }

    private static Wire fresh() {
        return new Wire(new char[] {'x'}, true, true);
    }

    @Test
    void handshakesMayArriveInAnyTwoPieces() {
        for (byte[] handshake : handshakes()) {
            String whole = fresh().receive(handshake).sent();
            for (int cut = 0; cut < handshake.length; cut++) {
                Wire wire = fresh().receive(Arrays.copyOf(handshake, cut));
                assertEquals(0, wire.seen.resizes, "a screen out of " + cut + " bytes");
                assertTrue(!wire.client.isReady());
                wire.receive(Arrays.copyOfRange(handshake, cut, handshake.length));
                assertEquals(1, wire.seen.resizes);
                assertEquals(whole, wire.sent(), "cut at " + cut);
            }
        }
    }

    @Test
    void messagesMayArriveInAnyTwoPieces() {
        for (byte[] message : messages()) {
            Wire whole = Wire.connected(WIDTH, HEIGHT).receive(message);
            assertEquals(0, whole.held());
            for (int cut = 0; cut < message.length; cut++) {
                Wire wire = Wire.connected(WIDTH, HEIGHT).receive(Arrays.copyOf(message, cut));
                assertTrue(heard(wire) <= heard(whole));
                wire.receive(Arrays.copyOfRange(message, cut, message.length));
                assertArrayEquals(whole.seen.screen(), wire.seen.screen());
                assertEquals(whole.seen.damage, wire.seen.damage);
                assertEquals(whole.seen.pointers, wire.seen.pointers);
                assertEquals(whole.seen.locks, wire.seen.locks);
                assertEquals(0, wire.held());
                wire.client.close();
            }
            whole.client.close();
        }
    }

    private static int heard(Wire wire) {
        return wire.seen.damage.size() + wire.seen.pointers.size() + wire.seen.locks.size() + wire.seen.resizes - 1;
    }

    @Test
    void messagesThatBreakOffAreToldFromOnesThatEnd() {
        for (byte[] message : messages()) {
            for (int cut = 1; cut < message.length; cut++) {
                Wire wire = Wire.connected(WIDTH, HEIGHT).receive(Arrays.copyOf(message, cut));
                String end = assertThrows(RfbException.class, wire::end).getMessage();
                assertTrue(end.startsWith("closed the connection in the middle of a message"), end);
                wire.client.close();
            }
        }
    }

    /** A sentence for people, or nothing: no other exception, no endless loop, no memory beyond the bounds. */
    private static void assertSurvives(Wire wire, byte[] bytes) {
        try {
            wire.receive(bytes);
            wire.end();
        } catch (RfbException e) {
            assertTrue(e.getMessage().length() < 300, e.getMessage());
        }
        wire.client.close();
        Rect bounds = wire.seen.framebuffer() == null
                ? Rect.EMPTY
                : wire.seen.framebuffer().bounds();
        assertTrue(bounds.area() <= Surface.MAX_PIXELS);
    }

    @Test
    void everyByteMayBeWrong() {
        for (byte[] message : messages()) {
            for (int at = 0; at < Math.min(message.length, 40); at++) {
                for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                    byte[] bent = message.clone();
                    bent[at] = (byte) value;
                    assertSurvives(Wire.connected(WIDTH, HEIGHT), bent);
                }
            }
        }
        for (byte[] handshake : handshakes()) {
            for (int at = 0; at < handshake.length; at++) {
                for (int value : new int[] {0, 1, 0x7f, 0xff}) {
                    byte[] bent = handshake.clone();
                    bent[at] = (byte) value;
                    boolean size = at >= handshake.length - 28 - 4 && handshake.length - at > 20;
                    if (!size || value < 2) {
                        assertSurvives(fresh(), bent);
                    }
                }
            }
        }
    }

    /** Twenty bytes that have millions of pixels written, a hundred times over. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void littleThatIsMuchWorkIsDoneInSlices(boolean copies) {
        Rect area = new Rect(0, 0, 3840, 2160);
        byte[] tiles = new byte[4 * 60 * 34];
        for (int i = 0; i < tiles.length; i += 4) {
            tiles[i] = 1; // a tile of one colour
            tiles[i + 1] = 7;
        }
        ServerBytes storm = new ServerBytes().update(100);
        try (ZrleEncoder encoder = new ZrleEncoder()) {
            for (int i = 0; i < 100; i++) {
                storm.rectangle(area, copies ? Encodings.COPY_RECT : Encodings.ZRLE);
                storm.bytes(copies ? new byte[] {0, 1, 0, 0} : encoder.compress(tiles));
            }
        }
        Wire wire = Wire.connected(area.width() + 1, area.height()).receive(storm.array());
        assertTrue(wire.seen.changes.size() <= 1, wire.seen.changes.size() + " rectangles at once");
        int turns = 1;
        while (wire.client.isPaused()) {
            wire.receive(new byte[0]);
            turns++;
        }
        assertTrue(turns >= 100, turns + " turns");
        assertEquals(100, wire.seen.changes.size());
        assertEquals(0, wire.held());
        assertEquals(copies ? 0 : 7, wire.seen.screen()[area.width() - 1]);
        wire.client.close();
    }

    @Test
    void noiseIsSurvived() {
        Random random = new Random(11);
        List<byte[]> messages = messages();
        for (int round = 0; round < 3000; round++) {
            ServerBytes bytes = new ServerBytes();
            for (int i = random.nextInt(4); i >= 0; i--) {
                byte[] message = messages.get(random.nextInt(messages.size())).clone();
                for (int n = random.nextInt(4); n > 0; n--) {
                    int at = random.nextInt(message.length);
                    // The high bytes of sizes stay, so that not every second round makes a huge screen.
                    message[at] = (byte) (at == 8 || at == 10 ? message[at] : random.nextInt());
                }
                bytes.bytes(message);
            }
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            assertSurvives(Wire.connected(WIDTH, HEIGHT), bytes.bytes(noise).array());
        }
    }
}
