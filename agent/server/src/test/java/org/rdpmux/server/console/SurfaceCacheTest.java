// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SurfaceCacheTest {

    private final SurfaceCache cache = new SurfaceCache(8);

    @Test
    void findsWhatWasStored() {
        assertEquals(0, cache.find(7));
        assertEquals(cache.store(7), cache.find(7));
        assertEquals(0, cache.find(-7));
    }

    /** Any number may be a key. */
    @Test
    void anEmptySlotHasNothing() {
        assertEquals(0, cache.find(0));
    }

    @Test
    void whatWasUsedLongestAgoGivesWay() {
        for (int key = 1; key <= 8; key++) {
            cache.store(key);
        }
        cache.use(cache.find(1));
        int second = cache.find(2);
        assertEquals(second, cache.store(9));
        assertEquals(0, cache.find(2));
        assertTrue(cache.find(1) > 0);
        assertEquals(second, cache.find(9));
    }

    @Test
    void slotsAreThoseThatTheClientHas() {
        SurfaceCache large = new SurfaceCache(1003);
        for (int i = 0; i < 100_000; i++) {
            int slot = large.store(i * 0x9e3779b97f4a7c15L);
            assertTrue(slot >= 1 && slot <= 1003);
        }
    }
}
