// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Scancode;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.screen.TextFramebuffer;
import org.rdpmux.server.screen.TileGrid;

/** What viewers see and status says while the guest's screen is not to be had. */
class NoScreenTest {

    private static final long SECOND = TestConsole.SECOND;
    private static final TileGrid SMALL = new TileGrid(640, 480);
    private static final TileGrid GUEST = new TileGrid(300, 200);
    private static final String TAKEN = "the display vnc://x closed the connection";

    private final PixelBudget pixels = new PixelBudget(700_000);
    private final TestConsole test = new TestConsole(pixels);

    @AfterEach
    void close() {
        test.close();
        assertEquals(0, pixels.used(), "all pixels are given back");
    }

    @Test
    void aDisplayThatIsTakenAwayIsReplacedByWordsAndComesBackByItself() {
        FakeClient viewer = test.joined();
        loseDisplay(TAKEN);
        test.loop.pass(Notice.GRACE_NANOS / 2);
        assertArrayEquals(test.guest.pixels(), viewer.picture, "it may be back at once");
        test.loop.pass(Notice.GRACE_NANOS);
        test.settle(viewer);
        assertSays(viewer, GUEST, TAKEN);
        assertEquals(TAKEN, test.console.status().reason());
        test.loop.pass(10 * SECOND);
        assertEquals(DisplayState.CONNECTING, test.console.status().state());
        assertEquals(TAKEN, test.console.status().reason(), "while it is tried again");
        test.display().listener.resized(test.guest);
        test.settle(viewer);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
        assertEquals("", test.console.status().reason());
        assertEquals(List.of("size 300x200"), viewer.told, "its desktop stays as large");
    }

    @Test
    void aViewerThatComesWhileTheDisplayFailsReadsWhy() {
        FakeClient viewer = test.join();
        for (int i = 0; i < 3; i++) {
            loseDisplay("the display vnc://x cannot be reached: Connection refused");
            test.loop.pass(SECOND);
        }
        viewer.activate(true);
        test.settle(viewer);
        assertSays(viewer, SMALL, "the display vnc://x cannot be reached: Connection refused");
    }

    @Test
    void aViewerThatWaitsForTheDisplayReadsThat() {
        FakeClient viewer = test.join();
        test.loop.pass(2 * SECOND);
        viewer.activate(true);
        test.settle(viewer);
        assertPicture(viewer, SMALL, List.of("web1", "", "Connecting to the guest's display."));
    }

    @Test
    void whatIsTypedWhileThereIsNoDisplayIsNotCountedAsInput() {
        FakeClient viewer = test.joined();
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        test.loop.run();
        loseDisplay(TAKEN);
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.LEFT_CTRL, false)));
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.CAPS_LOCK, true)));
        test.loop.pass(2 * SECOND);
        assertEquals(1, test.console.status().counters().inputEvents());
        test.display().listener.resized(test.guest);
        test.settle(viewer);
        assertEquals(List.of(), test.display().input, "nothing is kept for later");
        viewer.type(TestConsole.event(new InputEvent.Key(Scancode.CAPS_LOCK, true)));
        test.loop.run();
        assertEquals(List.of(new InputEvent.Key(Scancode.CAPS_LOCK, true)), test.display().input);
    }

    @Test
    void aScreenBeyondTheBudgetIsSaidSoAndShownWhenThereIsRoom() {
        PixelBudget.Share others = pixels.reserve(500, 500);
        test.guest = TestConsole.painted(800, 600, 3);
        FakeClient viewer = test.join();
        test.display().listener.resized(test.guest);
        test.loop.run();
        viewer.activate(true);
        test.settle(viewer);
        String reason =
                "the guest's screen cannot be shown: the host's pixel budget (limits.megapixels) has no room for a"
                        + " screen of 800x600";
        assertEquals(reason, test.console.status().reason());
        assertEquals(800, test.console.status().width());
        assertEquals(List.of("size 800x600", "size 640x480"), viewer.told);
        viewer.activate(true);
        test.settle(viewer);
        assertSays(viewer, SMALL, reason);
        assertTrue(test.displays.get(0).closed);
        others.close();
        test.loop.pass(10 * SECOND);
        test.display().listener.resized(test.guest);
        test.loop.run();
        viewer.activate(true);
        test.settle(viewer);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
    }

    @Test
    void aModeBeyondTheBudgetChangesNobodysDesktopToIt() {
        FakeClient viewer = test.joined();
        test.display().listener.resized(TestConsole.painted(1000, 900, 1));
        test.loop.run();
        assertEquals(List.of("size 300x200", "size 640x480"), viewer.told);
        assertEquals(DisplayState.FAILED, test.console.status().state());
    }

    @Test
    void whereThereIsNoRoomForWordsViewersAreSentAway() {
        PixelBudget.Share others = pixels.reserve(640, 700);
        FakeClient viewer = test.joined();
        assertArrayEquals(test.guest.pixels(), viewer.picture, "a small guest fits");
        test.display().listener.resized(TestConsole.painted(1000, 900, 1));
        test.loop.run();
        assertEquals(List.of("size 300x200", "disconnect no memory for the screen"), viewer.told);
        others.close();
    }

    @Test
    void aConsoleThatNobodyLooksAtHasNoPixels() {
        FakeClient viewer = test.joined();
        assertTrue(pixels.used() > 0);
        viewer.post(new ToConsole.Left());
        test.loop.run();
        assertEquals(0, pixels.used());
        assertFalse(test.display().closed, "the display lingers");
        FakeClient again = test.joined();
        assertArrayEquals(test.guest.pixels(), again.picture);
    }

    private void loseDisplay(String reason) {
        test.display().listener.failed(reason);
        test.loop.run();
    }

    private void assertSays(FakeClient viewer, TileGrid size, String reason) {
        assertPicture(
                viewer,
                size,
                List.of(
                        "web1",
                        "",
                        "The guest's screen cannot be shown:",
                        reason + ".",
                        "",
                        "Keyboard and mouse have no effect until it is back. rdpmux keeps trying."));
    }

    private static void assertPicture(FakeClient viewer, TileGrid size, List<String> lines) {
        int[] expected = new int[size.width() * size.height()];
        TextFramebuffer text = new TextFramebuffer(size, lines);
        text.read(text.bounds(), expected, 0, size.width());
        assertArrayEquals(expected, viewer.picture);
    }
}
