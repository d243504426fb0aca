// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;

/** The colours of a rectangle in the order in which they come, as far as there are few: a small hash table. */
final class Palette {

    /** Most colours: the palette of RLEX takes no more ([MS-RDPEGFX] 2.2.4.1.1.3.1.1.3). */
    static final int MAX_COLOURS = 127;

    /** At least twice the colours, so that look-ups stay short. */
    private static final int SLOTS = 256;

    /** Fibonacci hashing: the product's top bits depend on all bits of the colour. */
    private static final int MULTIPLIER = 0x9e3779b1;

    private static final int SHIFT = 24;
    private static final int EMPTY = -1;

    private final int[] keys = new int[SLOTS];
    private final byte[] indices = new byte[SLOTS];
    private final int[] colours = new int[MAX_COLOURS];
    private int count;

    void clear() {
        Arrays.fill(keys, EMPTY);
        count = 0;
    }

    int count() {
        return count;
    }

    /** A colour by its index, {@code 0x00RRGGBB}. */
    int colour(int index) {
        return colours[index];
    }

    /**
     * A colour's index; a colour that is new gets the next.
     *
     * @param colour {@code 0x00RRGGBB}
     * @return 0 to {@value #MAX_COLOURS} - 1, or -1 if the colour is new and there is no room
     */
    int add(int colour) {
        int slot = colour * MULTIPLIER >>> SHIFT;
        while (keys[slot] != colour) {
            if (keys[slot] == EMPTY) {
                return insert(slot, colour);
            }
            slot = slot + 1 & SLOTS - 1;
        }
        return indices[slot];
    }

    private int insert(int slot, int colour) {
        if (count == MAX_COLOURS) {
            return -1;
        }
        keys[slot] = colour;
        indices[slot] = (byte) count;
        colours[count] = colour;
        return count++;
    }
}
