// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.CountedFramebuffer;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;

class VncFramebufferTest {

    @Test
    void isBlackUntilTheServerSendsPixels() {
        CountedFramebuffer screen = new CountedFramebuffer(4, 2, PixelBudget.unlimited());
        int[] target = {9, 9, 9, 9, 9, 9};
        screen.read(new Rect(1, 0, 2, 2), target, 0, 3);
        assertArrayEquals(new int[] {0, 0, 9, 0, 0, 9}, target);
        screen.pixels()[1] = 0xff112233;
        screen.read(new Rect(1, 0, 2, 2), target, 0, 3);
        assertArrayEquals(new int[] {0x112233, 0, 9, 0, 0, 9}, target);
        assertThrows(IndexOutOfBoundsException.class, () -> screen.read(new Rect(3, 0, 2, 1), target, 0, 3));
    }

    /** Each of them would take 33 MB, and the test has less than a gigabyte. */
    @Test
    void toLearnTheSizesOfManyScreensTakesNoMemoryForTheirPixels() {
        List<Wire> idle = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Wire wire = new Wire(null, true, false);
            wire.receive(ServerBytes.greeting(3840, 2160, "test"));
            assertEquals(1, wire.seen.resizes);
            idle.add(wire);
        }
        idle.forEach(wire -> wire.client.close());
    }

    @Test
    void screensThatAreLookedAtShareOneBudgetAndGiveItBack() {
        PixelBudget budget = new PixelBudget(1_000_000);
        RfbClient.Setup setup = new RfbClient.Setup(true, Optional.empty(), budget, 0);
        Wire first = new Wire(null, setup, true);
        first.receive(ServerBytes.greeting(1000, 800, "test"));
        assertEquals(800_000, budget.used());
        Wire second = new Wire(null, setup, true);
        RfbException e =
                assertThrows(RfbException.class, () -> second.receive(ServerBytes.greeting(1000, 300, "test")));
        assertEquals(
                "cannot be shown: the host's pixel budget (limits.megapixels) has no room for a screen of 1000x300",
                e.getMessage());
        assertEquals(0, second.seen.resizes, "nobody hears of a screen that cannot be shown");
        first.receive(new ServerBytes().update(1).rectangle(0, 0, 1000, 700, Encodings.DESKTOP_SIZE));
        assertEquals(700_000, budget.used());
        first.receive(new ServerBytes().update(1).rectangle(0, 0, 100, 100, Encodings.DESKTOP_SIZE));
        assertEquals(10_000, budget.used());
        first.client.close();
        first.receive(new ServerBytes().update(1).rectangle(0, 0, 1000, 800, Encodings.DESKTOP_SIZE));
        second.client.close();
        assertEquals(0, budget.used());
    }

    @Test
    void aScreenThatNobodyLookedAtCountsWhenItsPixelsCome() {
        PixelBudget budget = new PixelBudget(5000);
        Wire idle = new Wire(null, new RfbClient.Setup(true, Optional.empty(), budget, 0), false);
        idle.receive(ServerBytes.greeting(100, 100, "test"));
        assertEquals(0, budget.used());
        idle.client.setActive(true, Unpooled.buffer());
        RfbException e =
                assertThrows(RfbException.class, () -> idle.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 1)));
        assertTrue(e.getMessage().startsWith("cannot be shown: "), e.getMessage());
        idle.client.close();
    }

    @Test
    void aScreenThatChangesItsModeToAndFroStaysInItsMemory() {
        CountedFramebuffer screen = new CountedFramebuffer(100, 100, PixelBudget.unlimited());
        int[] first = screen.pixels();
        first[5] = 7;
        screen = screen.resized(80, 90, false);
        assertSame(first, screen.pixels());
        assertEquals(0, first[5], "pixels of another mode");
        screen = screen.resized(100, 100, false);
        assertSame(first, screen.pixels());
        assertNotSame(first, screen.resized(101, 100, false).pixels());
        assertNotSame(
                first, screen.resized(10, 10, false).pixels(), "a small screen does not keep a large one's memory");
    }

    @Test
    void aScreenThatKeepsChangingItsModeStaysInItsMemory() {
        PixelBudget budget = PixelBudget.unlimited();
        Wire wire = new Wire(null, new RfbClient.Setup(true, Optional.empty(), budget, 0), true);
        wire.receive(ServerBytes.greeting(1000, 1000, "test"));
        wire.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 1));
        wire.now = 60_000_000_000L;
        for (int i = 0; i < 10; i++) {
            wire.now += 1_000_000_000L;
            wire.receive(new ServerBytes().update(1).rectangle(0, 0, 10, 10, Encodings.DESKTOP_SIZE));
            wire.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 1));
            assertEquals(i == 0 ? 100 : 1_000_000, budget.used());
            wire.now += 1_000_000_000L;
            wire.receive(new ServerBytes().update(1).rectangle(0, 0, 1000, 1000, Encodings.DESKTOP_SIZE));
            wire.receive(new ServerBytes().raw(new Rect(0, 0, 1, 1), 1));
        }
        wire.client.close();
    }
}
