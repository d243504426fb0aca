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

    /** Patches of random kinds over each other, so that each kind meets each other. */
    static TestImage collage(Random random, int maxWidth, int maxHeight, long seed) {
        int width = 1 + random.nextInt(maxWidth);
        int height = 1 + random.nextInt(maxHeight);
        int[] array = TestImage.of(Kind.FLAT, width, height, seed).pixels();
        for (int patch = 0; patch < 6; patch++) {
            int w = 1 + random.nextInt(width);
            int h = 1 + random.nextInt(height);
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            int[] source = TestImage.of(kind, w, h, random.nextLong()).pixels();
            int left = random.nextInt(width - w + 1);
            int top = random.nextInt(height - h + 1);
            for (int y = 0; y < h; y++) {
                System.arraycopy(source, y * w, array, (top + y) * width + left, w);
            }
        }
        return new TestImage("collage " + seed, width, height, 0, width, array);
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

    /** The same picture without gaps and with top bytes of zero, as guests have it: rows may be equal to the last bit. */
    TestImage tight() {
        return new TestImage(name + " tight", width, height, 0, width, pixels());
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
