// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;

class PointerTest {

    private static InputEvent move(int x, int y) {
        return new InputEvent.PointerMove(x, y);
    }

    private static InputEvent by(int dx, int dy) {
        return new InputEvent.PointerMoveBy(dx, dy);
    }

    private static InputEvent button(PointerButton button, boolean down) {
        return new InputEvent.Button(button, down);
    }

    private static InputEvent wheel(int vertical, int horizontal) {
        return new InputEvent.Wheel(vertical, horizontal);
    }

    private static String event(int mask, int x, int y) {
        return String.format("05%02x%04x%04x", mask, x, y);
    }

    private static String motion(int mask, int dx, int dy) {
        return event(mask, 0x7fff + dx, 0x7fff + dy);
    }

    private static Wire absolute() {
        return Wire.connected(640, 480);
    }

    private static void pointerType(Wire wire, boolean absolute) {
        wire.receive(
                new ServerBytes().update(1).rectangle(absolute ? 1 : 0, 0, 640, 480, Encodings.POINTER_TYPE_CHANGE));
        wire.sent();
    }

    private static Wire relative() {
        Wire wire = absolute();
        pointerType(wire, false);
        return wire;
    }

    @Test
    void positionsGoAsTheyAre() {
        Wire wire = absolute().send(move(3, 4), move(639, 479));
        assertEquals(event(0, 3, 4) + event(0, 639, 479), wire.sent());
    }

    @ParameterizedTest
    @CsvSource({"-1,-1,0,0", "640,480,639,479", "-2147483648,2147483647,0,479"})
    void positionsStayOnTheScreen(int x, int y, int sentX, int sentY) {
        assertEquals(event(0, sentX, sentY), absolute().send(move(x, y)).sent());
    }

    @Test
    void motionMovesThePosition() {
        Wire wire = absolute().send(move(10, 10), by(5, -3), by(-100, 2147483647), by(2147483647, 0));
        assertEquals(event(0, 10, 10) + event(0, 15, 7) + event(0, 0, 479) + event(0, 639, 479), wire.sent());
    }

    @Test
    void modeChangeMovesTheEdges() {
        Wire wire = absolute();
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 100, 50, Encodings.DESKTOP_SIZE));
        wire.sent();
        assertEquals(event(0, 99, 49), wire.send(move(639, 479)).sent());
    }

    @ParameterizedTest
    @CsvSource({"LEFT,1", "MIDDLE,2", "RIGHT,4"})
    void buttonsGoWithThePosition(PointerButton button, int bit) {
        Wire wire = absolute().send(move(3, 4), button(button, true), move(5, 6), button(button, false));
        assertEquals(event(0, 3, 4) + event(bit, 3, 4) + event(bit, 5, 6) + event(0, 5, 6), wire.sent());
    }

    @Test
    void buttonsAreHeldTogether() {
        Wire wire = absolute()
                .send(
                        button(PointerButton.LEFT, true),
                        button(PointerButton.RIGHT, true),
                        button(PointerButton.LEFT, false));
        assertEquals(event(1, 0, 0) + event(5, 0, 0) + event(4, 0, 0), wire.sent());
    }

    @Test
    void buttonsThatTheServerDoesNotKnowAreDropped() {
        Wire wire = absolute().send(button(PointerButton.SIDE, true), button(PointerButton.EXTRA, true));
        assertEquals("", wire.sent());
        assertEquals(event(0, 1, 1), wire.send(move(1, 1)).sent());
    }

    @Test
    void manyButtonsGoToServersThatTakeThem() {
        Wire wire = absolute();
        wire.receive(new ServerBytes().update(1).rectangle(0, 0, 0, 0, Encodings.EXTENDED_MOUSE_BUTTONS));
        wire.sent();
        wire.send(
                button(PointerButton.SIDE, true),
                button(PointerButton.LEFT, true),
                button(PointerButton.EXTRA, true),
                button(PointerButton.SIDE, false),
                button(PointerButton.EXTRA, false));
        assertEquals(
                event(0x80, 0, 0) + "01" + event(0x81, 0, 0) + "01" + event(0x81, 0, 0) + "03" + event(0x81, 0, 0)
                        + "02" + event(1, 0, 0),
                wire.sent());
    }

    @ParameterizedTest
    @CsvSource({"120,0,8", "-120,0,16", "0,-120,32", "0,120,64"})
    void notchesArePressesOfAButton(int vertical, int horizontal, int bit) {
        Wire wire = absolute().send(move(3, 4), button(PointerButton.LEFT, true));
        wire.sent();
        assertEquals(
                event(bit | 1, 3, 4) + event(1, 3, 4),
                wire.send(wheel(vertical, horizontal)).sent());
    }

    /** Turns of one event each, and the notches after each of them. */
    @ParameterizedTest
    @CsvSource({
        "'120 120 240', '1 1 2'", // Windows, FreeRDP, rdesktop
        "'100 100 100 100 100 100', '1 1 1 1 1 1'", // a browser: each notch counts
        "'100 -100 100', '1 -1 1'",
        "'60 150 200', '1 1 2'",
        "'50 50 50 50 40', '0 0 1 0 1'", // a touch pad
        "'50 50 -50 -50 -50', '0 0 0 0 -1'", // another direction owes nothing to the one before
        "'50 50 100 50 50', '0 0 1 0 0'",
        "'40 40 0 40', '0 0 0 1'",
    })
    void turnsAreNotches(String turns, String notches) {
        Wire up = absolute();
        Wire right = absolute();
        String[] expected = notches.split(" ");
        int at = 0;
        for (String turn : turns.split(" ")) {
            int count = Integer.parseInt(expected[at++]);
            int by = Integer.parseInt(turn);
            assertEquals(clicks(count, 8, 16), up.send(wheel(by, 0)).sent(), turn + " vertically");
            assertEquals(clicks(count, 64, 32), right.send(wheel(0, by)).sent(), turn + " horizontally");
        }
    }

    private static String clicks(int count, int positive, int negative) {
        return (event(count > 0 ? positive : negative, 0, 0) + event(0, 0, 0)).repeat(Math.abs(count));
    }

    @Test
    void wildTurnsAreLimited() {
        Wire wire = absolute();
        assertEquals(
                (event(8, 0, 0) + event(0, 0, 0)).repeat(16),
                wire.send(wheel(Integer.MAX_VALUE, 0)).sent());
        assertEquals(
                (event(32, 0, 0) + event(0, 0, 0)).repeat(16),
                wire.send(wheel(0, Integer.MIN_VALUE)).sent());
    }

    @Test
    void guestsWithAMouseGetMotion() {
        Wire wire = relative();
        assertEquals("", wire.send(move(100, 100)).sent(), "no motion yet");
        assertEquals(motion(0, 5, -10), wire.send(move(105, 90)).sent());
        assertEquals("", wire.send(move(105, 90)).sent());
        assertEquals(motion(0, -3, 7), wire.send(by(-3, 7)).sent());
        wire.send(button(PointerButton.LEFT, true), move(106, 90), wheel(120, 0), button(PointerButton.LEFT, false));
        assertEquals(
                motion(1, 0, 0) + motion(1, 1, 0) + motion(9, 0, 0) + motion(1, 0, 0) + motion(0, 0, 0), wire.sent());
    }

    @Test
    void motionIsLimitedToWhatFits() {
        Wire wire = relative();
        assertEquals(
                motion(0, 0x7fff, -0x7fff), wire.send(by(1_000_000, -1_000_000)).sent());
    }

    @Test
    void guestMayChangeItsMind() {
        Wire wire = relative();
        wire.send(move(100, 100));
        pointerType(wire, true);
        assertEquals(event(0, 110, 100), wire.send(move(110, 100)).sent());
        pointerType(wire, false);
        assertEquals(motion(0, 1, 1), wire.send(move(111, 101)).sent());
    }

    @Test
    void motionIsMergedWhileTheServerDoesNotKeepUp() {
        Wire wire = absolute();
        wire.client.send(move(1, 1), true, wire.out());
        wire.client.send(move(2, 2), true, wire.out());
        wire.client.send(by(1, 1), true, wire.out());
        assertEquals("", wire.sent());
        assertEquals(event(1, 3, 3), wire.send(button(PointerButton.LEFT, true)).sent());
        Wire moved = relative();
        moved.client.send(move(10, 10), true, moved.out());
        moved.client.send(move(12, 11), true, moved.out());
        moved.client.send(by(5, 5), true, moved.out());
        assertEquals("", moved.sent());
        assertEquals(motion(0, 8, 6), moved.send(move(13, 11)).sent());
    }
}
