// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntBinaryOperator;

/** A picture to encode: a rectangle inside a larger array, whose other pixels and top bytes must not matter. */
record TestImage(String name, int width, int height, int offset, int stride, int[] array) {

    /** What pictures show. Each stresses other orders. */
    enum Kind {
        BLACK,
        WHITE,
        FLAT,
        NOISE,
        FEW_COLOURS,
        TEXT,
        COLOURED_TEXT,
        GRADIENT,
        PHOTO,
        DITHER,
        COLUMNS,
        ROWS,
        RUNS,
        SPARSE
    }

    static TestImage of(Kind kind, int width, int height, long seed) {
        Random random = new Random(seed);
        int stride = width + random.nextInt(5);
        int offset = random.nextInt(9);
        int[] array = new int[offset + stride * height];
        for (int i = 0; i < array.length; i++) {
            array[i] = random.nextInt();
        }
        IntBinaryOperator painter = painter(kind, random);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                array[offset + y * stride + x] = painter.applyAsInt(x, y) & 0xffffff | random.nextInt() << 24;
            }
        }
        return new TestImage(kind + " " + width + "x" + height + " seed " + seed, width, height, offset, stride, array);
    }

    /** The picture as a client shows it, without gaps and top bytes. */
    int[] pixels() {
        int[] result = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                result[y * width + x] = array[offset + y * stride + x] & 0xffffff;
            }
        }
        return result;
    }

    private static IntBinaryOperator painter(Kind kind, Random random) {
        int a = random.nextInt();
        int b = random.nextInt();
        int[] glyph = random.ints(64).toArray();
        int[] palette = random.ints(4).toArray();
        return switch (kind) {
            case BLACK -> (x, y) -> 0;
            case WHITE -> (x, y) -> 0xffffff;
            case FLAT -> (x, y) -> a;
            case NOISE -> (x, y) -> random.nextInt();
            case FEW_COLOURS -> (x, y) -> palette[random.nextInt(palette.length)];
            case TEXT -> (x, y) -> (glyph[y & 63] >>> (x & 31) & 1) == 0 ? a : b;
            case COLOURED_TEXT -> (x, y) -> (glyph[y & 63] >>> (x & 31) & 1) == 0 ? a : palette[x >> 4 & 3];
            case GRADIENT -> (x, y) -> (x * 3 + y & 255) << 16 | (x + y * 2 & 255) << 8 | (x ^ y) & 255;
            case PHOTO -> (x, y) -> (x * 3 + y >> 3) + (random.nextInt() & 15) << 16 | (x + y >> 2) << 8 | y & 255;
            case DITHER -> (x, y) -> (x & 1) == 0 ? a : b;
            case COLUMNS -> (x, y) -> palette[x & 3] + x;
            case ROWS -> (x, y) -> palette[y & 3] + y;
            case RUNS -> runs(random);
            case SPARSE -> (x, y) -> random.nextInt(40) == 0 ? b : a;
        };
    }

    /** Runs of all lengths, long ones over many rows. */
    private static IntBinaryOperator runs(Random random) {
        int[] state = new int[2];
        return (x, y) -> {
            if (state[0]-- <= 0) {
                state[0] = 1 << random.nextInt(12);
                state[1] = random.nextInt();
            }
            return state[1];
        };
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TestImage t && name.equals(t.name) && Arrays.equals(array, t.array);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
