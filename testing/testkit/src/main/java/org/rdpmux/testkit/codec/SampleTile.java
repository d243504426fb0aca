// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import java.util.Random;

/** What a tile of a screen may show. Benchmarks name them in their results. */
public enum SampleTile {
    /** One colour: most of any screen. */
    FLAT,
    /** A terminal: light letters of 8x16 on a dark ground. */
    TEXT,
    /** Antialiased dark text of small letters on a light page. */
    SMOOTH_TEXT,
    /** A part of a window: title bar, border, ground, a few letters. */
    WINDOW,
    /** A photo: soft gradients with noise. */
    PHOTO,
    /** A piece of a video's frame: soft shapes, an edge, little noise. */
    VIDEO;

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
        if (this == PHOTO || this == VIDEO) {
            int noise = this == PHOTO ? 15 : 3;
            Random random = new Random(1);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] += (random.nextInt() & noise) * 0x010101;
            }
        }
        return pixels;
    }

    private int pixel(int x, int y) {
        return switch (this) {
            case FLAT -> 0x204060;
            case TEXT -> letter(x, y) ? 0xd0d0d0 : 0x101010;
            case SMOOTH_TEXT -> smoothText(x, y);
            case WINDOW -> window(x, y);
            case PHOTO -> (x * 3 + y >> 3) << 16 | (x + y * 2 >> 3) << 8 | x + y >> 2;
            case VIDEO -> video(x, y);
        };
    }

    /** Letters of three quarters the size, each pixel as dark as they cover it. */
    private static int smoothText(int x, int y) {
        int covered = 0;
        for (int i = 0; i < 16; i++) {
            int fineX = (4 * x + i % 4) / 3;
            int fineY = (4 * y + i / 4) / 3;
            covered += letter(fineX & 127, fineY % 96) ? 1 : 0;
        }
        int grey = 0xf8 - covered * 0xd8 / 16;
        return grey << 16 | grey << 8 | Math.min(0xff, grey + 4);
    }

    private static int video(int x, int y) {
        int red = (int) (100 + 60 * Math.sin(x / 17.0) + 30 * Math.cos(y / 23.0));
        int green = (int) (90 + 50 * Math.cos((x + y) / 29.0));
        int blue = (int) (80 + 40 * Math.sin(y / 13.0 - x / 31.0));
        int shade = x - y / 3 > 30 ? 48 : 0;
        return red + shade << 16 | green + shade << 8 | blue + shade / 2;
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
