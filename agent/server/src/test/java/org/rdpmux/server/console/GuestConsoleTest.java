// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.FakeDisplay;
import org.rdpmux.server.ViewerStatus;

/** Who looks on, and which display there is. */
class GuestConsoleTest {

    private static final long MS = TestConsole.MS;
    private static final long SECOND = TestConsole.SECOND;
    private static final long LINGER = TestConsole.LINGER;

    private final TestConsole test = new TestConsole();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void learnsTheScreensSizeAtFirstAndLetsTheGuestAlone() {
        assertEquals(1, test.displays.size());
        assertFalse(test.display().active, "nobody looks on");
        assertEquals(DisplayState.CONNECTING, test.console.status().state());
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertTrue(test.display().closed);
        assertEquals(DisplayState.IDLE, test.console.status().state());
        assertEquals(300, test.console.status().width());
        assertEquals(200, test.console.status().height());
        assertEquals("fake", test.console.status().displayKind());
    }

    @Test
    void learnsTheSizeAgainWhileTheGuestStartsAndSaysNothingOfQemusPlaceholder() {
        test.display().listener.resized(new ArrayFramebuffer(640, 480));
        test.loop.run();
        assertEquals(0, test.console.status().width(), "not known");
        test.loop.pass(SizeProbes.INTERVALS_NANOS[0]);
        assertEquals(2, test.displays.size());
        assertFalse(test.display().active, "without pixels");
        test.display().listener.resized(new ArrayFramebuffer(720, 400));
        test.loop.run();
        assertTrue(test.display().closed);
        assertEquals(720, test.console.status().width());
        test.loop.pass(SizeProbes.INTERVALS_NANOS[1]);
        test.display().listener.resized(new ArrayFramebuffer(640, 480));
        test.loop.run();
        assertEquals(640, test.console.status().width(), "by now it is the guest's");
        test.loop.pass(SizeProbes.INTERVALS_NANOS[2]);
        test.display().listener.failed("taken");
        test.loop.run();
        assertEquals(4, test.displays.size());
        test.loop.pass(SizeProbes.INTERVALS_NANOS[3] + SECOND);
        assertEquals(5, test.displays.size(), "it is tried again later");
    }

    @Test
    void learnsTheSizeAtOnceWhereSomebodyLooksOn() {
        FakeClient viewer = test.join();
        test.display().listener.resized(new ArrayFramebuffer(640, 480));
        test.loop.run();
        assertEquals(640, test.console.status().width());
        viewer.post(new ToConsole.Left());
        test.loop.pass(LINGER);
        int displays = test.displays.size();
        test.loop.pass(SizeProbes.INTERVALS_NANOS[0]);
        assertEquals(displays + 1, test.displays.size());
    }

    @Test
    void tellsItsListenerOfTheDisplayAndOfViewersThatSeeIt() {
        FakeClient early = test.join();
        early.post(new ToConsole.Left());
        FakeClient viewer = test.joined();
        test.display().listener.failed("the guest stopped");
        test.loop.run();
        viewer.post(new ToConsole.Left());
        viewer.post(new ToConsole.Left());
        test.loop.run();
        assertEquals(
                List.of("CONNECTING 0x0", "RUNNING 0x0", "RUNNING 300x200", "joined 2", "FAILED 300x200", "left 2"),
                test.told);
    }

    @Test
    void triesAFewTimesToLearnTheSizeAndThenSaysWhyItCannot() {
        for (int i = 0; i < SizeProbes.ATTEMPTS; i++) {
            test.display().listener.failed("connection refused");
            test.loop.pass(2 * SECOND);
        }
        assertEquals(SizeProbes.ATTEMPTS, test.displays.size());
        assertEquals(DisplayState.FAILED, test.console.status().state());
        assertEquals("connection refused", test.console.status().reason());
    }

    @Test
    void aViewerSeesTheGuest() {
        FakeClient viewer = test.joined();
        assertEquals(List.of("size 300x200"), viewer.told);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
        assertEquals(List.of(new PointerShape.Default()), viewer.pointers);
        ViewerStatus status = test.console.viewers().get(0);
        assertEquals("pc", status.clientName());
        assertEquals(300, status.width());
        assertEquals(32, status.bitsPerPixel());
        assertEquals(ViewerStatus.State.ACTIVE, status.state());
        assertTrue(status.bytesSent() >= 300 * 200 * 4);
        assertEquals(1, test.console.status().viewers());
    }

    @Test
    void aViewerThatComesWhileTheDisplayConnectsWaitsForItsSize() {
        FakeClient viewer = test.join();
        test.loop.pass(MS);
        assertEquals(List.of(), viewer.told);
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertEquals(List.of("size 300x200"), viewer.told);
    }

    @Test
    void aViewerDoesNotWaitForEverAndChangesWhenTheGuestIsThere() {
        FakeClient viewer = test.join();
        test.loop.pass(GuestConsole.OFFER_NANOS);
        assertEquals(List.of("size 640x480"), viewer.told);
        viewer.activate(true);
        test.settle(viewer);
        assertTrue(
                Arrays.stream(viewer.picture).filter(pixel -> pixel == 0x202020).count() > 300_000);
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertEquals(List.of("size 640x480", "size 300x200"), viewer.told);
        viewer.activate(true);
        test.settle(viewer);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
    }

    @Test
    void aDisplayThatFailsIsTriedAgainWhileViewersKeepThePicture() {
        FakeClient viewer = test.joined();
        int[] before = viewer.picture.clone();
        int tries = test.displays.size();
        test.display().listener.failed("the guest closed the connection");
        test.loop.run();
        assertEquals(DisplayState.FAILED, test.console.status().state());
        assertEquals("the guest closed the connection", test.console.status().reason());
        assertTrue(test.display().closed);
        test.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(tries + 1, test.displays.size());
        test.display().listener.failed("refused");
        test.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(tries + 1, test.displays.size(), "the second pause is longer");
        test.loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(tries + 2, test.displays.size());
        assertArrayEquals(before, viewer.picture);
        test.guest.pixels()[5] = 0xabcdef;
        test.display().listener.resized(test.guest);
        test.settle(viewer);
        assertEquals(DisplayState.RUNNING, test.console.status().state());
        assertArrayEquals(test.guest.pixels(), viewer.picture);
    }

    @Test
    void aDisplayThatShowsNothingIsGivenUp() {
        test.join();
        test.loop.pass(DisplayKeeper.CONNECT_NANOS);
        assertEquals(DisplayState.FAILED, test.console.status().state());
        assertTrue(test.displays.get(0).closed);
    }

    @Test
    void aScreenBeyondAllMeasureIsRefused() {
        test.join();
        test.loop.run();
        test.display().listener.resized(new ArrayFramebuffer(8193, 1));
        test.loop.run();
        assertEquals(DisplayState.FAILED, test.console.status().state());
        assertEquals(
                "the guest's screen of 8193x1 is too large",
                test.console.status().reason());
    }

    @Test
    void theDisplayLingersAfterTheLastViewer() {
        FakeClient viewer = test.joined();
        FakeDisplay running = test.display();
        viewer.post(new ToConsole.Left());
        test.loop.pass(LINGER - MS);
        assertFalse(running.closed);
        FakeClient again = test.joined();
        test.loop.pass(2 * LINGER);
        assertFalse(running.closed);
        assertArrayEquals(test.guest.pixels(), again.picture);
        again.post(new ToConsole.Left());
        test.loop.pass(LINGER);
        assertTrue(running.closed);
        assertEquals(DisplayState.IDLE, test.console.status().state());
        assertEquals(300, test.console.status().width());
    }

    @Test
    void anotherDisplayTakesOverUnderTheViewers() {
        FakeClient viewer = test.joined();
        FakeDisplay old = test.display();
        test.console.setDisplays(test::newDisplay);
        test.loop.run();
        assertTrue(old.closed);
        old.listener.damaged(test.guest.bounds());
        old.listener.failed("late news");
        test.loop.run();
        assertEquals(DisplayState.CONNECTING, test.console.status().state());
        test.guest = TestConsole.painted(300, 200, 9);
        test.display().listener.resized(test.guest);
        test.settle(viewer);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
        assertEquals(List.of("size 300x200"), viewer.told);
    }

    @Test
    void sendsOneViewerAwayOrAll() {
        FakeClient first = test.joined();
        FakeClient second = test.joined();
        test.console.disconnect(test.console.viewers().get(0).id(), DisconnectReason.ADMINISTRATOR);
        test.loop.run();
        assertTrue(first.told.contains("disconnect ended by an administrator"));
        assertEquals(1, test.console.viewers().size());
        test.console.close(DisconnectReason.CONSOLE_CLOSED);
        test.loop.run();
        assertTrue(second.told.contains("disconnect console closed"));
        FakeClient late = test.join();
        test.loop.run();
        assertEquals(List.of("disconnect console closed"), late.told);
    }
}
