// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.ClientInput.ExtendedMouse;
import org.rdpmux.pdu.input.ClientInput.Mouse;
import org.rdpmux.pdu.input.ClientInput.RelativeMouse;
import org.rdpmux.pdu.input.LockFlags;
import org.rdpmux.server.console.ViewerInput;

class InputDecoderTest {

    private final List<ViewerInput> got = new ArrayList<>();
    private final InputDecoder decoder = new InputDecoder(got::add);

    @Test
    void keysWithAndWithoutPrefix() {
        decode(key(0x1e, true), extended(0x48, true), extended(0x48, false));
        expect(
                new InputEvent.Key(Scancode.of(0x1e), true),
                new InputEvent.Key(Scancode.extended(0x48), true),
                new InputEvent.Key(Scancode.extended(0x48), false));
    }

    @Test
    void pauseIsOneKey() {
        decode(
                new ClientInput.Key(0x1d, true, false, true),
                key(0x45, true),
                new ClientInput.Key(0x1d, false, false, true),
                key(0x45, false),
                key(0x45, true));
        expect(
                new InputEvent.Key(Scancode.PAUSE, true),
                new InputEvent.Key(Scancode.PAUSE, false),
                new InputEvent.Key(Scancode.NUM_LOCK, true));
    }

    /** rdesktop spells it, all of it pressed, and then releases Ctrl. */
    @Test
    void pauseMayBeSpelledKeyByKey() {
        for (int code : new int[] {0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5}) {
            decode(key(code, true));
        }
        decode(key(0x1d, false), key(0x45, true));
        expect(
                new InputEvent.Key(Scancode.PAUSE, true),
                new InputEvent.Key(Scancode.PAUSE, false),
                new InputEvent.Key(Scancode.LEFT_CTRL, false),
                new InputEvent.Key(Scancode.NUM_LOCK, true));
    }

    /** rdesktop sends both of Ctrl+Break's codes as presses. */
    @Test
    void breakMayBeSpelledAsItsKeyboardCodes() {
        decode(extended(0x46, true), extended(0xc6, true));
        expect(new InputEvent.Key(Scancode.extended(0x46), true), new InputEvent.Key(Scancode.extended(0x46), false));
    }

    @Test
    void numbersThatAreNoScanCodesAreDropped() {
        decode(key(0, true), key(0x80, true), key(0xff, false));
        expect();
    }

    @Test
    void charactersBeyondTheFirstPlaneComeAsTwo() {
        decode(
                new ClientInput.UnicodeKey('e', true),
                new ClientInput.UnicodeKey(0xd83d, true),
                new ClientInput.UnicodeKey(0xde00, true),
                new ClientInput.UnicodeKey(0xde00, true),
                new ClientInput.UnicodeKey(0xd83d, true),
                new ClientInput.UnicodeKey('x', false));
        expect(
                new InputEvent.Unicode('e', true),
                new InputEvent.Unicode('e', false),
                new InputEvent.Unicode(0x1f600, true),
                new InputEvent.Unicode(0x1f600, false));
    }

    /** Clients on phones: each character comes down, some leave the release out, some send it. */
    @Test
    void charactersThatAreNeverReleasedStayDownNowhere() {
        decode(
                new ClientInput.UnicodeKey('a', true),
                new ClientInput.UnicodeKey('a', true),
                new ClientInput.UnicodeKey(0x20ac, true),
                new ClientInput.UnicodeKey(0x20ac, false));
        expect(
                new InputEvent.Unicode('a', true),
                new InputEvent.Unicode('a', false),
                new InputEvent.Unicode('a', true),
                new InputEvent.Unicode('a', false),
                new InputEvent.Unicode(0x20ac, true),
                new InputEvent.Unicode(0x20ac, false));
    }

    @Test
    void aMoveMayComeTogetherWithAButton() {
        decode(
                new Mouse(Mouse.MOVE | Mouse.BUTTON1 | Mouse.DOWN, 5, 6),
                new Mouse(Mouse.BUTTON2 | Mouse.DOWN, 7, 8),
                new Mouse(Mouse.BUTTON3, 7, 8));
        expect(
                new InputEvent.PointerMove(5, 6),
                new InputEvent.Button(PointerButton.LEFT, true),
                new InputEvent.PointerMove(7, 8),
                new InputEvent.Button(PointerButton.RIGHT, true),
                new InputEvent.PointerMove(7, 8),
                new InputEvent.Button(PointerButton.MIDDLE, false));
    }

    @ParameterizedTest
    @CsvSource({"0x0278,120", "0x0388,-120", "0x0300,-256", "0x02ff,255", "0x0200,0"})
    void theWheelTurnsBothWays(String flags, int rotation) {
        decode(new Mouse(Integer.decode(flags), 1, 2));
        expect(new InputEvent.Wheel(rotation, 0));
    }

    @Test
    void theHorizontalWheelIsNoVerticalOne() {
        decode(new Mouse(Mouse.HWHEEL | Mouse.rotationBits(-120), 1, 2));
        expect(new InputEvent.Wheel(0, -120));
    }

    @Test
    void fourthAndFifthButton() {
        decode(
                new ExtendedMouse(ExtendedMouse.DOWN | ExtendedMouse.BUTTON1, 1, 2),
                new ExtendedMouse(ExtendedMouse.BUTTON2, 1, 2));
        expect(
                new InputEvent.PointerMove(1, 2),
                new InputEvent.Button(PointerButton.SIDE, true),
                new InputEvent.PointerMove(1, 2),
                new InputEvent.Button(PointerButton.EXTRA, false));
    }

    @Test
    void relativeMotion() {
        decode(
                new RelativeMouse(Mouse.MOVE, -3, 4),
                new RelativeMouse(Mouse.BUTTON1 | Mouse.DOWN, 0, 0),
                new RelativeMouse(RelativeMouse.XBUTTON1, 0, 0));
        expect(
                new InputEvent.PointerMoveBy(-3, 4),
                new InputEvent.Button(PointerButton.LEFT, true),
                new InputEvent.Button(PointerButton.SIDE, false));
    }

    @Test
    void aSyncForgetsWhatWasHalfSaid() {
        decode(
                new ClientInput.Key(0x1d, true, false, true),
                new ClientInput.Synchronize(new LockFlags(true, false, true, false)),
                key(0x45, true));
        assertEquals(
                List.of(
                        new ViewerInput.Sync(new LockKeys(true, false, true)),
                        new ViewerInput.Event(new InputEvent.Key(Scancode.NUM_LOCK, true))),
                got);
    }

    private static ClientInput key(int code, boolean down) {
        return new ClientInput.Key(code, down, false, false);
    }

    private static ClientInput extended(int code, boolean down) {
        return new ClientInput.Key(code, down, true, false);
    }

    private void decode(ClientInput... inputs) {
        for (ClientInput input : inputs) {
            decoder.decode(input);
        }
    }

    private void expect(InputEvent... events) {
        assertEquals(List.of(events).stream().map(ViewerInput.Event::new).toList(), got);
    }
}
