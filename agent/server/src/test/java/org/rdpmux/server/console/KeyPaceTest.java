// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.server.screen.Screen;

class KeyPaceTest {

    private static final long GAP = 20;

    private final List<InputEvent> guest = new ArrayList<>();
    private final KeyPace pace = new KeyPace(guest::add);

    @Test
    void passesEverythingOnAtOnceWhereNoGapIsNeeded() {
        for (int i = 0; i < 100; i++) {
            pace.add(key(i), 0, 7);
        }
        assertEquals(100, guest.size());
        assertEquals(Screen.NEVER, pace.nextDeadline(0));
    }

    @Test
    void delaysNoKeyThatComesAfterTheGap() {
        for (int i = 0; i < 10; i++) {
            pace.add(key(i), GAP, i * GAP);
            assertEquals(i + 1, guest.size());
        }
    }

    @Test
    void keepsKeysOfABurstApartAndInOrder() {
        List<InputEvent> burst = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            burst.add(key(i));
            burst.add(new InputEvent.Key(Scancode.of(1 + i % 100), false));
        }
        burst.forEach(event -> pace.add(event, GAP, 5));
        assertEquals(burst.subList(0, 1), guest);
        for (int i = 1; i < burst.size(); i++) {
            assertEquals(5 + i * GAP, pace.nextDeadline(GAP));
            pace.pass(GAP, 5 + i * GAP - 1);
            assertEquals(i, guest.size());
            pace.pass(GAP, 5 + i * GAP);
            assertEquals(burst.subList(0, i + 1), guest);
        }
        assertEquals(Screen.NEVER, pace.nextDeadline(GAP));
    }

    @Test
    void givesACharacterTheTimeOfTwoKeys() {
        InputEvent character = new InputEvent.Unicode('A', true);
        pace.add(character, GAP, 0);
        pace.add(key(1), GAP, 0);
        assertEquals(2 * GAP, pace.nextDeadline(GAP));
        pace.pass(GAP, 2 * GAP);
        pace.add(key(2), GAP, 2 * GAP);
        assertEquals(3 * GAP, pace.nextDeadline(GAP));
    }

    @Test
    void letsThePointerAloneUnlessKeysWait() {
        InputEvent click = new InputEvent.Button(PointerButton.LEFT, true);
        pace.add(key(1), GAP, 0);
        pace.add(click, GAP, 1);
        pace.add(move(1), GAP, 1);
        assertEquals(List.of(key(1), click, move(1)), guest);
        pace.add(key(2), GAP, 2);
        pace.add(move(2), GAP, 2);
        pace.add(move(3), GAP, 3);
        pace.add(click, GAP, 3);
        pace.add(move(4), GAP, 3);
        assertEquals(3, guest.size());
        pace.pass(GAP, GAP);
        assertEquals(List.of(key(2), move(3), click, move(4)), guest.subList(3, guest.size()));
    }

    @Test
    void saysWhenEnoughWaitsAndWhenTooMuchDoes() {
        int added = 0;
        while (!pace.isFull()) {
            pace.add(key(1), GAP, 0);
            added++;
        }
        assertEquals(1 + KeyPace.FULL, added, "the first goes at once");
        assertFalse(pace.isOverfull());
        while (!pace.isOverfull()) {
            pace.add(key(1), GAP, 0);
            added++;
        }
        assertEquals(1 + KeyPace.OVERFULL, added);
        pace.clear();
        assertFalse(pace.isFull());
        pace.pass(GAP, 1000);
        assertEquals(1, guest.size());
        assertTrue(pace.nextDeadline(GAP) == Screen.NEVER);
    }

    private static InputEvent key(int code) {
        return new InputEvent.Key(Scancode.of(1 + code % 100), true);
    }

    private static InputEvent move(int x) {
        return new InputEvent.PointerMove(x, 0);
    }
}
