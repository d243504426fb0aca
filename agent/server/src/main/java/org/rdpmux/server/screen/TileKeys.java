// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.security.SecureRandom;

/**
 * Names the pixels of tiles, so that what was on the screen before is known again without being kept: a hash of 64 bits that
 * begins at random in each process. That two of the tiles a client keeps have the same by chance takes longer than any session,
 * and a guest that would like to bring it about does not know where the hash begins. Computed when it is first asked for, some
 * two microseconds a tile. Used by one thread.
 */
final class TileKeys {

    private static final long SEED;
    private static final long FIRST;
    private static final long SECOND;

    static {
        SecureRandom random = new SecureRandom();
        SEED = random.nextLong();
        FIRST = random.nextLong() | 1;
        SECOND = random.nextLong() | 1;
    }

    private final long[] keys;
    /** By tile: the version that the key names; 0 for none. */
    private final int[] versions;

    TileKeys(int tiles) {
        this.keys = new long[tiles];
        this.versions = new int[tiles];
    }

    /** Whether a tile's key is that of this version. */
    boolean knows(int tile, int version) {
        return versions[tile] == version;
    }

    void put(int tile, int version, long key) {
        keys[tile] = key;
        versions[tile] = version;
    }

    long key(int tile) {
        return keys[tile];
    }

    /**
     * The key of a rectangle of pixels and its size. Two sums grow side by side, since each step waits for the one before.
     *
     * @param offset index of the first pixel; {@code stride} is the distance of two rows
     */
    static long of(int[] pixels, int offset, int stride, int width, int height) {
        long a = SEED ^ (long) width << Integer.SIZE ^ height;
        long b = ~SEED;
        for (int row = 0; row < height; row++) {
            int i = offset + row * stride;
            int end = i + width;
            for (; i + 3 < end; i += 4) {
                a = mixed(a ^ pair(pixels[i], pixels[i + 1]), FIRST);
                b = mixed(b ^ pair(pixels[i + 2], pixels[i + 3]), SECOND);
            }
            for (; i < end; i++) {
                a = mixed(a ^ pair(pixels[i], 0), FIRST);
            }
        }
        return mixed(mixed(a, SECOND) ^ b, FIRST);
    }

    private static long pair(int low, int high) {
        return low & 0xffffffffL | (long) high << Integer.SIZE;
    }

    /** Both halves of a product, so that each bit of it depends on many. */
    private static long mixed(long sum, long factor) {
        return sum * factor ^ Math.multiplyHigh(sum, factor);
    }
}
