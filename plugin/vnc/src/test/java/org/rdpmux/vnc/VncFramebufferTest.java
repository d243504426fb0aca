// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.Rect;

class VncFramebufferTest {

    @Test
    void isBlackUntilTheServerSendsPixels() {
        VncFramebuffer screen = new VncFramebuffer(4, 2);
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
    void aScreenThatChangesItsModeToAndFroStaysInItsMemory() {
        VncFramebuffer screen = new VncFramebuffer(100, 100);
        int[] first = screen.pixels();
        first[5] = 7;
        screen = screen.resized(80, 90);
        assertSame(first, screen.pixels());
        assertEquals(0, first[5], "pixels of another mode");
        screen = screen.resized(100, 100);
        assertSame(first, screen.pixels());
        assertNotSame(first, screen.resized(101, 100).pixels());
        assertNotSame(first, screen.resized(10, 10).pixels(), "a small screen does not keep a large one's memory");
    }
}
