// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Scancode;
import org.rdpmux.server.ConsoleStatus.DisplayState;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.FakeDisplay;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.sharing.InputQueue;
import org.rdpmux.server.sharing.ViewerInput;

class GuestConsoleTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long LINGER = 5 * SECOND;

    private final ManualLoop loop = new ManualLoop();
    private final EncoderPool encoders = new EncoderPool(2);
    private final List<FakeDisplay> displays = new ArrayList<>();
    private ArrayFramebuffer guest = painted(300, 200, 1);
    private GuestConsole console;
    private long ids;

    @BeforeEach
    void openConsole() {
        console = new GuestConsole("web1", this::newDisplay, new GuestConsole.Settings(30, LINGER), loop, encoders);
        loop.run();
    }

    @AfterEach
    void closeConsole() {
        console.close(DisconnectReason.SERVER_STOPPED);
        loop.run();
        encoders.close();
        assertTrue(displays.stream().allMatch(display -> display.closed));
    }

    @Test
    void learnsTheScreensSizeAtFirstAndLetsTheGuestAlone() {
        assertEquals(1, displays.size());
        assertFalse(display().active, "nobody looks on");
        assertEquals(DisplayState.CONNECTING, console.status().state());
        display().listener.resized(guest);
        loop.run();
        assertTrue(display().closed);
        assertEquals(DisplayState.IDLE, console.status().state());
        assertEquals(300, console.status().width());
        assertEquals(200, console.status().height());
        assertEquals("fake", console.status().displayKind());
    }

    @Test
    void triesAFewTimesToLearnTheSizeAndThenSaysWhyItCannot() {
        for (int i = 0; i < DisplayKeeper.PROBES; i++) {
            display().listener.failed("connection refused");
            loop.pass(20 * SECOND);
        }
        assertEquals(DisplayKeeper.PROBES, displays.size());
        assertEquals(DisplayState.FAILED, console.status().state());
        assertEquals("connection refused", console.status().reason());
    }

    @Test
    void aViewerSeesTheGuest() {
        FakeLink viewer = joined();
        assertEquals(List.of("offer 300x200"), viewer.told);
        assertArrayEquals(guest.pixels(), viewer.picture);
        assertEquals(List.of(new PointerShape.Default()), viewer.pointers);
        ViewerStatus status = console.viewers().get(0);
        assertEquals("pc", status.clientName());
        assertEquals(300, status.width());
        assertEquals(32, status.bitsPerPixel());
        assertEquals(ViewerStatus.State.ACTIVE, status.state());
        assertTrue(status.bytesSent() >= 300 * 200 * 4);
        assertEquals(1, console.status().viewers());
    }

    @Test
    void changesReachTheViewerAndNothingElseDoes() {
        FakeLink viewer = joined();
        int before = viewer.tiles;
        paint(70, 10, 5, 5, 0x00ff00);
        display().listener.damaged(guest.bounds());
        settle(viewer);
        assertEquals(before + 1, viewer.tiles);
        assertArrayEquals(guest.pixels(), viewer.picture);
        int batches = viewer.batches;
        display().listener.damaged(guest.bounds());
        settle(viewer);
        loop.pass(10 * SECOND);
        assertEquals(batches, viewer.batches);
    }

    @Test
    void aStillScreenWakesNobody() {
        joined();
        assertEquals(0, loop.timers());
    }

    @Test
    void viewersOfOneProfileShareEachEncode() {
        FakeLink first = joined();
        FakeLink second = joined();
        long encoded = console.status().counters().tilesEncoded();
        paint(0, 0, 300, 200, 0x123456);
        display().listener.damaged(guest.bounds());
        settle(first);
        settle(second);
        assertArrayEquals(guest.pixels(), first.picture);
        assertArrayEquals(guest.pixels(), second.picture);
        assertEquals(encoded + 20, console.status().counters().tilesEncoded());
        assertTrue(console.status().counters().tilesReused() >= 20);
    }

    @Test
    void aStuckViewerDelaysNobodyAndGetsTheNewestPictureWhenItMovesAgain() {
        FakeLink stuck = joined();
        FakeLink other = joined();
        stuck.fast = false;
        int batches = stuck.batches;
        for (int i = 1; i <= 100; i++) {
            paint(i, i, 20, 20, i);
            display().listener.damaged(new Rect(i, i, 20, 20));
            settle(other);
            assertArrayEquals(guest.pixels(), other.picture);
        }
        assertEquals(batches + 1, stuck.batches);
        assertEquals(ViewerStatus.State.SLOW, console.viewers().get(0).state());
        stuck.fast = true;
        stuck.drain();
        settle(stuck);
        assertArrayEquals(guest.pixels(), stuck.picture);
        assertEquals(ViewerStatus.State.ACTIVE, console.viewers().get(0).state());
    }

    @Test
    void theGuestIsToldThePaceThatItsViewersTake() {
        FakeLink viewer = joined();
        assertEquals(30, display().frameRate);
        viewer.fast = false;
        for (int i = 1; i <= 100; i++) {
            paint(0, 0, 20, 20, i);
            display().listener.damaged(new Rect(0, 0, 20, 20));
            loop.pass(200 * MS);
            viewer.drain(); // of the frame before; this one is sent only now
            loop.pass(MS);
            loop.await(() -> !console.isEncoding());
        }
        assertTrue(display().frameRate < 10, "a slow viewer is sent " + display().frameRate);
        viewer.fast = true;
        viewer.drain();
        for (int i = 1; i <= 300; i++) {
            paint(0, 0, 20, 20, -i & 0xffffff);
            display().listener.damaged(new Rect(0, 0, 20, 20));
            settle(viewer);
        }
        assertEquals(30, display().frameRate);
    }

    @Test
    void aViewerThatComesWhileTheDisplayConnectsWaitsForItsSize() {
        FakeLink viewer = join();
        loop.pass(MS);
        assertEquals(List.of(), viewer.told);
        display().listener.resized(guest);
        loop.run();
        assertEquals(List.of("offer 300x200"), viewer.told);
    }

    @Test
    void aViewerDoesNotWaitForEverAndChangesWhenTheGuestIsThere() {
        FakeLink viewer = join();
        loop.pass(GuestConsole.OFFER_NANOS);
        assertEquals(List.of("offer 640x480"), viewer.told);
        viewer.activate(true);
        settle(viewer);
        assertTrue(Arrays.stream(viewer.picture).allMatch(pixel -> pixel == 0x202020));
        display().listener.resized(guest);
        loop.run();
        assertEquals(List.of("offer 640x480", "resize 300x200"), viewer.told);
        viewer.activate(true);
        settle(viewer);
        assertArrayEquals(guest.pixels(), viewer.picture);
    }

    @Test
    void aModeChangeReachesEveryViewer() {
        FakeLink resizable = joined();
        FakeLink fixed = join();
        loop.run();
        fixed.activate(false);
        settle(fixed);
        guest = painted(130, 70, 2);
        display().listener.resized(guest);
        loop.run();
        assertEquals(List.of("offer 300x200", "resize 130x70"), resizable.told);
        assertEquals(List.of("offer 300x200"), fixed.told);
        int batches = resizable.batches;
        loop.pass(SECOND);
        assertEquals(batches, resizable.batches, "output between the sizes");
        resizable.activate(true);
        settle(resizable);
        assertArrayEquals(guest.pixels(), resizable.picture);
        assertEquals(130, console.status().width());
    }

    @Test
    void twoModeChangesInARowEndAtTheLast() {
        FakeLink viewer = joined();
        display().listener.resized(painted(100, 100, 3));
        loop.run();
        guest = painted(160, 120, 4);
        display().listener.resized(guest);
        loop.run();
        viewer.activate(true);
        loop.run();
        assertEquals(List.of("offer 300x200", "resize 100x100", "resize 160x120"), viewer.told);
        viewer.activate(true);
        settle(viewer);
        assertArrayEquals(guest.pixels(), viewer.picture);
    }

    @Test
    void aDisplayThatFailsIsTriedAgainWhileViewersKeepThePicture() {
        FakeLink viewer = joined();
        int[] before = viewer.picture.clone();
        int tries = displays.size();
        display().listener.failed("the guest closed the connection");
        loop.run();
        assertEquals(DisplayState.FAILED, console.status().state());
        assertEquals("the guest closed the connection", console.status().reason());
        assertTrue(display().closed);
        loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(tries + 1, displays.size());
        display().listener.failed("refused");
        loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(tries + 1, displays.size(), "the second pause is longer");
        loop.pass(DisplayKeeper.FIRST_PAUSE_NANOS);
        assertEquals(tries + 2, displays.size());
        assertArrayEquals(before, viewer.picture);
        guest.pixels()[5] = 0xabcdef;
        display().listener.resized(guest);
        settle(viewer);
        assertEquals(DisplayState.RUNNING, console.status().state());
        assertArrayEquals(guest.pixels(), viewer.picture);
    }

    @Test
    void aDisplayThatShowsNothingIsGivenUp() {
        join();
        loop.pass(DisplayKeeper.CONNECT_NANOS);
        assertEquals(DisplayState.FAILED, console.status().state());
        assertTrue(displays.get(0).closed);
    }

    @Test
    void aScreenBeyondAllMeasureIsRefused() {
        join();
        loop.run();
        display().listener.resized(new ArrayFramebuffer(8193, 1));
        loop.run();
        assertEquals(DisplayState.FAILED, console.status().state());
        assertEquals(
                "the guest's screen of 8193x1 is too large", console.status().reason());
    }

    @Test
    void theDisplayLingersAfterTheLastViewer() {
        FakeLink viewer = joined();
        FakeDisplay running = display();
        viewer.port.leave();
        loop.pass(LINGER - MS);
        assertFalse(running.closed);
        FakeLink again = joined();
        loop.pass(2 * LINGER);
        assertFalse(running.closed);
        assertArrayEquals(guest.pixels(), again.picture);
        again.port.leave();
        loop.pass(LINGER);
        assertTrue(running.closed);
        assertEquals(DisplayState.IDLE, console.status().state());
        assertEquals(300, console.status().width());
    }

    @Test
    void theDisplaySleepsWhileNobodyLooks() {
        FakeLink first = joined();
        FakeLink second = joined();
        first.port.allowOutput(false);
        loop.pass(2 * SECOND);
        assertTrue(display().active);
        second.port.allowOutput(false);
        loop.pass(2 * SECOND);
        assertFalse(display().active);
        assertEquals(ViewerStatus.State.SUSPENDED, console.viewers().get(0).state());
        int batches = first.batches;
        paint(0, 0, 300, 200, 77);
        display().listener.damaged(guest.bounds());
        loop.pass(SECOND);
        assertEquals(batches, first.batches);
        first.port.allowOutput(true);
        settle(first);
        assertTrue(display().active);
        assertArrayEquals(guest.pixels(), first.picture);
    }

    @Test
    void inputReachesTheGuestAndKeysAreReleasedWhenTheirHolderLeaves() {
        FakeLink viewer = joined();
        viewer.port.input(event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        viewer.port.input(event(new InputEvent.PointerMove(5000, 10)));
        loop.run();
        viewer.port.leave();
        loop.run();
        assertEquals(
                List.of(
                        new InputEvent.Key(Scancode.LEFT_CTRL, true),
                        new InputEvent.PointerMove(299, 10),
                        new InputEvent.Key(Scancode.LEFT_CTRL, false)),
                display().input);
    }

    @Test
    void inputOfAClientThatIsNotThereYetIsDropped() {
        FakeLink viewer = join();
        viewer.port.input(event(new InputEvent.Key(Scancode.LEFT_CTRL, true)));
        loop.run();
        assertEquals(List.of(), display().input);
    }

    @Test
    void locksFollowTheViewersKeyboard() {
        FakeLink viewer = joined();
        display().listener.locks(LockKeys.NONE);
        loop.run();
        viewer.port.input(new ViewerInput.Sync(new LockKeys(false, true, false)));
        loop.run();
        assertEquals(
                List.of(new InputEvent.Key(Scancode.NUM_LOCK, true), new InputEvent.Key(Scancode.NUM_LOCK, false)),
                display().input);
    }

    @Test
    void aClientThatFloodsIsReadFromNoFurtherUntilTheGuestHasItsInput() {
        FakeLink viewer = joined();
        boolean more = true;
        int sent = 0;
        while (more) {
            more = viewer.port.input(event(new InputEvent.Key(Scancode.of(1 + sent % 100), true)));
            sent++;
        }
        assertEquals(InputQueue.LIMIT, sent);
        loop.run();
        assertTrue(viewer.told.contains("resume"));
        assertEquals(sent, display().input.size());
    }

    @Test
    void everyViewerGetsTheGuestsPointer() {
        FakeLink first = joined();
        PointerShape shape = new PointerShape.Image(1, 1, 0, 0, new int[] {0xff00ff00}, new boolean[0]);
        display().listener.pointer(shape);
        display().listener.pointerWarped(7, 8);
        settle(first);
        FakeLink second = joined();
        assertEquals(shape, first.pointers.get(first.pointers.size() - 1));
        assertEquals(List.of(shape), second.pointers);
        assertTrue(first.told.contains("warp 7,8"));
    }

    @Test
    void anotherDisplayTakesOverUnderTheViewers() {
        FakeLink viewer = joined();
        FakeDisplay old = display();
        console.setDisplays(this::newDisplay);
        loop.run();
        assertTrue(old.closed);
        old.listener.damaged(guest.bounds());
        old.listener.failed("late news");
        loop.run();
        assertEquals(DisplayState.CONNECTING, console.status().state());
        guest = painted(300, 200, 9);
        display().listener.resized(guest);
        settle(viewer);
        assertArrayEquals(guest.pixels(), viewer.picture);
        assertEquals(List.of("offer 300x200"), viewer.told);
    }

    @Test
    void sendsOneViewerAwayOrAll() {
        FakeLink first = joined();
        FakeLink second = joined();
        console.disconnect(console.viewers().get(0).id(), DisconnectReason.ADMINISTRATOR);
        loop.run();
        assertTrue(first.told.contains("disconnect ended by an administrator"));
        assertEquals(1, console.viewers().size());
        console.close(DisconnectReason.CONSOLE_CLOSED);
        loop.run();
        assertTrue(second.told.contains("disconnect console closed"));
        FakeLink late = join();
        loop.run();
        assertEquals(List.of("disconnect console closed"), late.told);
    }

    @Test
    void aViewerThatLeavesWhileItsTilesAreEncodedLeavesNothingBehind() {
        FakeLink viewer = joined();
        paint(0, 0, 300, 200, 5);
        display().listener.damaged(guest.bounds());
        loop.pass(3 * MS); // the round has begun
        viewer.port.leave();
        loop.await(() -> console.status().counters().tilesEncoded() >= 40);
        FakeLink next = joined();
        assertArrayEquals(guest.pixels(), next.picture);
    }

    @Test
    void viewersAreToldOfTheLocksAtTheStartAndWhenTheyChange() {
        LockKeys caps = new LockKeys(false, false, true);
        FakeLink first = joined();
        display().listener.locks(caps);
        loop.run();
        FakeLink late = joined();
        assertEquals(List.of("offer 300x200", "locks " + caps), first.told);
        assertEquals(first.told, late.told);
        display().listener.failed("the guest was reset");
        loop.pass(SECOND);
        display().listener.resized(guest);
        FakeLink next = joined();
        assertEquals(List.of("offer 300x200"), next.told, "nothing is known of a new keyboard");
    }

    private FakeDisplay newDisplay() {
        FakeDisplay display = new FakeDisplay();
        displays.add(display);
        return display;
    }

    private FakeDisplay display() {
        return displays.get(displays.size() - 1);
    }

    private FakeLink join() {
        FakeLink link = new FakeLink();
        link.port = console.join(++ids, link);
        loop.run();
        return link;
    }

    /** A viewer that sees the guest. */
    private FakeLink joined() {
        FakeLink link = join();
        if (console.status().state() == DisplayState.CONNECTING) {
            display().listener.resized(guest);
            loop.run();
        }
        link.activate(true);
        settle(link);
        return link;
    }

    /** Waits until a viewer has all it is owed, in real time for the encoders and in the loop's time otherwise. */
    private void settle(FakeLink link) {
        loop.pass(40 * MS);
        loop.await(() -> !console.isEncoding());
        for (int i = 0; link.port.viewer.owedTiles() > 0; i++) {
            assertTrue(i < 1000, "tiles stay owed");
            loop.pass(MS);
            loop.await(() -> !console.isEncoding());
        }
    }

    private static ViewerInput event(InputEvent event) {
        return new ViewerInput.Event(event);
    }

    private void paint(int x, int y, int width, int height, int colour) {
        for (int row = y; row < y + height; row++) {
            Arrays.fill(guest.pixels(), row * guest.width() + x, row * guest.width() + x + width, colour);
        }
    }

    private static ArrayFramebuffer painted(int width, int height, int seed) {
        ArrayFramebuffer framebuffer = new ArrayFramebuffer(width, height);
        Arrays.setAll(framebuffer.pixels(), i -> i * 2654435 * seed & 0xffffff);
        return framebuffer;
    }
}
