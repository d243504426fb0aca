// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ScreenPicture;
import org.rdpmux.server.ScreenState;
import org.rdpmux.server.ScreenWait;

/** Programs that look at a console's screen. */
class ObserversTest {

    private static final long MS = TestConsole.MS;
    private static final long SECOND = TestConsole.SECOND;

    private TestConsole test = new TestConsole();

    @AfterEach
    void close() {
        test.close();
    }

    /** The display that the console opened at first, to learn the screen's size, has shown it. */
    private void idle() {
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertEquals(DisplayState.IDLE, test.console.status().state());
    }

    private CompletableFuture<ScreenPicture> ask() {
        CompletableFuture<ScreenPicture> picture = test.console.programs().picture(Rect.EMPTY);
        test.loop.run();
        return picture;
    }

    private void assertShowsGuest(CompletableFuture<ScreenPicture> answer) {
        assertTrue(answer.isDone());
        try (ScreenPicture picture = answer.join()) {
            assertEquals(test.guest.width(), picture.width());
            assertEquals(test.guest.height(), picture.height());
            assertArrayEquals(test.guest.pixels(), picture.pixels());
        }
    }

    private static String refusal(CompletableFuture<ScreenPicture> answer) {
        assertTrue(answer.isDone());
        Throwable cause = assertThrows(ExecutionException.class, answer::get).getCause();
        return assertInstanceOf(ConsoleUnavailableException.class, cause).getMessage();
    }

    @Test
    void takesAPictureOfTheScreenThatViewersSee() {
        test.joined();
        int displays = test.displays.size();
        test.paint(70, 60, 100, 100, 0x123456);
        test.display().listener.damaged(new Rect(70, 60, 100, 100));
        CompletableFuture<ScreenPicture> picture = ask();
        test.loop.pass(SECOND);
        test.encoded();
        assertShowsGuest(picture);
        assertEquals(displays, test.displays.size(), "another connection to the guest");
    }

    @Test
    void opensTheDisplayAndLetsItGoAfterwards() {
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        assertTrue(test.display().active);
        test.display().listener.resized(test.guest);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.run();
        assertShowsGuest(picture);
        assertFalse(test.display().closed);
        test.loop.pass(Observers.KEEP_NANOS + TestConsole.LINGER);
        assertTrue(test.display().closed);
        assertEquals(DisplayState.IDLE, test.console.status().state());
    }

    @Test
    void waitsUntilTheDisplayHasReportedAllOfTheScreen() {
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        test.display().listener.resized(test.guest);
        test.display().listener.damaged(new Rect(0, 0, 300, 100));
        test.loop.pass(100 * MS);
        assertFalse(picture.isDone());
        test.paint(0, 100, 300, 100, 0x654321);
        test.display().listener.damaged(new Rect(0, 100, 300, 100));
        test.loop.pass(100 * MS);
        assertShowsGuest(picture);
    }

    @Test
    void waitsAnewForADisplayThatNobodyLookedAt() {
        FakeClient viewer = test.joined();
        test.display().listener.damaged(test.guest.bounds());
        viewer.post(new ToConsole.OutputWanted(false));
        test.loop.pass(10 * SECOND);
        assertFalse(test.display().active, "its only viewer is minimised");
        CompletableFuture<ScreenPicture> picture = ask();
        assertTrue(test.display().active);
        assertFalse(picture.isDone());
        test.paint(0, 0, 300, 200, 0xabcdef);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.pass(SECOND / 2);
        assertShowsGuest(picture);
        test.loop.pass(Observers.KEEP_NANOS);
        assertFalse(test.display().active, "nobody looks on again");
    }

    @Test
    void takesWhatThereIsFromADisplayThatReportsNothing() {
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        test.display().listener.resized(test.guest);
        test.loop.pass(Observers.REPORT_NANOS);
        assertShowsGuest(picture);
    }

    @Test
    void saysWhyThereIsNoPicture() {
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        test.display().listener.failed("the guest is on fire");
        test.loop.run();
        assertTrue(refusal(picture).contains("the guest is on fire"));
        int displays = test.displays.size();
        picture = ask();
        assertEquals(displays + 1, test.displays.size(), "it is tried again");
        test.loop.pass(Observers.PICTURE_NANOS);
        assertTrue(refusal(picture).contains("in time"));
        test.console.close(DisconnectReason.CONSOLE_CLOSED);
        assertEquals("the console is closed", refusal(ask()));
    }

    @Test
    void takesNoPictureThatThePixelBudgetHasNoRoomFor() {
        test.close();
        PixelBudget budget = new PixelBudget(300 * 200 * 2); // the screen with its row of tiles, and not the picture
        test = new TestConsole(budget);
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        test.display().listener.resized(test.guest);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.run();
        assertTrue(refusal(picture).contains("limits.megapixels"));
        test.loop.pass(Observers.KEEP_NANOS + TestConsole.LINGER);
        assertEquals(0, budget.used());
    }

    @Test
    void whoIsGoneIsNotWaitedFor() {
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        picture.cancel(false);
        test.loop.pass(Observers.KEEP_NANOS + TestConsole.LINGER);
        assertTrue(test.display().closed);
        assertEquals(DisplayState.IDLE, test.console.status().state());
    }

    private CompletableFuture<ScreenState> wait(Rect area, long after, long settleMillis, long timeoutMillis) {
        CompletableFuture<ScreenState> state =
                test.console.programs().await(new ScreenWait(area, after, settleMillis * MS, timeoutMillis * MS));
        test.loop.run();
        return state;
    }

    private void paint(Rect area, int colour) {
        test.paint(area.x(), area.y(), area.width(), area.height(), colour);
        test.display().listener.damaged(area);
        test.loop.pass(200 * MS);
    }

    /** A display that shows all of its screen, and what is waited for after it. */
    private long shown() {
        idle();
        CompletableFuture<ScreenState> state = wait(Rect.EMPTY, 0, 0, 0);
        test.display().listener.resized(test.guest);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.run();
        assertEquals(300, state.join().width());
        assertEquals(200, state.join().height());
        assertTrue(state.join().waited());
        return state.join().version();
    }

    @Test
    void waitsUntilTheScreenChangesAndDoesNothingMeanwhile() {
        long version = shown();
        CompletableFuture<ScreenState> changed = wait(Rect.EMPTY, version, 0, 3_600_000);
        long timers = test.loop.timers();
        test.loop.pass(600 * SECOND);
        assertEquals(timers, test.loop.timers());
        assertFalse(changed.isDone());
        test.display().listener.damaged(test.guest.bounds()); // the same pixels
        test.loop.pass(SECOND);
        assertFalse(changed.isDone());
        paint(new Rect(10, 10, 5, 5), 0x123456);
        assertTrue(changed.join().waited());
        assertTrue(changed.join().version() > version);
    }

    @Test
    void tellsOfAChangeBetweenTwoQuestions() {
        long version = shown();
        paint(new Rect(10, 10, 5, 5), 0x123456);
        CompletableFuture<ScreenState> changed = wait(Rect.EMPTY, version, 0, 60_000);
        test.loop.pass(200 * MS);
        assertTrue(changed.join().waited());
        CompletableFuture<ScreenState> again = wait(Rect.EMPTY, changed.join().version(), 0, 60_000);
        test.loop.pass(SECOND);
        assertFalse(again.isDone(), "the screen that was kept for it has not changed");
    }

    @Test
    void waitsForAPartOfTheScreenAlone() {
        long version = shown();
        CompletableFuture<ScreenState> changed = wait(new Rect(20, 20, 10, 10), version, 0, 60_000);
        paint(new Rect(100, 100, 5, 5), 0x123456);
        assertFalse(changed.isDone());
        paint(new Rect(40, 40, 5, 5), 0x123456); // in the same tile
        assertFalse(changed.isDone());
        paint(new Rect(25, 25, 1, 1), 0x123456);
        assertTrue(changed.join().waited());
    }

    @Test
    void waitsUntilTheScreenHasSettled() {
        shown();
        CompletableFuture<ScreenState> settled = wait(Rect.EMPTY, 0, 1000, 60_000);
        CompletableFuture<ScreenState> corner = wait(new Rect(280, 180, 10, 10), 0, 1000, 60_000);
        for (int i = 0; i < 6; i++) {
            assertFalse(settled.isDone());
            paint(new Rect(10, 10, 5, 5), i);
        }
        assertTrue(corner.isDone(), "nothing changed there");
        test.loop.pass(700 * MS);
        assertFalse(settled.isDone());
        test.loop.pass(300 * MS);
        assertTrue(settled.join().waited());
    }

    @Test
    void saysThatTheTimeIsOver() {
        long version = shown();
        CompletableFuture<ScreenState> changed = wait(Rect.EMPTY, version, 0, 2_000);
        test.loop.pass(2 * SECOND);
        assertFalse(changed.join().waited());
        assertEquals(version, changed.join().version());
    }

    @Test
    void anotherScreenHasChanged() {
        long version = shown();
        CompletableFuture<ScreenState> changed = wait(new Rect(20, 20, 10, 10), version, 0, 60_000);
        test.display().listener.resized(TestConsole.painted(640, 400, 3));
        test.loop.pass(Observers.REPORT_NANOS);
        assertEquals(640, changed.join().width());
        test.loop.pass(Observers.KEEP_NANOS + TestConsole.LINGER);
        assertTrue(test.display().closed);
        CompletableFuture<ScreenState> later = wait(Rect.EMPTY, changed.join().version(), 0, 60_000);
        test.display().listener.resized(test.guest);
        test.loop.pass(Observers.REPORT_NANOS);
        assertTrue(later.join().waited(), "nobody knows what it was meanwhile");
    }

    @Test
    void takesAPictureOfAPart() {
        shown();
        CompletableFuture<ScreenPicture> answer = test.console.programs().picture(new Rect(60, 60, 70, 10));
        test.loop.run();
        try (ScreenPicture picture = answer.join()) {
            assertEquals(70, picture.width());
            assertEquals(10, picture.height());
            assertEquals(test.guest.pixels()[60 * 300 + 60], picture.pixels()[0]);
            assertEquals(test.guest.pixels()[69 * 300 + 129], picture.pixels()[699]);
        }
        CompletableFuture<ScreenPicture> outside = test.console.programs().picture(new Rect(250, 0, 51, 1));
        test.loop.run();
        assertTrue(refusal(outside).contains("300x200"));
    }
}
