// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.util.Random;

/** What a tile of a screen may show. Benchmarks name them in their results. */
public enum Tile {
    /** One colour: most of any screen. */
    FLAT,
    /** A terminal: light letters of 8x16 on a dark ground. */
    TEXT,
    /** A part of a window: title bar, border, ground, a few letters. */
    WINDOW,
    /** A photo: soft gradients with noise. */
    PHOTO;

    /** Side of a tile. */
    public static final int SIZE = 64;

    /** Rows of 8 pixels of some letters. */
    private static final long[][] LETTERS = {
        {0, 0x3c66063e66663bL, 0}, {0x6060607c666666L, 0x66667c00L}, {0, 0x3c66606060663cL},
        {0, 0x3c667e6060663cL}, {0, 0x7c66666666666600L}, {0x18001838181818L, 0x18183c00L},
        {0x10307c30303030L, 0x30361c00L}, {0, 0x6e736060606060L}
    };

    /** The tile's pixels, {@code 0x00RRGGBB}, {@value #SIZE} each way. */
    public int[] pixels() {
        int[] pixels = new int[SIZE * SIZE];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                pixels[y * SIZE + x] = pixel(x, y);
            }
        }
        if (this == PHOTO) {
            Random random = new Random(1);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] += (random.nextInt() & 15) * 0x010101;
            }
        }
        return pixels;
    }

    private int pixel(int x, int y) {
        return switch (this) {
            case FLAT -> 0x204060;
            case TEXT -> letter(x, y) ? 0xd0d0d0 : 0x101010;
            case WINDOW -> window(x, y);
            case PHOTO -> (x * 3 + y >> 3) << 16 | (x + y * 2 >> 3) << 8 | x + y >> 2;
        };
    }

    private static int window(int x, int y) {
        if (x < 12 || y < 10) {
            return 0x204060;
        }
        if (x == 12 || y == 10) {
            return 0x808080;
        }
        if (y < 30) {
            return letter(x, y - 12) && y >= 12 && y < 28 ? 0xffffff : 0x3465a4 + (30 - y) * 0x010101;
        }
        return 0xf0f0f0;
    }

    private static boolean letter(int x, int y) {
        long[] halves = LETTERS[(x / 8 * 5 + y / 16 * 3) % LETTERS.length];
        long rows = halves[y % 16 / 8 % halves.length];
        return (rows >>> (y % 8 * 8) >>> (7 - x % 8) & 1) != 0;
    }
}
