// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.librdpmux.wire.HostMessage.Keyboard;
import org.rdpmux.librdpmux.wire.HostMessage.Mouse;

class InputTranslatorTest {

    private static final long SOON = InputTranslator.MOTION_INTERVAL_NANOS - 1;

    private final InputTranslator translator = new InputTranslator();
    /** A clock that may well be negative, as the JDK's. */
    private long now = -5;

    @BeforeEach
    void resize() {
        translator.resize(1024, 768);
    }

    private List<?> translate(InputEvent event) {
        return translator.translate(event, now);
    }

    @ParameterizedTest
    @CsvSource({
        "1e, false, true, 1e, 4000", // A
        "1e, false, false, 1e, 8000",
        "4b, true, true, cb, 4100", // left
        "4b, true, false, cb, 8100",
        "4b, false, true, 4b, 4000", // 4 on the keypad
        "48, true, true, c8, 4100", // up
        "5b, true, true, db, 4100", // left windows key
        "37, true, true, b7, 4100", // print screen
        "46, true, true, c6, 4100", // pause
        "1c, true, false, 9c, 8100", // enter on the keypad
    })
    void numbersKeysAsTheHypervisorDoes(String code, boolean extended, boolean down, String number, String flags) {
        Scancode key = extended ? Scancode.extended(hex(code)) : Scancode.of(hex(code));
        assertEquals(List.of(new Keyboard(hex(number), hex(flags))), translate(new InputEvent.Key(key, down)));
    }

    private static int hex(String text) {
        return Integer.parseInt(text, 16);
    }

    @ParameterizedTest
    @CsvSource({"LEFT, 9000, 1000", "RIGHT, a000, 2000", "MIDDLE, c000, 4000"})
    void sendsButtonsOnTheirOwn(PointerButton button, String down, String up) {
        translate(new InputEvent.PointerMove(3, 4));
        assertEquals(List.of(new Mouse(3, 4, hex(down))), translate(new InputEvent.Button(button, true)));
        assertEquals(List.of(new Mouse(3, 4, hex(up))), translate(new InputEvent.Button(button, false)));
    }

    @ParameterizedTest
    @EnumSource(
            value = PointerButton.class,
            names = {"SIDE", "EXTRA"})
    void dropsButtonsGuestsDoNotKnow(PointerButton button) {
        assertEquals(List.of(), translate(new InputEvent.Button(button, true)));
    }

    @Test
    void dropsTheWheelAndCharacters() {
        assertEquals(List.of(), translate(new InputEvent.Wheel(InputEvent.Wheel.NOTCH, 0)));
        assertEquals(List.of(), translate(new InputEvent.Unicode('a', true)));
    }

    @Test
    void sendsTheFirstPositionAtOnceAndTheLastOfMany() {
        assertEquals(List.of(new Mouse(1, 1, Mouse.MOVE)), translate(new InputEvent.PointerMove(1, 1)));
        assertEquals(List.of(), translate(new InputEvent.PointerMove(2, 2)));
        assertEquals(List.of(), translate(new InputEvent.PointerMove(3, 3)));
        assertTrue(translator.holdsMotion());
        now += SOON;
        assertEquals(1, translator.nanosUntilDue(now));
        assertEquals(Optional.empty(), translator.flush(now));
        now++;
        assertEquals(Optional.of(new Mouse(3, 3, Mouse.MOVE)), translator.flush(now));
        assertFalse(translator.holdsMotion());
        assertEquals(Optional.empty(), translator.flush(now));
    }

    @Test
    void movesBeforeItPresses() {
        translate(new InputEvent.PointerMove(1, 1));
        translate(new InputEvent.PointerMove(9, 8));
        assertEquals(
                List.of(new Mouse(9, 8, Mouse.MOVE), new Mouse(9, 8, 0x9000)),
                translate(new InputEvent.Button(PointerButton.LEFT, true)));
    }

    @Test
    void dragsFromPressToRelease() {
        translate(new InputEvent.PointerMove(10, 10));
        translate(new InputEvent.Button(PointerButton.LEFT, true));
        translate(new InputEvent.PointerMove(50, 60));
        assertEquals(
                List.of(new Mouse(50, 60, Mouse.MOVE), new Mouse(50, 60, 0x1000)),
                translate(new InputEvent.Button(PointerButton.LEFT, false)));
    }

    @Test
    void keepsThePointerOnTheScreen() {
        assertEquals(List.of(new Mouse(1023, 0, Mouse.MOVE)), translate(new InputEvent.PointerMove(5000, -7)));
        now += SOON + 1;
        assertEquals(List.of(new Mouse(1013, 5, Mouse.MOVE)), translate(new InputEvent.PointerMoveBy(-10, 5)));
        now += SOON + 1;
        assertEquals(
                List.of(new Mouse(1023, 0, Mouse.MOVE)),
                translate(new InputEvent.PointerMoveBy(Integer.MAX_VALUE, Integer.MIN_VALUE)));
        translator.resize(640, 480);
        assertEquals(List.of(new Mouse(639, 0, 0xa000)), translate(new InputEvent.Button(PointerButton.RIGHT, true)));
    }

    @Test
    void usesNoFlagsButThoseThatHypervisorsAccept() {
        Set<Integer> accepted = Set.of(0x0800, 0x9000, 0x1000, 0xa000, 0x2000, 0xc000, 0x4000);
        for (PointerButton button : PointerButton.values()) {
            for (boolean down : new boolean[] {true, false}) {
                translate(new InputEvent.PointerMoveBy(1, 1));
                for (Object message : translate(new InputEvent.Button(button, down))) {
                    assertTrue(accepted.contains(((Mouse) message).flags()), message.toString());
                }
            }
        }
    }
}
