// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ViewerStatus;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.testkit.junit.NoLeaks;

/** What viewers see. */
@ExtendWith(NoLeaks.class)
class ConsoleVideoTest {

    private static final long MS = TestConsole.MS;
    private static final long SECOND = TestConsole.SECOND;

    private final TestConsole test = new TestConsole();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void changesReachTheViewerAndNothingElseDoes() {
        FakeClient viewer = test.joined();
        int before = viewer.tiles;
        test.paint(70, 10, 5, 5, 0x00ff00);
        test.display().listener.damaged(test.guest.bounds());
        test.settle(viewer);
        assertEquals(before + 1, viewer.tiles);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
        int batches = viewer.batches;
        test.display().listener.damaged(test.guest.bounds());
        test.settle(viewer);
        test.loop.pass(10 * SECOND);
        assertEquals(batches, viewer.batches);
    }

    @Test
    void aStillScreenWakesNobody() {
        test.joined();
        assertEquals(0, test.loop.timers());
    }

    @Test
    void viewersOfOneProfileShareEachEncode() {
        FakeClient first = test.joined();
        FakeClient second = test.joined();
        long encoded = test.console.status().counters().tilesEncoded();
        test.paint(0, 0, 300, 200, 0x123456);
        test.display().listener.damaged(test.guest.bounds());
        test.settle(first);
        test.settle(second);
        assertArrayEquals(test.guest.pixels(), first.picture);
        assertArrayEquals(test.guest.pixels(), second.picture);
        assertEquals(encoded + 20, test.console.status().counters().tilesEncoded());
        assertTrue(test.console.status().counters().tilesReused() >= 20);
    }

    @Test
    void nothingIsCompressedForEachOfThoseWhoShareAnEncode() {
        FakeClient first = test.joined();
        assertTrue(first.compressible);
        FakeClient second = test.joined();
        assertFalse(second.compressible);
        second.post(new ToConsole.Left());
        test.paint(0, 0, 300, 200, 0x123456);
        test.display().listener.damaged(test.guest.bounds());
        test.settle(first);
        assertTrue(first.compressible);
    }

    @Test
    void aStuckViewerDelaysNobodyAndGetsTheNewestPictureWhenItMovesAgain() {
        FakeClient stuck = test.joined();
        FakeClient other = test.joined();
        stuck.fast = false;
        int batches = stuck.batches;
        for (int i = 1; i <= 100; i++) {
            test.paint(i, i, 20, 20, i);
            test.display().listener.damaged(new Rect(i, i, 20, 20));
            test.settle(other);
            assertArrayEquals(test.guest.pixels(), other.picture);
        }
        assertEquals(batches + 1, stuck.batches);
        assertEquals(ViewerStatus.State.SLOW, test.console.viewers().get(0).state());
        stuck.fast = true;
        stuck.drain();
        test.settle(stuck);
        assertArrayEquals(test.guest.pixels(), stuck.picture);
        assertEquals(ViewerStatus.State.ACTIVE, test.console.viewers().get(0).state());
    }

    @Test
    void theGuestIsToldThePaceThatItsViewersTake() {
        FakeClient viewer = test.joined();
        assertEquals(30, test.display().frameRate);
        viewer.fast = false;
        test.paint(0, 0, 20, 20, 0xffffff);
        test.display().listener.damaged(new Rect(0, 0, 20, 20));
        test.loop.run();
        for (int i = 1; i <= 100; i++) {
            test.paint(0, 0, 20, 20, i);
            test.display().listener.damaged(new Rect(0, 0, 20, 20));
            test.loop.pass(200 * MS);
            viewer.drain(); // of the frame before; this one is sent only now
            test.loop.pass(MS);
            test.loop.await(() -> !test.console.isEncoding());
        }
        assertTrue(test.display().frameRate < 10, "a slow viewer is sent " + test.display().frameRate);
        viewer.fast = true;
        viewer.drain();
        for (int i = 1; i <= 300; i++) {
            test.paint(0, 0, 20, 20, -i & 0xffffff);
            test.display().listener.damaged(new Rect(0, 0, 20, 20));
            test.settle(viewer);
        }
        assertEquals(30, test.display().frameRate);
    }

    @Test
    void aModeChangeReachesEveryViewer() {
        FakeClient resizable = test.joined();
        FakeClient fixed = test.join();
        test.loop.run();
        fixed.activate(false);
        test.settle(fixed);
        test.guest = TestConsole.painted(130, 70, 2);
        test.display().listener.resized(test.guest);
        test.loop.run();
        assertEquals(List.of("size 300x200", "size 130x70"), resizable.told);
        assertEquals(List.of("size 300x200"), fixed.told);
        int batches = resizable.batches;
        test.loop.pass(SECOND);
        assertEquals(batches, resizable.batches, "output between the sizes");
        resizable.activate(true);
        test.settle(resizable);
        assertArrayEquals(test.guest.pixels(), resizable.picture);
        assertEquals(130, test.console.status().width());
    }

    @Test
    void twoModeChangesInARowEndAtTheLast() {
        FakeClient viewer = test.joined();
        test.display().listener.resized(TestConsole.painted(100, 100, 3));
        test.loop.run();
        test.guest = TestConsole.painted(160, 120, 4);
        test.display().listener.resized(test.guest);
        test.loop.run();
        viewer.activate(true);
        test.loop.run();
        assertEquals(List.of("size 300x200", "size 100x100", "size 160x120"), viewer.told);
        viewer.activate(true);
        test.settle(viewer);
        assertArrayEquals(test.guest.pixels(), viewer.picture);
    }

    @Test
    void theDisplaySleepsWhileNobodyLooks() {
        FakeClient first = test.joined();
        FakeClient second = test.joined();
        first.post(new ToConsole.OutputWanted(false));
        test.loop.pass(2 * SECOND);
        assertTrue(test.display().active);
        second.post(new ToConsole.OutputWanted(false));
        test.loop.pass(2 * SECOND);
        assertFalse(test.display().active);
        assertEquals(ViewerStatus.State.SUSPENDED, test.console.viewers().get(0).state());
        int batches = first.batches;
        test.paint(0, 0, 300, 200, 77);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.pass(SECOND);
        assertEquals(batches, first.batches);
        first.post(new ToConsole.OutputWanted(true));
        test.settle(first);
        assertTrue(test.display().active);
        assertArrayEquals(test.guest.pixels(), first.picture);
    }

    @Test
    void everyViewerGetsTheGuestsPointer() {
        FakeClient first = test.joined();
        PointerShape shape = new PointerShape.Image(1, 1, 0, 0, new int[] {0xff00ff00}, new boolean[0]);
        test.display().listener.pointer(shape);
        test.display().listener.pointerWarped(7, 8);
        test.settle(first);
        FakeClient second = test.joined();
        assertEquals(shape, first.pointers.get(first.pointers.size() - 1));
        assertEquals(List.of(shape), second.pointers);
        assertTrue(first.told.contains("warp 7,8"));
    }

    @Test
    void aViewerThatLeavesWhileItsTilesAreEncodedLeavesNothingBehind() {
        FakeClient viewer = test.joined();
        test.paint(0, 0, 300, 200, 5);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.pass(3 * MS); // the round has begun
        viewer.post(new ToConsole.Left());
        test.loop.await(() -> test.console.status().counters().tilesEncoded() >= 40);
        FakeClient next = test.joined();
        assertArrayEquals(test.guest.pixels(), next.picture);
    }

    @Test
    void aClientThatFloodsAcknowledgementsAndWishesMakesOneTaskOfThem() {
        FakeClient viewer = test.joined();
        int before = test.loop.posted();
        for (int i = 0; i < 10_000; i++) {
            viewer.post(new ToConsole.Acknowledged(i, 0));
            viewer.post(new ToConsole.OutputWanted(i % 2 == 0));
            viewer.post(ToConsole.Refresh.of(List.of(new Rect(i % 100, 0, 1, 1))));
        }
        assertEquals(before + 1, test.loop.posted());
        viewer.post(new ToConsole.OutputWanted(true));
        int tiles = viewer.tiles;
        test.settle(viewer);
        assertEquals(tiles + 2, viewer.tiles, "the two tiles of the areas, once");
    }

    @Test
    void aViewerThatChangesItsEncodingGetsNothingBeforeItsLastBatchIsTaken() {
        FakeClient viewer = test.joined();
        viewer.fast = false;
        test.paint(0, 0, 10, 10, 1);
        test.display().listener.damaged(new Rect(0, 0, 10, 10));
        test.loop.pass(40 * MS);
        test.encoded();
        int batches = viewer.batches;
        test.guest = TestConsole.painted(130, 70, 2);
        test.display().listener.resized(test.guest);
        test.loop.run();
        viewer.profile = EncoderProfile.plain(24);
        viewer.activate(true);
        test.loop.pass(SECOND);
        test.encoded();
        assertEquals(batches, viewer.batches, "the batch of before is still with the client's thread");
        viewer.drain();
        test.encoded();
        assertEquals(batches + 1, viewer.batches);
    }

    @Test
    void aModeChangeWhileTilesAreEncodedEndsAtTheNewScreen() {
        FakeClient viewer = test.joined();
        for (int i = 0; i < 20; i++) {
            beginRound(i);
            test.guest = TestConsole.painted(299 - i, 200, 3 + i);
            test.display().listener.resized(test.guest);
            test.loop.run();
            test.encoded();
            viewer.activate(true);
            test.settle(viewer);
            assertArrayEquals(test.guest.pixels(), viewer.picture);
        }
    }

    @Test
    void aDisplayThatGoesWhileTilesAreEncodedLeavesItsPicture() {
        FakeClient viewer = test.joined();
        for (int i = 0; i < 20; i++) {
            beginRound(i);
            test.display().listener.failed("gone");
            test.loop.run();
            test.settle(viewer);
            assertArrayEquals(test.guest.pixels(), viewer.picture);
            test.loop.pass(DisplayKeeper.LONGEST_PAUSE_NANOS);
            test.display().listener.resized(test.guest);
            test.settle(viewer);
        }
    }

    @Test
    void aConsoleThatIsClosedWhileTilesAreEncodedLeavesNothingBehind() {
        for (int i = 0; i < 20; i++) {
            TestConsole another = new TestConsole();
            another.joined();
            another.paint(0, 0, 300, 200, 7);
            another.display().listener.damaged(another.guest.bounds());
            another.loop.pass(3 * MS);
            another.console.close(DisconnectReason.CONSOLE_CLOSED);
            another.encoded();
            another.close();
        }
    }

    private void beginRound(int colour) {
        test.paint(0, 0, test.guest.width(), test.guest.height(), colour);
        test.display().listener.damaged(test.guest.bounds());
        test.loop.pass(40 * MS);
    }
}
