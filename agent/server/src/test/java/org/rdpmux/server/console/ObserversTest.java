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
        CompletableFuture<ScreenPicture> picture = test.console.programs().picture();
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
        test.loop.pass(TestConsole.LINGER);
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
        assertTrue(refusal(picture).contains("within 8 s"));
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
        test.loop.pass(TestConsole.LINGER);
        assertEquals(0, budget.used());
    }

    @Test
    void whoIsGoneIsNotWaitedFor() {
        idle();
        CompletableFuture<ScreenPicture> picture = ask();
        picture.cancel(false);
        test.loop.pass(TestConsole.LINGER);
        assertTrue(test.display().closed);
        assertEquals(DisplayState.IDLE, test.console.status().state());
    }
}
