// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.PointerShape;

class CursorReadersTest {

    private static PointerShape shape(String server, ServerBytes bytes) {
        Wire wire = Wire.connected(8, 8, server).receive(bytes.bytes(2));
        assertEquals(0, wire.held());
        assertEquals(1, wire.seen.pointers.size());
        assertTrue(wire.seen.damage.isEmpty(), "a pointer is no picture");
        return wire.seen.pointers.get(0);
    }

    private static PointerShape.Image image(String server, ServerBytes bytes) {
        return assertInstanceOf(PointerShape.Image.class, shape(server, bytes));
    }

    private static ServerBytes rich(int x, int y, int width, int height) {
        return new ServerBytes().update(1).rectangle(x, y, width, height, Encodings.RICH_CURSOR);
    }

    private static ServerBytes alpha(int x, int y, int width, int height) {
        return new ServerBytes()
                .update(1)
                .rectangle(x, y, width, height, Encodings.ALPHA_CURSOR)
                .u32(Encodings.RAW);
    }

    @Test
    void maskSaysWhichPixelsAreVisible() {
        ServerBytes bytes = rich(1, 0, 9, 2);
        for (int i = 0; i < 18; i++) {
            bytes.pixels(i);
        }
        PointerShape.Image image = image("x", bytes.bytes(0b1010_0000, 0b1000_0000, 0b0000_0001, 0b0111_1111));
        assertEquals(9, image.width());
        assertEquals(2, image.height());
        assertEquals(1, image.hotX());
        assertEquals(0, image.hotY());
        int on = 0xff000000;
        assertArrayEquals(
                new int[] {on, 0, on | 2, 0, 0, 0, 0, 0, on | 8, 0, 0, 0, 0, 0, 0, 0, on | 16, 0}, image.pixels());
    }

    @Test
    void alphaIsDividedOut() {
        PointerShape.Image image = image(
                "x",
                alpha(0, 1, 2, 2)
                        .bytes(0x40, 0x20, 0x00, 0x80)
                        .bytes(0x11, 0x22, 0x33, 0xff)
                        .bytes(0, 0, 0, 0)
                        .bytes(1, 1, 0, 1));
        assertEquals(1, image.hotY());
        assertArrayEquals(new int[] {0x807f3f00, 0xff112233, 0, 0x01ffff00}, image.pixels());
    }

    @Test
    void coloursLargerThanAlphaWereNotMultiplied() {
        PointerShape.Image image =
                image("x", alpha(0, 0, 2, 1).bytes(0x90, 0x20, 0, 0x80).bytes(0x10, 0x10, 0x10, 0x20));
        assertArrayEquals(new int[] {0x80902000, 0x20101010}, image.pixels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"QEMU", "QEMU (web1)"})
    void qemuSendsBlueFirst(String server) {
        assertArrayEquals(
                new int[] {0xff332211},
                image(server, alpha(0, 0, 1, 1).bytes(0x11, 0x22, 0x33, 0xff)).pixels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "QEMUlator", "not QEMU"})
    void othersSendRedFirst(String server) {
        assertArrayEquals(
                new int[] {0xff112233},
                image(server, alpha(0, 0, 1, 1).bytes(0x11, 0x22, 0x33, 0xff)).pixels());
    }

    @Test
    void shapeWithoutAreaIsHidden() {
        assertEquals(new PointerShape.Hidden(), shape("x", rich(0, 0, 0, 0)));
        assertEquals(new PointerShape.Hidden(), shape("x", rich(0, 0, 9, 0)));
        assertEquals(new PointerShape.Hidden(), shape("x", alpha(0, 0, 0, 0)));
        assertEquals(new PointerShape.Hidden(), shape("x", alpha(0, 0, 0, 7)));
    }

    @ParameterizedTest
    @CsvSource({"385,2", "2,385", "1000,1000"})
    void shapeTooLargeIsTheClientsOwn(int width, int height) {
        int pixels = width * height * 4;
        assertEquals(
                new PointerShape.Default(),
                shape("x", rich(0, 0, width, height).zeros(pixels + (width + 7) / 8 * height)));
        assertEquals(
                new PointerShape.Default(),
                shape("x", alpha(0, 0, width, height).zeros(pixels)));
    }

    @Test
    void largestClaimIsNotCollected() {
        Wire wire = Wire.connected(8, 8);
        wire.receive(rich(0, 0, 65535, 65535));
        for (int i = 0; i < 100; i++) {
            wire.receive(new byte[10_000]);
            assertEquals(0, wire.held());
        }
        assertTrue(wire.seen.pointers.isEmpty());
    }

    @Test
    void hotSpotOutsideIsMovedInside() {
        PointerShape.Image image = image("x", rich(2, 65535, 2, 1).pixels(1, 2).bytes(0));
        assertEquals(1, image.hotX());
        assertEquals(0, image.hotY());
    }

    @Test
    void equalShapesCompareEqual() {
        Wire wire = Wire.connected(8, 8);
        for (int i = 0; i < 2; i++) {
            wire.receive(rich(0, 0, 2, 1).pixels(1, 2).bytes(0xff));
        }
        assertEquals(1, List.copyOf(new java.util.HashSet<>(wire.seen.pointers)).size());
    }

    @Test
    void refusesAlphaCursorInAnotherEncoding() {
        Wire wire = Wire.connected(8, 8);
        ServerBytes bytes = new ServerBytes()
                .update(1)
                .rectangle(0, 0, 1, 1, Encodings.ALPHA_CURSOR)
                .u32(Encodings.ZRLE);
        assertEquals(
                "broke the protocol: CursorWithAlpha encoding 16 is not Raw",
                assertThrows(RfbException.class, () -> wire.receive(bytes)).getMessage());
    }
}
