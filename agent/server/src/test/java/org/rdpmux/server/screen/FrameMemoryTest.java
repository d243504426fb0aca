// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PixelsUnavailableException;
import org.rdpmux.display.Rect;

/** The memory of one Screen after the other. */
public class FrameMemoryTest {

    private static final TileGrid LARGE = new TileGrid(640, 640);
    private static final TileGrid SMALL = new TileGrid(64, 64);

    private final PixelBudget budget = new PixelBudget(1_000_000);
    private boolean reads;
    private final FrameMemory memory = new FrameMemory(budget, () -> reads);

    /** A Screen with as much memory as it wants. */
    public static Screen screen(TileGrid grid, long intervalNanos) {
        FrameMemory memory = new FrameMemory(PixelBudget.unlimited(), () -> false);
        memory.resize(grid, false);
        return new Screen(grid, intervalNanos, memory);
    }

    @Test
    void aModeThatChangesToAndFroStaysInItsMemory() {
        memory.resize(LARGE, false);
        int[] first = memory.take(0);
        memory.resize(SMALL, true);
        assertSame(first, memory.take(0));
        memory.resize(LARGE, true);
        assertSame(first, memory.take(0));
        memory.resize(SMALL, false);
        assertNotSame(first, memory.take(0), "a small screen does not keep a large one's memory");
        assertEquals(64 * 64, budget.used());
        memory.close();
        assertEquals(0, budget.used());
    }

    @Test
    void whatAnEncoderStillReadsIsLeftAlone() {
        memory.resize(LARGE, false);
        int[] first = memory.take(0);
        reads = true;
        memory.resize(SMALL, true);
        assertNotSame(first, memory.take(0));
        assertEquals(64 * 64, budget.used());
    }

    @Test
    void theFirstFrameIsCountedBeforeItsMemoryIsTaken() {
        budget.reserve(1000, 800);
        assertThrows(PixelsUnavailableException.class, () -> memory.resize(LARGE, false));
        memory.resize(SMALL, false);
        assertEquals(800_000 + 64 * 64, budget.used());
    }

    @Test
    void aScreenWithoutRoomForASecondFrameGoesOnInOne() {
        PixelBudget.Share others = budget.reserve(1000, 500);
        memory.resize(LARGE, false);
        Screen screen = new Screen(LARGE, 1, memory);
        ArrayFramebuffer guest = new ArrayFramebuffer(640, 640);
        screen.damaged(guest.bounds(), 0);
        screen.tick(guest, 0, false);
        int held = screen.hold(0);
        guest.pixels()[0] = 0x123456;
        screen.damaged(new Rect(0, 0, 1, 1), 1);
        assertTrue(screen.tick(guest, 1, false).changed().isEmpty(), "an encoder reads it");
        screen.release(0, held);
        assertTrue(screen.tick(guest, 2, false).changed().part(0) != 0);
        assertEquals(0x123456, screen.pixels(screen.hold(0))[0]);
        others.close();
        guest.pixels()[0] = 0x654321;
        screen.damaged(new Rect(0, 0, 1, 1), 3);
        assertTrue(screen.tick(guest, 3, false).changed().part(0) != 0, "there is room for the second frame now");
    }
}
