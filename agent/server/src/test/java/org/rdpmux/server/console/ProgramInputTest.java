// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.Scancode;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.InputScript;

/** What programs type. */
class ProgramInputTest {

    private static final long MS = TestConsole.MS;
    private static final InputEvent A_DOWN = new InputEvent.Key(Scancode.of(0x1e), true);
    private static final InputEvent A_UP = new InputEvent.Key(Scancode.of(0x1e), false);
    private static final InputEvent SHIFT_DOWN = new InputEvent.Key(Scancode.LEFT_SHIFT, true);
    private static final InputEvent SHIFT_UP = new InputEvent.Key(Scancode.LEFT_SHIFT, false);

    private final TestConsole test = new TestConsole();

    @AfterEach
    void close() {
        test.close();
    }

    private CompletableFuture<Void> type(boolean force, InputScript.Timed... events) {
        CompletableFuture<Void> typed =
                test.console.programs().type(new InputScript(List.of(events), new InputEvent.Layout(0x407), force));
        test.loop.run();
        return typed;
    }

    private static InputScript.Timed now(InputEvent event) {
        return after(0, event);
    }

    private static InputScript.Timed after(long millis, InputEvent event) {
        return new InputScript.Timed(millis * MS, event);
    }

    private static String refusal(CompletableFuture<Void> typed) {
        assertTrue(typed.isDone());
        Throwable cause = assertThrows(ExecutionException.class, typed::get).getCause();
        return assertInstanceOf(ConsoleUnavailableException.class, cause).getMessage();
    }

    @Test
    void opensTheDisplayTypesAndLetsItGo() {
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertEquals(DisplayState.IDLE, test.console.status().state());
        CompletableFuture<Void> typed = type(false, now(A_DOWN), after(100, A_UP));
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertEquals(List.of(new InputEvent.Layout(0x407), A_DOWN), test.display().input);
        test.loop.pass(99 * MS);
        assertFalse(typed.isDone());
        test.loop.pass(MS);
        assertEquals(List.of(new InputEvent.Layout(0x407), A_DOWN, A_UP), test.display().input);
        assertTrue(typed.isDone());
        test.loop.pass(TestConsole.LINGER);
        assertTrue(test.display().closed);
    }

    @Test
    void typesNoFasterThanTheGuestReads() {
        test.joined();
        test.keyGap(10 * MS);
        CompletableFuture<Void> typed = type(false, now(A_DOWN), now(A_UP), now(A_DOWN), now(A_UP));
        test.loop.pass(29 * MS);
        assertFalse(typed.isDone());
        assertEquals(4, test.display().input.size(), "the layout and three keys");
        test.loop.pass(MS);
        assertTrue(typed.isDone());
        assertEquals(5, test.display().input.size());
    }

    @Test
    void whatAViewerHoldsKeepsProgramsFromTypingUnlessForced() {
        FakeClient viewer = test.joined();
        viewer.post(new ToConsole.Input(TestConsole.event(SHIFT_DOWN)));
        test.loop.run();
        assertTrue(refusal(type(false, now(A_DOWN), now(A_UP))).contains("a viewer holds"));
        assertEquals(List.of(SHIFT_DOWN), test.display().input);
        assertTrue(type(true, now(A_DOWN), now(A_UP)).isDone());
        viewer.post(new ToConsole.Input(TestConsole.event(SHIFT_UP)));
        test.loop.run();
        assertTrue(type(false, now(A_DOWN), now(A_UP)).isDone());
    }

    @Test
    void whoeverHasGoneTypesNoMoreAndHoldsNothing() {
        test.joined();
        CompletableFuture<Void> typed = type(false, now(SHIFT_DOWN), after(1000, A_DOWN), now(A_UP), now(SHIFT_UP));
        typed.cancel(false);
        test.loop.pass(2000 * MS);
        assertEquals(List.of(new InputEvent.Layout(0x407), SHIFT_DOWN, SHIFT_UP), test.display().input);
        assertTrue(type(false, now(A_DOWN), now(A_UP)).isDone(), "others go on");
    }

    @Test
    void releasesWhatAScriptLeavesDown() {
        test.joined();
        assertTrue(type(false, now(SHIFT_DOWN)).isDone());
        assertEquals(List.of(new InputEvent.Layout(0x407), SHIFT_DOWN, SHIFT_UP), test.display().input);
    }

    @Test
    void onlySoManyWait() {
        test.joined();
        for (int i = 0; i < ProgramInput.MAX_SCRIPTS; i++) {
            assertFalse(type(false, after(1000, A_DOWN), now(A_UP)).isDone());
        }
        assertTrue(refusal(type(false, now(A_DOWN))).contains("try again"));
        test.loop.pass(1000 * MS);
        assertFalse(type(false, after(1000, A_DOWN), now(A_UP)).isDone());
    }

    @Test
    void saysWhyNothingCanBeTyped() {
        test.joined();
        CompletableFuture<Void> cut = type(false, now(A_DOWN), after(1000, A_UP));
        test.display().listener.failed("the guest is on fire");
        test.loop.run();
        assertTrue(refusal(cut).contains("ended while it was typed"));
        assertTrue(refusal(type(false, now(A_DOWN))).contains("the guest is on fire"));
        test.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        CompletableFuture<Void> waiting = type(false, now(A_DOWN));
        test.loop.pass(ProgramInput.BEGIN_NANOS);
        assertTrue(refusal(waiting).contains("in time"));
        CompletableFuture<Void> last = type(false, now(A_DOWN));
        test.console.close(DisconnectReason.CONSOLE_CLOSED);
        test.loop.run();
        assertEquals("the console is closed", refusal(last));
    }
}
