// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.control.InputStep;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.server.InputScript;

class InputScriptsTest {

    private static InputScripts.Made make(String layout, InputStep... steps) {
        return InputScripts.make(new Request.SendInput("web1", layout, false, List.of(steps)));
    }

    private static InputStep step(String type, String key, int x, int y, int millis) {
        return new InputStep(type, key, Secret.NONE, x, y, millis);
    }

    @Test
    void keysGoDownInOrderAndUpInReverseAfterTheTimeTheyAreHeld() {
        InputScript script = make("", InputStep.keys("ctrl-alt-delete", 40)).script();
        Scancode delete = Scancode.extended(0x53);
        assertEquals(
                List.of(
                        new InputScript.Timed(0, new InputEvent.Key(Scancode.LEFT_CTRL, true)),
                        new InputScript.Timed(0, new InputEvent.Key(Scancode.LEFT_ALT, true)),
                        new InputScript.Timed(0, new InputEvent.Key(delete, true)),
                        new InputScript.Timed(40_000_000, new InputEvent.Key(delete, false)),
                        new InputScript.Timed(0, new InputEvent.Key(Scancode.LEFT_ALT, false)),
                        new InputScript.Timed(0, new InputEvent.Key(Scancode.LEFT_CTRL, false))),
                script.events());
        assertEquals(InputEvent.Layout.US, script.layout());
    }

    @Test
    void textIsTypedCharacterByCharacterOnItsLayout() {
        InputScripts.Made made = make("de", InputStep.text("ü\ud83d\ude00"));
        assertEquals(
                List.of(
                        new InputEvent.Unicode('ü', true),
                        new InputEvent.Unicode('ü', false),
                        new InputEvent.Unicode(0x1f600, true),
                        new InputEvent.Unicode(0x1f600, false)),
                made.script().events().stream().map(InputScript.Timed::event).toList());
        assertEquals(2, made.characters());
        assertEquals(new InputEvent.Layout(0x407), made.script().layout());
        assertEquals(
                new InputEvent.Layout(0x10409),
                make("0x10409", InputStep.text("x")).script().layout());
    }

    @Test
    void thePointerMovesClicksAndTurnsTheWheel() {
        assertEquals(
                List.of(
                        new InputScript.Timed(0, new InputEvent.PointerMove(3, 4)),
                        new InputScript.Timed(7_000_000, new InputEvent.Button(PointerButton.RIGHT, true)),
                        new InputScript.Timed(0, new InputEvent.Button(PointerButton.RIGHT, false)),
                        new InputScript.Timed(0, new InputEvent.Wheel(-240, 120))),
                make(
                                "",
                                InputStep.pointer("move", 3, 4),
                                step("pause", "", 0, 0, 7),
                                InputStep.click("right"),
                                InputStep.pointer("wheel", 1, -2))
                        .script()
                        .events());
    }

    @ParameterizedTest
    @CsvSource({
        "a, 0x1e, false",
        "F12, 0x58, false",
        "altgr, 0x38, true",
        "enter, 0x1c, false",
        "kp0, 0x52, false",
        "0x1c, 0x1c, false",
        "0xE01C, 0x1c, true",
        "f10, 0x44, false",
        "space, 0x39, false",
        "slash, 0x35, false"
    })
    void keysHaveTheirNamesOnAUsKeyboardAndTheirScanCodes(String name, int code, boolean extended) {
        assertEquals(extended ? Scancode.extended(code) : Scancode.of(code), KeyNames.find(name));
    }

    @ParameterizedTest
    @CsvSource({
        "key, '', 0, 0, 0, there is no key ''",
        "key, ctrl--a, 0, 0, 0, there is no key ''",
        "key, 0x80, 0, 0, 0, there is no key '0x80'",
        "key, 0xe000, 0, 0, 0, there is no key",
        "key, a, 0, 0, 5001, 0 to 5000 ms",
        "pause, '', 0, 0, -1, 0 to 5000 ms",
        "pause, '', 0, 0, 1, nothing to type",
        "press, a, 0, 0, 0, no step of the type",
        "click, side, 0, 0, 0, no button 'side'",
        "move, '', -1, 0, 0, cannot be at",
        "wheel, '', 0, -2147483648, 0, 100 notches"
    })
    void refusesWhatMakesNoSense(String type, String key, int x, int y, int millis, String why) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> make("", step(type, key, x, y, millis)));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void takesSoMuchAtATime() {
        InputStep text = InputStep.text("x".repeat(InputScripts.MAX_CHARACTERS));
        assertEquals(InputScripts.MAX_CHARACTERS, make("", text).characters());
        assertThrows(IllegalArgumentException.class, () -> make("", text, InputStep.text("x")));
        assertThrows(IllegalArgumentException.class, () -> make("no-such", text));
        InputStep many = InputStep.keys(String.join("-", Collections.nCopies(600, "a")), 0);
        assertThrows(IllegalArgumentException.class, () -> make("", many));
        InputStep[] steps = Collections.nCopies(InputScripts.MAX_STEPS + 1, InputStep.keys("a", 0))
                .toArray(InputStep[]::new);
        assertThrows(IllegalArgumentException.class, () -> make("", steps));
    }
}
