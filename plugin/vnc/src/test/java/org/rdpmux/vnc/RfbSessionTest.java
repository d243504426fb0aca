// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Scancode;
import org.rdpmux.display.testing.Recorder;

class RfbSessionTest {

    private static final String PIXEL_FORMAT = "00000000" + "20180001" + "00ff00ff00ff" + "100800" + "000000";
    private static final String PSEUDO_ENCODINGS =
            "ffffff21fffffecc" + "ffffff20" + "fffffec6ffffff11" + "fffffefffffffefefffffefdfffffefb" + "fffffec4";
    private static final String FULL_4X3 = "0300" + "0000000000040003";
    private static final String NEXT_4X3 = "0301" + "0000000000040003";

    private static String violation(Wire wire, ServerBytes bytes) {
        String message =
                assertThrows(RfbException.class, () -> wire.receive(bytes)).getMessage();
        assertTrue(message.startsWith("broke the protocol: "), message);
        return message.substring("broke the protocol: ".length());
    }

    private static int[] counted(int first, int count) {
        int[] pixels = new int[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = first + i;
        }
        return pixels;
    }

    // ---- asking

    @Test
    void greetsLocalServerWithRawFirst() {
        Wire wire = new Wire(null, true, true);
        wire.receive(ServerBytes.greeting(4, 3, ""));
        String encodings = "0200000d" + "000000000000000100000010" + PSEUDO_ENCODINGS;
        assertTrue(wire.sent().endsWith(PIXEL_FORMAT + encodings + FULL_4X3));
        assertEquals(4, wire.seen.framebuffer().width());
        assertEquals(3, wire.seen.framebuffer().height());
    }

    @Test
    void greetsRemoteServerWithZrleFirst() {
        Wire wire = new Wire(null, false, true);
        wire.receive(ServerBytes.greeting(4, 3, ""));
        String encodings = "0200000d" + "000000100000000100000000" + PSEUDO_ENCODINGS;
        assertTrue(wire.sent().endsWith(PIXEL_FORMAT + encodings + FULL_4X3));
    }

    @Test
    void asksForNothingWhileNobodyLooksOn() {
        Wire wire = new Wire(null, true, false);
        wire.receive(ServerBytes.greeting(4, 3, ""));
        assertTrue(wire.sent().endsWith(PSEUDO_ENCODINGS));
        wire.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 7));
        assertEquals("", wire.sent());
        assertEquals(7, wire.seen.screen()[0], "what comes all the same is taken");
        wire.client.setActive(true, wire.out());
        assertEquals(FULL_4X3, wire.sent());
        wire.client.setActive(true, wire.out());
        assertEquals("", wire.sent());
    }

    @Test
    void asksForTheNextUpdateAsSoonAsOneBegins() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes().update(2));
        assertEquals(NEXT_4X3, wire.sent());
        wire.receive(new ServerBytes()
                .rectangle(0, 0, 1, 1, Encodings.RAW)
                .pixels(1)
                .rectangle(1, 0, 1, 1, Encodings.RAW)
                .pixels(2));
        assertEquals("", wire.sent());
    }

    @Test
    void stopsAskingWhenNobodyLooksOnAnyMore() {
        Wire wire = Wire.connected(4, 3);
        wire.client.setActive(false, wire.out());
        wire.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 7));
        assertEquals("", wire.sent());
    }

    // ---- pixels

    @Test
    void drawsRawAndReportsIt() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes().raw(new Rect(1, 1, 2, 2), 0x112233, 0x445566, 0x778899, 0xaabbcc));
        assertArrayEquals(
                new int[] {0, 0, 0, 0, 0, 0x112233, 0x445566, 0, 0, 0x778899, 0xaabbcc, 0}, wire.seen.screen());
        assertEquals(List.of(new Rect(1, 1, 2, 2)), wire.seen.damage);
    }

    @Test
    void drawsRawOfTheScreensWidth() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes().raw(new Rect(0, 1, 4, 2), counted(1, 8)));
        assertArrayEquals(new int[] {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, wire.seen.screen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void drawsRawHoweverItArrives(boolean wide) {
        Rect area = wide ? new Rect(0, 0, 4, 3) : new Rect(1, 0, 3, 3);
        int[] pixels = counted(1, (int) area.area());
        byte[] bytes = new ServerBytes().raw(area, pixels).array();
        Wire whole = Wire.connected(4, 3).receive(bytes);
        for (int size = 1; size < bytes.length; size++) {
            Wire wire = Wire.connected(4, 3);
            for (int at = 0; at < bytes.length; at += size) {
                assertTrue(wire.seen.damage.isEmpty(), "reported before it is drawn");
                wire.receive(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
                assertTrue(wire.held() < 12, "pixels are not collected");
            }
            assertArrayEquals(whole.seen.screen(), wire.seen.screen(), "pieces of " + size);
            assertEquals(List.of(area), wire.seen.damage);
        }
    }

    @Test
    void emptyRectanglesAreNoDamage() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes()
                .update(3)
                .rectangle(4, 3, 0, 0, Encodings.RAW)
                .rectangle(0, 0, 0, 2, Encodings.RAW)
                .rectangle(0, 0, 2, 0, Encodings.COPY_RECT)
                .u16(0, 0)
                .update(0)
                .raw(new Rect(0, 0, 1, 1), 5));
        assertEquals(List.of(new Rect(0, 0, 1, 1)), wire.seen.damage);
    }

    @ParameterizedTest
    @CsvSource({"0,0,1,1", "1,1,0,0", "0,1,1,0", "1,0,0,1", "0,0,1,0", "1,0,0,0", "0,0,0,1", "0,1,0,0", "0,0,0,0"})
    void copiesAreasThatOverlap(int fromX, int fromY, int toX, int toY) {
        Wire wire = Wire.connected(5, 5);
        int[] before = counted(1, 25);
        wire.receive(new ServerBytes().raw(new Rect(0, 0, 5, 5), before));
        Rect to = new Rect(toX, toY, 4, 4);
        wire.receive(
                new ServerBytes().update(1).rectangle(to, Encodings.COPY_RECT).u16(fromX, fromY));
        int[] expected = before.clone();
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                expected[(toY + y) * 5 + toX + x] = before[(fromY + y) * 5 + fromX + x];
            }
        }
        assertArrayEquals(expected, wire.seen.screen());
        int dx = toX - fromX;
        int dy = toY - fromY;
        List<Object> all = List.of(new Rect(0, 0, 5, 5));
        assertEquals(dx == 0 && dy == 0 ? all : List.of(all.get(0), new Recorder.Move(to, dx, dy)), wire.seen.changes);
    }

    @Test
    void reportsMovesAndDamageOfAnUpdateInTheirOrder() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes()
                .update(4)
                .rectangle(0, 0, 1, 1, Encodings.RAW)
                .pixels(1)
                .rectangle(1, 0, 1, 1, Encodings.COPY_RECT)
                .u16(0, 0)
                .rectangle(0, 0, 1, 1, Encodings.RAW)
                .pixels(2)
                .rectangle(1, 2, 2, 1, Encodings.COPY_RECT)
                .u16(0, 0));
        assertEquals(
                List.of(
                        new Rect(0, 0, 1, 1),
                        new Recorder.Move(new Rect(1, 0, 1, 1), 1, 0),
                        new Rect(0, 0, 1, 1),
                        new Recorder.Move(new Rect(1, 2, 2, 1), 1, 2)),
                wire.seen.changes);
        assertArrayEquals(new int[] {2, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0}, wire.seen.screen());
    }

    @Test
    void reportsAnUpdateTogetherThoughItComesInParts() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(
                new ServerBytes().update(2).rectangle(0, 0, 1, 1, Encodings.RAW).pixels(1));
        assertEquals(List.of(), wire.seen.changes);
        wire.receive(
                new ServerBytes().rectangle(1, 2, 1, 1, Encodings.RAW).pixels(2).update(1));
        assertEquals(List.of(new Rect(0, 0, 1, 1), new Rect(1, 2, 1, 1)), wire.seen.changes);
    }

    @Test
    void reportsAnUpdateThatComesSlowlyAsItComes() {
        Wire wire = Wire.connected(4, 3);
        wire.now = 5_000_000_000L;
        wire.receive(
                new ServerBytes().update(3).rectangle(0, 0, 1, 1, Encodings.RAW).pixels(1));
        wire.now += 10_000_000;
        wire.receive(new ServerBytes().rectangle(1, 2, 1, 1, Encodings.RAW).pixels(2));
        assertEquals(List.of(new Rect(0, 0, 1, 1), new Rect(1, 2, 1, 1)), wire.seen.changes);
    }

    @ParameterizedTest
    @CsvSource({"4,0,1,1", "0,3,1,1", "0,0,5,1", "0,0,1,4", "65535,65535,65535,65535", "5,0,0,0"})
    void refusesRectanglesOutsideTheScreen(int x, int y, int width, int height) {
        for (int encoding : new int[] {Encodings.RAW, Encodings.COPY_RECT, Encodings.ZRLE}) {
            String violation = violation(
                    Wire.connected(4, 3), new ServerBytes().update(1).rectangle(x, y, width, height, encoding));
            assertTrue(violation.startsWith("rectangle area Rect[x=" + x), violation);
        }
    }

    @Test
    void refusesToCopyFromOutside() {
        ServerBytes copy = new ServerBytes().update(1).rectangle(0, 0, 2, 2, Encodings.COPY_RECT);
        assertTrue(violation(Wire.connected(4, 3), copy.u16(3, 0)).startsWith("CopyRect source"));
    }

    @Test
    void lastRectEndsTheUpdate() {
        Wire wire = Wire.connected(4, 3);
        ServerBytes bytes = new ServerBytes().update(0xffff);
        for (int i = 0; i < 3; i++) {
            bytes.rectangle(i, 0, 1, 1, Encodings.RAW).pixels(i + 1);
        }
        bytes.rectangle(0, 0, 0, 0, Encodings.LAST_RECT).bytes(2).raw(new Rect(3, 0, 1, 1), 4);
        wire.receive(bytes);
        assertEquals(4, wire.seen.damage.size());
        assertArrayEquals(new int[] {1, 2, 3, 4}, Arrays.copyOf(wire.seen.screen(), 4));
    }

    // ---- sizes

    @Test
    void modeChangeBringsANewFramebufferAndAsksForAllOfIt() {
        Wire wire = Wire.connected(4, 3);
        Framebuffer old = wire.seen.framebuffer();
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 2, 1, Encodings.DESKTOP_SIZE));
        assertEquals(2, wire.seen.resizes);
        assertEquals(new Rect(0, 0, 2, 1), wire.seen.framebuffer().bounds());
        assertEquals(new Rect(0, 0, 4, 3), old.bounds());
        assertEquals(NEXT_4X3 + "0300" + "0000000000020001", wire.sent());
        wire.receive(new ServerBytes().raw(new Rect(0, 0, 2, 1), 8, 9));
        assertArrayEquals(new int[] {8, 9}, wire.seen.screen());
    }

    @Test
    void sameSizeIsNoModeChange() {
        Wire wire = Wire.connected(4, 3);
        Framebuffer old = wire.seen.framebuffer();
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 4, 3, Encodings.DESKTOP_SIZE));
        assertSame(old, wire.seen.framebuffer());
        assertEquals(NEXT_4X3, wire.sent());
    }

    @Test
    void sizesAreAskedForWhereTheServerTakesThem() {
        Wire wire = Wire.connected(4, 3);
        wire.client.requestSize(8, 6, wire.out());
        assertEquals("", wire.sent(), "not known yet whether it does");
        wire.receive(new ServerBytes()
                .update(1)
                .rectangle(0, 0, 4, 3, Encodings.EXTENDED_DESKTOP_SIZE)
                .bytes(2, 0, 0, 0)
                .u32(0x1234)
                .u16(0, 0, 4, 3)
                .u32(0x5678)
                .zeros(16));
        String wanted = "fb00" + "00080006" + "0100" + "00001234" + "00000000" + "00080006" + "00005678";
        assertEquals(NEXT_4X3 + wanted, wire.sent());
        wire.client.requestSize(4, 3, wire.out());
        assertEquals("", wire.sent(), "has it already");
        wire.client.requestSize(-5, 1 << 20, wire.out());
        assertTrue(wire.sent().startsWith("fb00" + "00014000"), "within bounds");
    }

    @Test
    void refusedSizeChangesNothing() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes()
                .update(1)
                .rectangle(1, 3, 9, 9, Encodings.EXTENDED_DESKTOP_SIZE)
                .bytes(0, 0, 0, 0));
        assertEquals(new Rect(0, 0, 4, 3), wire.seen.framebuffer().bounds());
        wire.receive(new ServerBytes()
                .update(1)
                .rectangle(1, 0, 9, 8, Encodings.EXTENDED_DESKTOP_SIZE)
                .bytes(0, 0, 0, 0));
        assertEquals(new Rect(0, 0, 9, 8), wire.seen.framebuffer().bounds());
    }

    @ParameterizedTest
    @CsvSource({"0,5", "5,0", "16385,5", "65535,65535"})
    void refusesSizesThatAreNone(int width, int height) {
        ServerBytes plain = new ServerBytes().update(1).rectangle(0, 0, width, height, Encodings.DESKTOP_SIZE);
        assertTrue(violation(Wire.connected(4, 3), plain).startsWith("DesktopSize "));
        ServerBytes extended =
                new ServerBytes().update(1).rectangle(0, 0, width, height, Encodings.EXTENDED_DESKTOP_SIZE);
        assertTrue(violation(Wire.connected(4, 3), extended.zeros(4)).startsWith("ExtendedDesktopSize "));
    }

    @Test
    void refusesAStormOfLargeScreens() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 8192, 4320, Encodings.DESKTOP_SIZE));
        ServerBytes other = new ServerBytes().update(1).rectangle(0, 0, 8192, 4319, Encodings.DESKTOP_SIZE);
        wire.now = 1_000_000_000L;
        wire.receive(other);
        ServerBytes again = new ServerBytes().update(1).rectangle(0, 0, 8191, 4320, Encodings.DESKTOP_SIZE);
        wire.receive(again);
        assertEquals("DesktopSize size changes too often", violation(wire, other));
    }

    @Test
    void guestsMayChangeTheirModeOften() {
        Wire wire = Wire.connected(640, 480);
        for (int i = 0; i < 200; i++) {
            wire.now += 50_000_000L;
            int width = 1024 + i % 2 * 256;
            wire.receive(new ServerBytes().update(1).rectangle(0, 0, width, 768, Encodings.DESKTOP_SIZE));
        }
        assertEquals(201, wire.seen.resizes);
    }

    // ---- the rest

    @Test
    void tellsTheGuestsLeds() {
        Wire wire = Wire.connected(4, 3);
        for (int bits : new int[] {0, 1, 2, 4, 7, 0xf8}) {
            wire.receive(new ServerBytes()
                    .update(1)
                    .rectangle(0, 0, 1, 1, Encodings.QEMU_LED_STATE)
                    .bytes(bits));
        }
        assertEquals(
                List.of(
                        LockKeys.NONE,
                        new LockKeys(true, false, false),
                        new LockKeys(false, true, false),
                        new LockKeys(false, false, true),
                        new LockKeys(true, true, true),
                        LockKeys.NONE),
                wire.seen.locks);
    }

    @Test
    void skipsWhatIsOfNoUse() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes()
                .bytes(2)
                .bytes(3, 0, 0, 0)
                .text("cut")
                .bytes(3, 0, 0, 0)
                .u32(-8)
                .zeros(8)
                .bytes(1, 0)
                .u16(3, 2)
                .zeros(12)
                .bytes(3, 0, 0, 0)
                .u32(0)
                .raw(new Rect(0, 0, 1, 1), 9));
        assertEquals(9, wire.seen.screen()[0]);
        assertEquals(NEXT_4X3, wire.sent());
        assertEquals(0, wire.held());
    }

    @Test
    void longTextIsNotCollected() {
        Wire wire = Wire.connected(4, 3);
        wire.receive(new ServerBytes().bytes(3, 0, 0, 0).u32(100_000));
        for (int i = 0; i < 100; i++) {
            wire.receive(new byte[1000]);
            assertEquals(0, wire.held());
        }
        wire.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 9));
        assertEquals(9, wire.seen.screen()[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {RfbSession.MAX_CUT_TEXT + 1, -RfbSession.MAX_CUT_TEXT - 1, 1 << 31, Integer.MAX_VALUE})
    void refusesEndlessText(int length) {
        String violation = violation(
                Wire.connected(4, 3), new ServerBytes().bytes(3, 0, 0, 0).u32(length));
        assertEquals("ServerCutText length " + length + " is beyond 16777216", violation);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 127, 150, 248, 255})
    void refusesMessagesItDoesNotKnow(int type) {
        assertEquals(
                "message type " + type + " is unknown", violation(Wire.connected(4, 3), new ServerBytes().bytes(type)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 7, -307, -312, Integer.MIN_VALUE})
    void refusesEncodingsItDidNotAskFor(int encoding) {
        assertEquals(
                "rectangle encoding " + encoding + " was not asked for",
                violation(Wire.connected(4, 3), new ServerBytes().update(1).rectangle(0, 0, 1, 1, encoding)));
    }

    @Test
    void saysHowTheConnectionEnded() {
        Wire early = new Wire(null, true, true);
        early.receive(new ServerBytes().version("003.008"));
        assertEquals(
                "closed the connection before it showed a screen",
                assertThrows(RfbException.class, early::end).getMessage());
        Wire letIn = new Wire(null, true, true);
        letIn.receive(new ServerBytes().version("003.008").bytes(1, 1).u32(0));
        assertEquals(
                "closed the connection before it showed a screen; VNC servers do so while another client has the display"
                        + " for itself",
                assertThrows(RfbException.class, letIn::end).getMessage());
        String why = "; VNC servers do so when they end, and when another client takes the display for itself";
        Wire clean = Wire.connected(4, 3);
        assertEquals(
                "closed the connection" + why,
                assertThrows(RfbException.class, clean::end).getMessage());
        Wire torn = Wire.connected(4, 3).receive(new ServerBytes().update(1));
        assertEquals(
                "closed the connection in the middle of a message" + why,
                assertThrows(RfbException.class, torn::end).getMessage());
        Wire tornEarly = Wire.connected(4, 3).receive(new byte[1]);
        assertThrows(RfbException.class, tornEarly::end);
    }

    @Test
    void inputBeforeThereIsASessionIsDropped() {
        Wire wire = new Wire(null, true, true);
        wire.send(
                new InputEvent.Key(Scancode.of(1), true),
                new InputEvent.PointerMove(1, 1),
                new InputEvent.Button(PointerButton.LEFT, true));
        assertEquals("", wire.sent());
        wire.client.close();
    }
}
