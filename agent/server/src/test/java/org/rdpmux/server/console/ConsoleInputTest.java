// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;

/** What viewers type and point at. */
class ConsoleInputTest {

    private static final long MS = TestConsole.MS;
    private static final long SECOND = TestConsole.SECOND;

    private final TestConsole test = new TestConsole();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void inputReachesTheGuestAndKeysAreReleasedWhenTheirHolderLeaves() {
        FakeClient viewer = test.joined();
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        viewer.type(TestConsole.event(new InputEvent.PointerMove(5000, 10)));
        test.loop.run();
        viewer.post(new ToConsole.Left());
        test.loop.run();
        assertEquals(
                List.of(
                        new InputEvent.Key(Scancode.LEFT_CTRL, true),
                        new InputEvent.PointerMove(299, 10),
                        new InputEvent.Key(Scancode.LEFT_CTRL, false)),
                test.display().input);
    }

    @Test
    void inputOfAClientThatIsNotThereYetIsDropped() {
        FakeClient viewer = test.join();
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        test.loop.run();
        assertEquals(List.of(), test.display().input);
    }

    @Test
    void theLayoutOfAViewersKeyboardReachesTheDisplayWithTheFirstKey() {
        FakeClient viewer = test.joined();
        viewer.post(new ToConsole.Keyboard(new InputEvent.Layout(0x407)));
        test.loop.run();
        assertEquals(List.of(), test.display().input);
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.of(0x15), true)));
        test.loop.run();
        assertEquals(
                List.of(new InputEvent.Layout(0x407), new InputEvent.Key(Scancode.of(0x15), true)),
                test.display().input);
    }

    @Test
    void locksFollowTheViewersKeyboard() {
        FakeClient viewer = test.joined();
        test.display().listener.locks(LockKeys.NONE);
        test.loop.run();
        viewer.type(new ViewerInput.Sync(new LockKeys(false, true, false)));
        test.loop.run();
        assertEquals(
                List.of(new InputEvent.Key(Scancode.NUM_LOCK, true), new InputEvent.Key(Scancode.NUM_LOCK, false)),
                test.display().input);
    }

    @Test
    void aClientThatFloodsIsReadFromNoFurtherUntilTheGuestHasItsInput() {
        FakeClient viewer = test.joined();
        boolean more = true;
        int sent = 0;
        while (more) {
            more = viewer.type(TestConsole.event(new InputEvent.Key(Scancode.of(1 + sent % 100), true)));
            sent++;
        }
        assertTrue(sent <= InputQueue.LIMIT, "at most as many wait as are said");
        test.loop.run();
        assertTrue(viewer.told.contains("resume"));
        assertEquals(sent, test.display().input.size());
    }

    @Test
    void whatAnUnreachableViewerHoldsIsReleasedAndItMayTakeItAgain() {
        FakeClient lost = test.joined();
        FakeClient other = test.joined();
        lost.type(TestConsole.event(new InputEvent.Button(PointerButton.LEFT, true)));
        lost.type(TestConsole.event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        other.type(TestConsole.event(new InputEvent.Button(PointerButton.RIGHT, true)));
        test.loop.run();
        assertEquals(2, test.display().input.size(), "the pointer is the other one's");
        test.display().input.clear();
        lost.post(new ToConsole.Reachable(false));
        other.type(TestConsole.event(new InputEvent.Button(PointerButton.RIGHT, true)));
        other.type(TestConsole.event(new InputEvent.Button(PointerButton.RIGHT, false)));
        test.loop.run();
        assertEquals(
                List.of(
                        new InputEvent.Key(Scancode.LEFT_CTRL, false),
                        new InputEvent.Button(PointerButton.LEFT, false),
                        new InputEvent.Button(PointerButton.RIGHT, true),
                        new InputEvent.Button(PointerButton.RIGHT, false)),
                test.display().input);
        test.display().input.clear();
        lost.post(new ToConsole.Reachable(true));
        lost.type(TestConsole.event(new InputEvent.Button(PointerButton.LEFT, false)));
        lost.type(TestConsole.event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        test.loop.run();
        assertEquals(List.of(new InputEvent.Key(Scancode.LEFT_CTRL, true)), test.display().input);
    }

    @Test
    void viewersAreToldOfTheLocksAtTheStartAndWhenTheyChange() {
        LockKeys caps = new LockKeys(false, false, true);
        FakeClient first = test.joined();
        test.display().listener.locks(caps);
        test.loop.run();
        FakeClient late = test.joined();
        assertEquals(List.of("size 300x200", "locks " + caps), first.told);
        assertEquals(first.told, late.told);
        test.display().listener.failed("the guest was reset");
        test.loop.pass(SECOND);
        test.display().listener.resized(test.guest);
        FakeClient next = test.joined();
        assertEquals(List.of("size 300x200"), next.told, "nothing is known of a new keyboard");
    }

    @Test
    void aBurstReachesAGuestThatReadsSlowlyAtItsPaceWholeAndInOrder() {
        test.keyGap(20 * MS);
        FakeClient viewer = test.joined();
        List<InputEvent> typed = new ArrayList<>();
        boolean more = true;
        for (int i = 0; more && i < 1000; i++) {
            InputEvent event = new InputEvent.Key(Scancode.of(1 + i / 2 % 100), i % 2 == 0);
            typed.add(event);
            more = viewer.type(TestConsole.event(event));
            test.loop.run();
        }
        assertTrue(typed.size() > InputQueue.LIMIT, "what the guest cannot take yet waits in the viewer's queue");
        assertEquals(typed.subList(0, 1), test.display().input);
        assertFalse(viewer.told.contains("resume"));
        for (int i = 2; i <= typed.size(); i++) {
            test.loop.pass(20 * MS);
            assertEquals(typed.subList(0, i), test.display().input);
        }
        assertTrue(viewer.told.contains("resume"));
        assertEquals(0, test.loop.timers());
    }

    @Test
    void aKeyThatIsTypedAloneDoesNotWait() {
        test.keyGap(20 * MS);
        FakeClient viewer = test.joined();
        for (int i = 1; i <= 10; i++) {
            viewer.type(TestConsole.event(new InputEvent.Key(Scancode.of(i), true)));
            test.loop.run();
            assertEquals(i, test.display().input.size());
            test.loop.pass(20 * MS);
        }
    }

    @Test
    void viewersTakeTurnsWhileTheGuestIsSlow() {
        test.keyGap(20 * MS);
        FakeClient flood = test.joined();
        FakeClient other = test.joined();
        for (int i = 0; i < 200; i++) {
            flood.type(TestConsole.event(new InputEvent.Key(Scancode.of(1), true)));
        }
        test.loop.run();
        InputEvent key = new InputEvent.Key(Scancode.of(2), true);
        other.type(TestConsole.event(key));
        test.loop.pass(20 * 20 * MS);
        assertTrue(test.display().input.contains(key));
    }

    @Test
    void whatAViewerTypedBeforeItLeftCountsAndItsKeysAreReleasedAfterwards() {
        test.keyGap(20 * MS);
        FakeClient viewer = test.joined();
        List<InputEvent> typed = new ArrayList<>();
        for (int code = 1; code <= 100; code++) {
            typed.add(new InputEvent.Key(Scancode.of(code), true));
        }
        typed.forEach(event -> viewer.type(TestConsole.event(event)));
        viewer.post(new ToConsole.Left());
        test.loop.pass(300 * 20 * MS);
        assertEquals(200, test.display().input.size());
        assertEquals(typed, test.display().input.subList(0, 100));
        assertTrue(test.display().input.subList(100, 200).stream()
                .allMatch(event -> event instanceof InputEvent.Key key && !key.down()));
    }

    @Test
    void keysThatWaitedAreForgottenWithTheirDisplay() {
        test.keyGap(20 * MS);
        FakeClient viewer = test.joined();
        for (int i = 0; i < 10; i++) {
            viewer.type(TestConsole.event(new InputEvent.Key(Scancode.of(1), true)));
        }
        test.loop.run();
        test.display().listener.failed("gone");
        test.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        test.display().listener.resized(test.guest);
        test.loop.pass(SECOND);
        assertEquals(List.of(), test.display().input);
    }
}
