// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

/**
 * Which tiles a client keeps beside its surface ([MS-RDPEGFX] 3.3.1.4), by the key of their pixels, so that what comes back is
 * drawn without being sent. Belongs to one viewer: lanes encode for all, and each is sent what it does not keep.
 *
 * <p>INVARIANT: a slot that this holds has the pixels of its key at the client once the batches so far are drawn. So it begins
 * empty whenever the client is shown a screen anew.
 *
 * <p>Slots are in sets of {@value #WAYS}; pixels have one set, and take the place of those there that were used longest ago.
 * Allocates nothing after its creation. Used by one thread.
 */
final class SurfaceCache {

    private static final int WAYS = 8;

    private final int sets;
    private final long[] keys;
    /** When a slot was used last; 0 for an empty one. */
    private final long[] usedAt;

    private long uses;

    /** @param slots that the client has, {@value #WAYS} or more */
    SurfaceCache(int slots) {
        this.sets = slots / WAYS;
        this.keys = new long[sets * WAYS];
        this.usedAt = new long[sets * WAYS];
    }

    /** The slot that has pixels, 1 or more; 0 if none does. */
    int find(long key) {
        int first = set(key);
        for (int slot = first; slot < first + WAYS; slot++) {
            if (keys[slot] == key && usedAt[slot] > 0) {
                return slot + 1;
            }
        }
        return 0;
    }

    /** Notes that the client draws what is in a slot. */
    void use(int slot) {
        usedAt[slot - 1] = ++uses;
    }

    /** Makes room for pixels that have no slot. @return the slot where they are to be stored, and are from now on */
    int store(long key) {
        int first = set(key);
        int oldest = first;
        for (int slot = first; slot < first + WAYS; slot++) {
            oldest = usedAt[slot] < usedAt[oldest] ? slot : oldest;
        }
        keys[oldest] = key;
        use(oldest + 1);
        return oldest + 1;
    }

    private int set(long key) {
        return (int) Long.remainderUnsigned(key, sets) * WAYS;
    }
}
