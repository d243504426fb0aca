// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;

class ScreenTest {

    private static final long INTERVAL = 33_000_000;

    private final Screen screen = new Screen(200, 100, INTERVAL);
    private final ArrayFramebuffer guest = new ArrayFramebuffer(200, 100);

    @Test
    void firstDamageIsTakenEarlyAndTheNextAfterTheFrameInterval() {
        assertEquals(Screen.NEVER, screen.nextDeadline());
        screen.damaged(new Rect(0, 0, 1, 1), 1000);
        assertEquals(1000 + Screen.EARLY_NANOS, screen.nextDeadline());
        screen.damaged(new Rect(5, 0, 1, 1), 2000);
        assertEquals(1000 + Screen.EARLY_NANOS, screen.nextDeadline());
        screen.tick(guest, 10_000_000);
        assertEquals(Screen.NEVER, screen.nextDeadline());
        screen.damaged(new Rect(0, 0, 1, 1), 11_000_000);
        assertEquals(10_000_000 + INTERVAL, screen.nextDeadline());
        screen.tick(guest, 43_000_000);
        screen.damaged(new Rect(0, 0, 1, 1), 500_000_000);
        assertEquals(500_000_000 + Screen.EARLY_NANOS, screen.nextDeadline());
    }

    @Test
    void copiesDamageAndNamesTheTilesThatChanged() {
        paintAll();
        settle();
        guest.pixels()[70] = 0xabcdef;
        guest.pixels()[64 * 200 + 199] = 0x123456;
        screen.damaged(new Rect(60, 0, 140, 80), 0);
        int[] before = versions();
        BitSet changed = screen.tick(guest, INTERVAL);
        assertEquals(bits(1, 7), changed);
        assertEquals(8, screen.lastTouched());
        assertArrayEquals(guest.pixels(), screen.pixels());
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
        assertTrue(screen.tick(guest, INTERVAL).isEmpty());
        assertEquals(8, screen.lastTouched());
    }

    @Test
    void looksOnlyAtWhatWasDamaged() {
        paintAll();
        settle();
        Arrays.fill(guest.pixels(), 0x777777);
        screen.damaged(new Rect(10, 10, 5, 5), 0);
        assertEquals(bits(0), screen.tick(guest, INTERVAL));
        assertEquals(1, screen.lastTouched());
        assertEquals(0x777777, screen.pixels()[10 * 200 + 10]);
        assertNotEquals(0x777777, screen.pixels()[9 * 200 + 10]);
    }

    @Test
    void ignoresDamageOutsideTheScreen() {
        screen.damaged(new Rect(200, 0, 50, 50), 0);
        screen.damaged(new Rect(-50, -50, 50, 50), 0);
        assertEquals(Screen.NEVER, screen.nextDeadline());
        screen.damaged(new Rect(-50, -50, 1000, 1000), 0);
        paintAll();
        screen.tick(guest, 0);
        assertArrayEquals(guest.pixels(), screen.pixels());
    }

    @Test
    void keepsWhatItHasWhenTheGuestTakesItsPixelsAway() {
        paintAll();
        settle();
        int[] before = screen.pixels().clone();
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
        assertTrue(screen.tick(gone, INTERVAL).isEmpty());
        assertArrayEquals(before, screen.pixels());
    }

    @Test
    void refusesAFramebufferOfAnotherSize() {
        screen.damaged(new Rect(0, 0, 1, 1), 0);
        assertThrows(IllegalArgumentException.class, () -> screen.tick(new ArrayFramebuffer(100, 200), 0));
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
            screen.tick(guest, frame * INTERVAL);
            assertArrayEquals(guest.pixels(), screen.pixels());
        }
    }

    private void paintAll() {
        for (int i = 0; i < guest.pixels().length; i++) {
            guest.pixels()[i] = i * 2654435 & 0xffffff;
        }
    }

    private void settle() {
        screen.damaged(guest.bounds(), 0);
        screen.tick(guest, 0);
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
