// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;

class ScreenTest {

    private static final long INTERVAL = 33_000_000;

    private final Screen screen = FrameMemoryTest.screen(new TileGrid(200, 100), INTERVAL);
    private final ArrayFramebuffer guest = new ArrayFramebuffer(200, 100);
    private int touched;

    @Test
    void damageAfterAPauseIsTakenAtOnceAndWhatFollowsAtTheFrameRate() {
        assertEquals(Screen.NEVER, screen.nextDeadline());
        screen.damaged(new Rect(0, 0, 1, 1), 1000);
        assertEquals(1000, screen.nextDeadline());
        screen.damaged(new Rect(5, 0, 1, 1), 2000);
        assertEquals(1000, screen.nextDeadline());
        tick(guest, 2000);
        assertEquals(Screen.NEVER, screen.nextDeadline());
        screen.damaged(new Rect(0, 0, 1, 1), 3000);
        assertEquals(2000 + FrameClock.SPACING_NANOS, screen.nextDeadline(), "the second step of one drawing");
        tick(guest, 2_002_000);
        screen.damaged(new Rect(0, 0, 1, 1), 3_000_000);
        assertEquals(2000 + INTERVAL, screen.nextDeadline());
        tick(guest, 2000 + INTERVAL);
        screen.damaged(new Rect(0, 0, 1, 1), 2001 + INTERVAL);
        assertEquals(2000 + 2 * INTERVAL, screen.nextDeadline());
    }

    @Test
    void copiesDamageAndNamesTheTilesThatChanged() {
        paintAll();
        settle();
        guest.pixels()[70] = 0xabcdef;
        guest.pixels()[64 * 200 + 199] = 0x123456;
        screen.damaged(new Rect(60, 0, 140, 80), 0);
        int[] before = versions();
        BitSet changed = tick(guest, INTERVAL);
        assertEquals(bits(1, 7), changed);
        assertEquals(8, touched);
        assertArrayEquals(guest.pixels(), pixels());
        for (int tile = 0; tile < 8; tile++) {
            if (changed.get(tile)) {
                assertNotEquals(before[tile], screen.version(tile));
            } else {
                assertEquals(before[tile], screen.version(tile));
            }
        }
    }

    @Test
    void damageWithoutChangeNamesNoTile() {
        paintAll();
        settle();
        screen.damaged(guest.bounds(), 0);
        assertTrue(tick(guest, INTERVAL).isEmpty());
        assertEquals(8, touched);
    }

    @Test
    void looksOnlyAtWhatWasDamaged() {
        paintAll();
        settle();
        Arrays.fill(guest.pixels(), 0x777777);
        screen.damaged(new Rect(10, 10, 5, 5), 0);
        assertEquals(bits(0), tick(guest, INTERVAL));
        assertEquals(1, touched);
        assertEquals(0x777777, pixels()[10 * 200 + 10]);
        assertNotEquals(0x777777, pixels()[9 * 200 + 10]);
    }

    @Test
    void ignoresDamageOutsideTheScreen() {
        screen.damaged(new Rect(200, 0, 50, 50), 0);
        screen.damaged(new Rect(-50, -50, 50, 50), 0);
        assertEquals(Screen.NEVER, screen.nextDeadline());
        screen.damaged(new Rect(-50, -50, 1000, 1000), 0);
        paintAll();
        tick(guest, 0);
        assertArrayEquals(guest.pixels(), pixels());
    }

    @Test
    void keepsWhatItHasWhenTheGuestTakesItsPixelsAway() {
        paintAll();
        settle();
        int[] before = pixels();
        Framebuffer gone = new Framebuffer() {
            @Override
            public int width() {
                return 200;
            }

            @Override
            public int height() {
                return 100;
            }

            @Override
            public boolean read(Rect area, int[] target, int offset, int stride) {
                Arrays.fill(target, 0xdead);
                return false;
            }
        };
        screen.damaged(guest.bounds(), 0);
        assertTrue(tick(gone, INTERVAL).isEmpty());
        assertArrayEquals(before, pixels());
    }

    @Test
    void refusesAFramebufferOfAnotherSize() {
        screen.damaged(new Rect(0, 0, 1, 1), 0);
        assertThrows(IllegalArgumentException.class, () -> tick(new ArrayFramebuffer(100, 200), 0));
    }

    @Test
    void aTickLeavesPixelsAloneThatAnEncoderReads() {
        paintAll();
        settle();
        int first = screen.hold(0);
        int before = screen.pixels(first)[0];
        guest.pixels()[0] = 0x111111;
        screen.damaged(new Rect(0, 0, 1, 1), 0);
        assertEquals(bits(0), tick(guest, INTERVAL));
        assertEquals(before, screen.pixels(first)[0]);
        int second = screen.hold(0);
        assertEquals(0x111111, screen.pixels(second)[0]);
        guest.pixels()[0] = 0x222222;
        screen.damaged(new Rect(0, 0, 1, 1), 0);
        assertTrue(tick(guest, 2 * INTERVAL).isEmpty(), "both frames are held");
        assertEquals(before, screen.pixels(first)[0]);
        assertEquals(0x111111, screen.pixels(second)[0]);
        screen.release(0, first);
        assertTrue(screen.nextDeadline() < Screen.NEVER, "the damage waits");
        assertEquals(bits(0), tick(guest, 3 * INTERVAL));
        assertEquals(0x111111, screen.pixels(second)[0]);
        screen.release(0, second);
        assertArrayEquals(guest.pixels(), pixels());
    }

    @Test
    void aScrolledAreaIsOneMoveAndWhatItLaidBare() {
        paintAll();
        settle();
        ScreenChange change = scroll(new Rect(0, 0, 200, 84), 16, true);
        assertEquals(List.of(new Move(new Rect(0, 0, 200, 84), 0, -16)), change.moves());
        assertEquals(bits(0, 1, 2, 3, 4, 5, 6, 7), change.changed().tiles());
        assertEquals(bits(4, 5, 6, 7), change.afterMoves().tiles());
        assertArrayEquals(guest.pixels(), pixels());
    }

    @Test
    void scrollsBetweenTwoTicksAreOneMove() {
        paintAll();
        settle();
        scrollPixels(new Rect(0, 0, 200, 96), 4);
        screen.moved(new Move(new Rect(0, 0, 200, 96), 0, -4));
        ScreenChange change = scroll(new Rect(0, 0, 200, 96), 4, true);
        assertEquals(List.of(new Move(new Rect(0, 0, 200, 92), 0, -8)), change.moves());
        assertEquals(bits(4, 5, 6, 7), change.afterMoves().tiles());
    }

    @Test
    void aHintThatIsWrongIsNotBelieved() {
        paintAll();
        settle();
        screen.moved(new Move(new Rect(0, 0, 200, 84), 0, -15));
        ScreenChange change = scroll(new Rect(0, 0, 200, 84), 16, false);
        assertEquals(List.of(), change.moves());
        assertEquals(change.changed().tiles(), change.afterMoves().tiles());
    }

    @Test
    void hintsFromOutsideTheScreenAreHarmless() {
        paintAll();
        settle();
        for (int d : new int[] {0, 1, 500, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            screen.moved(new Move(new Rect(-50, -50, 1000, 1000), d, -d));
            screen.moved(new Move(new Rect(0, 0, 1, 1), d, d));
        }
        guest.pixels()[0] = 1;
        screen.damaged(new Rect(-50, -50, 1000, 1000), 0);
        assertEquals(bits(0), screen.tick(guest, INTERVAL, true).changed().tiles());
    }

    @Test
    void nobodyLooksForMovesThatNobodyWants() {
        paintAll();
        settle();
        scrollPixels(new Rect(0, 0, 200, 84), 16);
        screen.moved(new Move(new Rect(0, 0, 200, 84), 0, -16));
        screen.damaged(guest.bounds(), 0);
        assertEquals(List.of(), screen.tick(guest, INTERVAL, false).moves());
    }

    /** Moves an area of the guest up; what it lays bare below is painted. */
    private ScreenChange scroll(Rect to, int up, boolean hint) {
        scrollPixels(to, up);
        if (hint) {
            screen.moved(new Move(to, 0, -up));
        }
        screen.damaged(guest.bounds(), 0);
        return screen.tick(guest, INTERVAL, true);
    }

    private void scrollPixels(Rect to, int up) {
        System.arraycopy(guest.pixels(), up * 200, guest.pixels(), 0, to.height() * 200);
        for (int i = to.height() * 200; i < guest.pixels().length; i++) {
            guest.pixels()[i] = i * 40503 & 0xffffff;
        }
    }

    /** Random painting with honest damage: after each tick the snapshot is the framebuffer. */
    @Test
    void followsAGuestThatReportsItsDamage() {
        Random random = new Random(7);
        paintAll();
        settle();
        for (int frame = 0; frame < 200; frame++) {
            for (int i = random.nextInt(20); i >= 0; i--) {
                int x = random.nextInt(200);
                int y = random.nextInt(100);
                Rect rect = new Rect(x, y, 1 + random.nextInt(200 - x), 1 + random.nextInt(100 - y));
                for (int row = rect.y(); row < rect.bottom(); row++) {
                    Arrays.fill(
                            guest.pixels(), row * 200 + rect.x(), row * 200 + rect.right(), random.nextInt(1 << 24));
                }
                screen.damaged(rect, frame);
            }
            tick(guest, frame * INTERVAL);
            assertArrayEquals(guest.pixels(), pixels());
        }
    }

    private BitSet tick(Framebuffer framebuffer, long now) {
        ScreenChange change = screen.tick(framebuffer, now, false);
        touched = change.touched();
        return change.changed().tiles();
    }

    /** What encoders would read. */
    private int[] pixels() {
        int[] all = new int[200 * 100];
        for (int tile = 0; tile < screen.grid().count(); tile++) {
            int held = screen.hold(tile);
            Rect rect = screen.grid().rect(tile);
            for (int y = rect.y(); y < rect.bottom(); y++) {
                System.arraycopy(screen.pixels(held), y * 200 + rect.x(), all, y * 200 + rect.x(), rect.width());
            }
            screen.release(tile, held);
        }
        return all;
    }

    private void paintAll() {
        for (int i = 0; i < guest.pixels().length; i++) {
            guest.pixels()[i] = i * 2654435 & 0xffffff;
        }
    }

    private void settle() {
        screen.damaged(guest.bounds(), 0);
        tick(guest, 0);
    }

    private int[] versions() {
        int[] versions = new int[screen.grid().count()];
        Arrays.setAll(versions, screen::version);
        return versions;
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        Arrays.stream(set).forEach(bits::set);
        return bits;
    }
}
