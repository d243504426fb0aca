// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;

class InputArbiterTest {

    private static final Scancode A = Scancode.of(0x1e);
    private static final LockKeys CAPS = new LockKeys(false, false, true);

    private final List<InputEvent> guest = new ArrayList<>();
    private final InputArbiter arbiter = new InputArbiter(guest::add);
    private final InputArbiter.Source anna = arbiter.join();
    private final InputArbiter.Source ben = arbiter.join();

    @Test
    void aKeyStaysDownUntilItsLastHolderReleasesIt() {
        press(anna, A);
        press(ben, A);
        release(anna, A);
        assertEquals(List.of(down(A), down(A)), taken());
        release(ben, A);
        assertEquals(List.of(up(A)), taken());
    }

    @Test
    void tellsTheLayoutOfWhoeverTypesBeforeTheFirstKey() {
        InputEvent german = new InputEvent.Layout(0x407);
        ben.layout(new InputEvent.Layout(0x407));
        press(anna, A);
        release(anna, A);
        assertEquals(List.of(down(A), up(A)), taken(), "US needs no word");
        press(ben, A);
        release(ben, A);
        press(ben, A);
        assertEquals(List.of(german, down(A), up(A), down(A)), taken());
        anna.on(new ViewerInput.Event(new InputEvent.Unicode('x', true)));
        assertEquals(List.of(InputEvent.Layout.US, new InputEvent.Unicode('x', true)), taken());
        arbiter.reset();
        press(ben, A);
        assertEquals(List.of(german, down(A)), taken(), "another display");
    }

    @Test
    void passesAutoRepeatOn() {
        press(anna, A);
        press(anna, A);
        press(anna, A);
        release(anna, A);
        assertEquals(List.of(down(A), down(A), down(A), up(A)), taken());
    }

    @Test
    void nobodyReleasesWhatHeDoesNotHold() {
        press(anna, A);
        release(ben, A);
        release(ben, Scancode.of(0x0f));
        assertEquals(List.of(down(A)), taken());
    }

    @Test
    void extendedKeysAreKeysOfTheirOwn() {
        press(anna, Scancode.LEFT_CTRL);
        press(anna, Scancode.RIGHT_CTRL);
        release(anna, Scancode.LEFT_CTRL);
        assertEquals(List.of(down(Scancode.LEFT_CTRL), down(Scancode.RIGHT_CTRL), up(Scancode.LEFT_CTRL)), taken());
    }

    @Test
    void whoLeavesReleasesWhatHeHolds() {
        press(anna, Scancode.LEFT_ALT);
        press(anna, Scancode.RIGHT_ALT);
        press(anna, A);
        press(ben, A);
        button(anna, PointerButton.LEFT, true);
        taken();
        anna.leave();
        assertEquals(
                List.of(
                        up(Scancode.LEFT_ALT),
                        up(Scancode.RIGHT_ALT),
                        new InputEvent.Button(PointerButton.LEFT, false)),
                taken());
        anna.leave();
        press(anna, A);
        assertEquals(List.of(), taken());
        release(ben, A);
        assertEquals(List.of(up(A)), taken());
    }

    @Test
    void aSyncReleasesKeys() {
        press(anna, Scancode.LEFT_SHIFT);
        taken();
        sync(anna, LockKeys.NONE);
        assertEquals(List.of(up(Scancode.LEFT_SHIFT)), taken());
    }

    @Test
    void aSyncTapsTheLocksThatDifferFromTheGuestsLeds() {
        arbiter.guestLocks(new LockKeys(true, true, false));
        sync(anna, CAPS);
        assertEquals(
                List.of(
                        down(Scancode.SCROLL_LOCK),
                        up(Scancode.SCROLL_LOCK),
                        down(Scancode.NUM_LOCK),
                        up(Scancode.NUM_LOCK),
                        down(Scancode.CAPS_LOCK),
                        up(Scancode.CAPS_LOCK)),
                taken());
        sync(anna, CAPS);
        assertEquals(List.of(), taken(), "the LEDs may take a while to follow");
    }

    @Test
    void aLockKeyThatIsTypedCounts() {
        arbiter.guestLocks(LockKeys.NONE);
        press(anna, Scancode.CAPS_LOCK);
        press(anna, Scancode.CAPS_LOCK);
        release(anna, Scancode.CAPS_LOCK);
        taken();
        sync(anna, CAPS);
        assertEquals(List.of(), taken());
        sync(anna, LockKeys.NONE);
        assertEquals(List.of(down(Scancode.CAPS_LOCK), up(Scancode.CAPS_LOCK)), taken());
    }

    @Test
    void withoutLedsTheFirstSyncIsTakenToAgreeWithTheGuest() {
        sync(anna, CAPS);
        assertEquals(List.of(), taken());
        sync(anna, LockKeys.NONE);
        assertEquals(List.of(down(Scancode.CAPS_LOCK), up(Scancode.CAPS_LOCK)), taken());
    }

    @Test
    void aLockKeyThatSomebodyHoldsIsNotTapped() {
        arbiter.guestLocks(LockKeys.NONE);
        press(ben, Scancode.CAPS_LOCK);
        taken();
        sync(anna, LockKeys.NONE);
        assertEquals(List.of(), taken());
    }

    @Test
    void aDragIsNotDisturbed() {
        button(anna, PointerButton.LEFT, true);
        move(anna, 1);
        move(ben, 2);
        button(ben, PointerButton.RIGHT, true);
        on(ben, new InputEvent.Wheel(120, 0));
        button(ben, PointerButton.RIGHT, false);
        move(anna, 3);
        button(anna, PointerButton.LEFT, false);
        move(ben, 4);
        assertEquals(
                List.of(
                        new InputEvent.Button(PointerButton.LEFT, true),
                        new InputEvent.PointerMove(1, 0),
                        new InputEvent.PointerMove(3, 0),
                        new InputEvent.Button(PointerButton.LEFT, false),
                        new InputEvent.PointerMove(4, 0)),
                taken());
    }

    @Test
    void aButtonThatIsNotDownIsNotReleased() {
        button(anna, PointerButton.MIDDLE, false);
        button(anna, PointerButton.MIDDLE, true);
        button(anna, PointerButton.MIDDLE, true);
        button(anna, PointerButton.MIDDLE, false);
        assertEquals(
                List.of(
                        new InputEvent.Button(PointerButton.MIDDLE, true),
                        new InputEvent.Button(PointerButton.MIDDLE, false)),
                taken());
    }

    @Test
    void aNewGuestKeyboardHoldsNothing() {
        arbiter.guestLocks(CAPS);
        press(anna, A);
        button(anna, PointerButton.LEFT, true);
        arbiter.reset();
        taken();
        release(anna, A);
        button(anna, PointerButton.LEFT, false);
        sync(anna, LockKeys.NONE);
        assertEquals(List.of(), taken());
    }

    private List<InputEvent> taken() {
        List<InputEvent> events = List.copyOf(guest);
        guest.clear();
        return events;
    }

    private static void on(InputArbiter.Source source, InputEvent event) {
        source.on(new ViewerInput.Event(event));
    }

    private static void press(InputArbiter.Source source, Scancode key) {
        on(source, down(key));
    }

    private static void release(InputArbiter.Source source, Scancode key) {
        on(source, up(key));
    }

    private static void button(InputArbiter.Source source, PointerButton button, boolean down) {
        on(source, new InputEvent.Button(button, down));
    }

    private static void move(InputArbiter.Source source, int x) {
        on(source, new InputEvent.PointerMove(x, 0));
    }

    /** xfreerdp says its locks twice when it connects, the second time before the guest has reported all of the first. */
    @Test
    void aReportThatIsBehindPressesNoKeyAgain() {
        InputArbiter.Source source = arbiter.join();
        arbiter.guestLocks(CAPS);
        LockKeys num = new LockKeys(false, true, false);
        sync(source, num);
        int taps = guest.size();
        assertEquals(4, taps, "Num Lock and Caps Lock");
        arbiter.guestLocks(new LockKeys(false, true, true));
        sync(source, num);
        arbiter.guestLocks(num);
        sync(source, num);
        assertEquals(taps, guest.size());
        sync(source, CAPS);
        assertEquals(taps + 4, guest.size());
    }

    @Test
    void aKeyPressedTwiceInAHurryIsNotMendedInBetween() {
        InputArbiter.Source source = arbiter.join();
        arbiter.guestLocks(LockKeys.NONE);
        for (int i = 0; i < 2; i++) {
            source.on(new ViewerInput.Event(new InputEvent.Key(Scancode.CAPS_LOCK, true)));
            source.on(new ViewerInput.Event(new InputEvent.Key(Scancode.CAPS_LOCK, false)));
        }
        arbiter.guestLocks(CAPS);
        sync(source, LockKeys.NONE);
        assertEquals(4, guest.size(), "what was pressed, and no more");
    }

    @Test
    void aGuestThatDidNotHeedAKeyIsBelievedOnceItSetsItsLocksItself() {
        InputArbiter.Source source = arbiter.join();
        arbiter.guestLocks(LockKeys.NONE);
        sync(source, CAPS);
        guest.clear();
        arbiter.guestLocks(new LockKeys(false, true, false));
        sync(source, new LockKeys(false, true, false));
        assertEquals(List.of(), guest);
    }

    private static void sync(InputArbiter.Source source, LockKeys locks) {
        source.on(new ViewerInput.Sync(locks));
    }

    private static InputEvent down(Scancode key) {
        return new InputEvent.Key(key, true);
    }

    private static InputEvent up(Scancode key) {
        return new InputEvent.Key(key, false);
    }
}
