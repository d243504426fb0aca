// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncodeJob;
import org.rdpmux.server.screen.EncoderPool;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.FrameMemoryTest;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.rdpmux.testkit.junit.NoLeaks;

@ExtendWith(NoLeaks.class)
class ViewerTest {

    private static final long SECOND = 1_000_000_000;
    private static final EncoderProfile PLAIN = EncoderProfile.plain(32);
    private static final int TILE_BYTES = 64 * 64 * 4;

    private final Screen screen = FrameMemoryTest.screen(new TileGrid(640, 640), 1);
    private final ArrayFramebuffer guest = new ArrayFramebuffer(640, 640);
    private final TileLane lane = new TileLane(PLAIN, screen);
    private final EncoderPool encoders = new EncoderPool(1);
    private final Queue<FrameBatch> sent = new ArrayDeque<>();
    private final List<ToViewer> told = new ArrayList<>();
    private final Viewer viewer = new Viewer(1, Runnable::run, this::take, woken -> {}, new OutputCounters());

    @BeforeEach
    void activate() {
        viewer.offer(screen.grid());
        ViewerIdentity identity = new ViewerIdentity(new InetSocketAddress("127.0.0.1", 1), "pc", "me", false);
        ViewerCapabilities capabilities = new ViewerCapabilities(640, 640, true, PLAIN, 0, false, 0);
        assertTrue(viewer.activated(new ToConsole.Activated(identity, capabilities), 0));
    }

    @AfterEach
    void close() {
        lane.close();
        encoders.close();
        sent.forEach(FrameBatch::release);
    }

    private void take(ToViewer message) {
        if (message instanceof ToViewer.Frame frame) {
            sent.add(frame.batch());
        } else {
            told.add(message);
        }
    }

    @Test
    void isOfferedTheScreensSizeOnce() {
        viewer.offer(screen.grid());
        assertEquals(List.of(new ToViewer.DesktopSize(640, 640)), told);
    }

    @Test
    void aNewViewerGetsTheWholeScreenAndThePointer() {
        assertFalse(viewer.isReady(0));
        viewer.show(screen.grid(), lane, new PointerShape.Hidden());
        assertEquals(100, viewer.staleTiles());
        assertTrue(viewer.isReady(0));
        Set<Integer> tiles = new HashSet<>();
        PointerShape first = null;
        while (viewer.staleTiles() > 0) {
            FrameBatch batch = send(0);
            first = first == null ? batch.pointer() : first;
            assertFalse(viewer.isReady(SECOND), "before the socket has taken it");
            tiles.addAll(drain(batch, SECOND));
        }
        assertEquals(100, tiles.size());
        assertEquals(new PointerShape.Hidden(), first);
    }

    @Test
    void aSlowViewersAreaGrowsAndItGetsTheNewestBytes() {
        show();
        paint(7, 1);
        FrameBatch slow = send(0);
        for (int colour = 2; colour < 50; colour++) {
            paint(7, colour);
            assertFalse(viewer.isReady(colour));
        }
        assertEquals(1, viewer.staleTiles());
        drain(slow, SECOND);
        FrameBatch batch = send(SECOND);
        assertEquals(1, batch.count());
        assertEquals(7, batch.tile(0));
        assertEquals(49, batch.bytes(0).getByte(0));
        drain(batch, SECOND);
    }

    @Test
    void cutsLargeAreasAndGoesRoundSoThatNoTileStarves() {
        viewer.show(screen.grid(), lane, null);
        Set<Integer> seen = new HashSet<>();
        for (int batches = 0; seen.size() < 100; batches++) {
            assertTrue(batches < 40, "some tiles starve");
            FrameBatch batch = send(0);
            assertTrue(batch.totalBytes() <= SendWindow.FIRST_BUDGET + TILE_BYTES, batch.totalBytes() + " bytes");
            seen.addAll(drain(batch, 20_000_000));
            for (int tile = 0; tile < 100; tile++) {
                paint(tile, batches + 1);
            }
        }
    }

    @Test
    void theNextPictureWaitsForMoreThanABatchUnlessSomebodyTypes() {
        viewer.show(screen.grid(), lane, null);
        while (viewer.staleTiles() > 25) { // less than a quarter of the screen
            drain(send(0), SendWindow.FAST_NANOS);
        }
        assertTrue(viewer.pick(SECOND) < viewer.staleTiles());
        assertTrue(viewer.lacksMuch(SECOND));
        viewer.typed(SECOND);
        assertFalse(viewer.lacksMuch(SECOND));
        assertTrue(viewer.lacksMuch(2 * SECOND));
        drain(send(0), SendWindow.FAST_NANOS);
        assertTrue(viewer.staleTiles() > 0);
        assertFalse(viewer.lacksMuch(2 * SECOND));
    }

    @Test
    void whatIsTypedGoesAloneAndAheadOfItsTurnBesideMuchThatChanges() {
        long now = showToOneWhoAcknowledges();
        for (int tile = 0; tile < 90; tile++) {
            paint(tile, 5);
        }
        while (viewer.isReady(now)) {
            drain(send(now), now); // until as much is under way as the link takes
        }
        paint(LINE, 6);
        assertFalse(viewer.isReady(now));
        viewer.typed(now);
        assertTrue(viewer.isReady(now));
        assertEquals(Set.of(99), drain(send(now), now));
        assertTrue(viewer.staleTiles() > 0);
        assertFalse(viewer.isReady(now), "what is large waits for its turn");
    }

    @Test
    void noMoreEchoIsUnderWayThanThereIsRoomFor() {
        long now = showToOneWhoAcknowledges();
        viewer.typed(now);
        int batches = 0;
        for (int colour = 10; colour < 2000; colour++) {
            paint(LINE, colour);
            if (viewer.isReady(now)) {
                drain(send(now), now);
                batches++;
            }
        }
        assertTrue(batches > 0 && batches < 100, batches + " batches under way");
    }

    /** As much of a line of text as there is in a tile, which some programs draw anew with each character. */
    private static final Rect LINE = new Rect(576, 592, 64, 16);

    /** Acknowledges each batch after 20 ms, and a millisecond for each 1000 bytes. @return the time then */
    private long showToOneWhoAcknowledges() {
        ViewerIdentity identity = new ViewerIdentity(new InetSocketAddress("127.0.0.1", 1), "pc", "me", false);
        ViewerCapabilities capabilities = new ViewerCapabilities(640, 640, true, PLAIN, 16, false, 0);
        assertTrue(viewer.activated(new ToConsole.Activated(identity, capabilities), 0));
        viewer.show(screen.grid(), lane, null);
        long now = 0;
        while (viewer.staleTiles() > 0) {
            FrameBatch batch = send(now);
            int frame = batch.frame();
            now += 20_000_000 + 1000L * batch.totalBytes();
            drain(batch, now);
            viewer.acknowledged(new ToConsole.Acknowledged(frame, 0), now);
        }
        return now;
    }

    @Test
    void aRefreshMakesTheTilesOfItsAreaStale() {
        show();
        viewer.refresh(ToConsole.Refresh.of(List.of(new Rect(60, 60, 10, 10))));
        assertEquals(4, viewer.staleTiles());
    }

    @Test
    void honoursSilenceAfterAWhileAndRepaintsAllAtItsEnd() {
        viewer.show(screen.grid(), lane, null);
        viewer.outputWanted(false, 0);
        assertFalse(viewer.isSuppressed(5 * SECOND), "before the first picture");
        sendAll();
        assertTrue(viewer.isSuppressed(5 * SECOND));
        viewer.outputWanted(true, 5 * SECOND);
        assertFalse(viewer.isSuppressed(5 * SECOND));
        assertEquals(100, viewer.staleTiles());
    }

    @Test
    void silenceThatIsTakenBackAtOnceChangesNothing() {
        show();
        viewer.outputWanted(false, 10);
        assertFalse(viewer.isSuppressed(10));
        assertEquals(10 + OutputSuppression.DELAY_NANOS, viewer.nextDeadline(10));
        viewer.outputWanted(true, 20);
        assertEquals(0, viewer.staleTiles());
        assertEquals(Screen.NEVER, viewer.nextDeadline(20));
    }

    @Test
    void aSilentViewerIsNotReadyWhateverChanges() {
        show();
        viewer.outputWanted(false, 0);
        paint(3, 9);
        assertFalse(viewer.isReady(2 * SECOND));
    }

    @Test
    void sendsThePointerByItself() {
        show();
        PointerShape shape = new PointerShape.Default();
        viewer.pointer(shape);
        assertTrue(viewer.isReady(0));
        FrameBatch batch = send(0);
        assertSame(shape, batch.pointer());
        assertEquals(0, batch.count());
        drain(batch, 0);
        assertNull(batch.pointer());
    }

    @Test
    void aHiddenViewerHasNothingStale() {
        viewer.show(screen.grid(), lane, new PointerShape.Hidden());
        viewer.hide();
        viewer.pointer(new PointerShape.Default());
        viewer.refresh(ToConsole.Refresh.of(List.of(new Rect(0, 0, 100, 100))));
        assertEquals(0, viewer.staleTiles());
    }

    private void show() {
        viewer.show(screen.grid(), lane, null);
        sendAll();
    }

    private void sendAll() {
        while (viewer.staleTiles() > 0) {
            drain(send(0), 0);
        }
    }

    /** Has the lane encode what the viewer wants, and sends it. */
    private FrameBatch send(long now) {
        TileParts wanted = new TileParts(screen.grid());
        int count = viewer.pick(now);
        for (int i = 0; i < count; i++) {
            int tile = viewer.picked(i);
            if (!lane.isCurrent(tile, viewer.stalePart(tile), false)) {
                wanted.add(tile, viewer.stalePart(tile));
            }
        }
        for (int tile = wanted.next(0); tile >= 0; tile = wanted.next(tile + 1)) {
            TileParts one = new TileParts(screen.grid());
            one.add(tile, wanted.part(tile));
            EncodeJob job = lane.begin(one, new BitSet());
            assertTrue(encoders.run(job, () -> {}));
            job.finish();
        }
        viewer.send(lane, true, now);
        return sent.remove();
    }

    /** The socket takes a batch. @return its tiles */
    private Set<Integer> drain(FrameBatch batch, long now) {
        Set<Integer> tiles = new HashSet<>();
        for (int i = 0; i < batch.count(); i++) {
            tiles.add(batch.tile(i));
        }
        int bytes = batch.totalBytes();
        batch.release();
        viewer.drained(new ToConsole.Drained(bytes), now);
        return tiles;
    }

    private void paint(int tile, int colour) {
        paint(screen.grid().rect(tile), colour);
    }

    private void paint(Rect rect, int colour) {
        for (int y = rect.y(); y < rect.bottom(); y++) {
            Arrays.fill(guest.pixels(), y * 640 + rect.x(), y * 640 + rect.right(), colour);
        }
        screen.damaged(rect, 0);
        viewer.changed(screen.tick(guest, 0, false));
    }
}
