// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TilesTest {

    private final Random random = new Random(1);

    @Test
    void seesEveryPixelThatDiffers() {
        int[] fresh = random.ints(5 * 4).toArray();
        for (int i = 0; i < fresh.length; i++) {
            int[] snapshot = fresh.clone();
            snapshot[i]++;
            assertTrue(Tiles.update(fresh, 0, 5, snapshot, 0, 5, 5, 4));
            assertArrayEquals(fresh, snapshot);
        }
    }

    @Test
    void leavesEqualTilesAlone() {
        int[] fresh = random.ints(64 * 64).toArray();
        int[] snapshot = fresh.clone();
        assertFalse(Tiles.update(fresh, 0, 64, snapshot, 0, 64, 64, 64));
        assertArrayEquals(fresh, snapshot);
    }

    @Test
    void touchesNothingOutsideTheTile() {
        int[] fresh = random.ints(300).toArray();
        int[] snapshot = new int[400];
        assertTrue(Tiles.update(fresh, 7, 12, snapshot, 21, 19, 10, 9));
        for (int i = 0; i < snapshot.length; i++) {
            int x = (i - 21 + 19) % 19;
            int y = (i - 21 + 19) / 19 - 1;
            boolean inside = i >= 21 && x < 10 && y < 9;
            assertEquals(inside ? fresh[7 + y * 12 + x] : 0, snapshot[i], "at " + i);
        }
    }

    @Test
    void findsEmptyTilesUnchanged() {
        assertFalse(Tiles.update(new int[1], 0, 1, new int[] {9}, 0, 1, 0, 1));
        assertFalse(Tiles.update(new int[1], 0, 1, new int[] {9}, 0, 1, 1, 0));
    }

    @Test
    void refusesTilesOutsideTheArrays() {
        assertThrows(IndexOutOfBoundsException.class, () -> Tiles.update(new int[3], 0, 2, new int[4], 0, 2, 2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> Tiles.update(new int[4], 0, 2, new int[3], 0, 2, 2, 2));
    }
}
