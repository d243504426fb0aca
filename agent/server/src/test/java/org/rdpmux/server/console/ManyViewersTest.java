// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.testkit.junit.NoLeaks;

/** What it takes when many look at one console. */
@ExtendWith(NoLeaks.class)
class ManyViewersTest {

    private static final long MS = TestConsole.MS;
    /** Of tiles. */
    private static final int COLUMNS = 6;

    private static final int SIDE = TileGrid.SIDE;

    private final Random random = new Random(1);
    private final List<ViewerInbox> viewers = new ArrayList<>();
    /** The newest picture of each viewer. */
    private final int[] shown = new int[16];

    private TestConsole test;

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void sixteenViewersOfAScrollThatAcknowledgeSoonOrLateHaveEachTileEncodedOnce() {
        long alone = tilesOfScroll(1);
        test.close();
        assertEquals(alone, tilesOfScroll(16));
    }

    /** How many tiles were encoded for a page of many colours that scrolls. */
    private long tilesOfScroll(int count) {
        test = new TestConsole();
        test.guest = new ArrayFramebuffer(30 * SIDE, 17 * SIDE);
        viewers.clear();
        for (int i = 0; i < count; i++) {
            join(i);
        }
        for (int i = 0; test.console.allViewers().stream().anyMatch(viewer -> !viewer.hasAll()); i++) {
            assertTrue(i < 1000, "tiles stay stale");
            turn();
        }
        for (int line = 0; line < 8; line++) {
            scroll();
        }
        long encoded = encoded();
        for (int line = 0; line < 10; line++) {
            scroll();
        }
        assertTrue(encoded() > encoded);
        return encoded() - encoded;
    }

    private void join(int number) {
        ViewerInbox inbox = test.console.join(number, test.loop::execute, message -> on(number, message));
        viewers.add(inbox);
        test.loop.run();
        if (number == 0) {
            test.display().listener.resized(test.guest);
            test.loop.run();
        }
        inbox.post(new ToConsole.Activated(
                new ViewerIdentity(new InetSocketAddress("127.0.0.1", 1), "pc", "me", false),
                new ViewerCapabilities(
                        test.guest.width(), test.guest.height(), false, EncoderProfile.surface(true), 4, true, 0)));
        test.loop.run();
    }

    private void on(int number, ToViewer message) {
        if (message instanceof ToViewer.Frame frame) {
            shown[number] = frame.batch().frame();
            int bytes = frame.batch().totalBytes();
            frame.batch().release();
            viewers.get(number).post(new ToConsole.Drained(bytes));
        } else if (message instanceof ToViewer.Disconnect) {
            viewers.get(number).post(new ToConsole.Left());
        }
    }

    /** Fifty milliseconds, in which every viewer acknowledges what it has: a quarter of them at once, others later. */
    private void turn() {
        test.encoded();
        for (int delay = 0; delay < 4; delay++) {
            for (int i = delay; i < viewers.size(); i += 4) {
                viewers.get(i).post(new ToConsole.Acknowledged(shown[i], 0));
            }
            test.encoded();
            test.loop.pass(10 * MS);
        }
        test.encoded();
        test.loop.pass(10 * MS);
    }

    /** The page moves up by the height of a tile. */
    private void scroll() {
        int width = test.guest.width();
        int kept = (test.guest.height() - SIDE) * width;
        int[] pixels = test.guest.pixels();
        System.arraycopy(pixels, SIDE * width, pixels, 0, kept);
        for (int i = kept; i < pixels.length; i++) {
            pixels[i] = i % width < COLUMNS * SIDE ? 0x30303 * random.nextInt(64) : 0;
        }
        test.display().listener.moved(new Rect(0, 0, COLUMNS * SIDE, test.guest.height() - SIDE), 0, -SIDE);
        test.display().listener.damaged(test.guest.bounds());
        turn();
    }

    private long encoded() {
        return test.console.status().counters().tilesEncoded();
    }
}
