// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import java.util.Arrays;
import java.util.Objects;
import org.rdpmux.display.PointerShape;

/**
 * A mouse pointer's two masks as pointer updates carry them: TS_COLORPOINTERATTRIBUTE ([MS-RDPBCGR] 2.2.9.1.1.4.4),
 * TS_POINTERATTRIBUTE (2.2.9.1.1.4.5) and TS_FP_LARGEPOINTERATTRIBUTE (2.2.9.1.2.1.11). Rows go from the bottom, each
 * padded to two bytes. A client keeps of the screen what the AND mask has set and flips what the XOR mask says; one that
 * knows alpha takes it from the XOR mask and ignores the AND mask.
 *
 * <p>A shape larger than a client can take loses what is beyond, so that the hot spot and as much as possible of the
 * shape's upper left stay: a pointer's point is more use than its true size.
 *
 * @param width pixels of a row
 * @param height rows
 * @param hotX the pointing pixel's column, inside the width
 * @param hotY the pointing pixel's row from the top, inside the height
 * @param bitsPerPixel of the XOR mask: 24 or 32
 * @param xorMask the colours
 * @param andMask a bit for each pixel, the leftmost is the highest of its byte; set where the screen shows through
 */
public record PointerBitmap(
        int width, int height, int hotX, int hotY, int bitsPerPixel, byte[] xorMask, byte[] andMask) {

    /** Longest side that every client takes, and the only one without the large pointer capability set. */
    public static final int SMALL = 32;

    /** Longest side with LARGE_POINTER_FLAG_96x96 ([MS-RDPBCGR] 2.2.7.2.7). */
    public static final int MEDIUM = 96;

    /** Longest side with LARGE_POINTER_FLAG_384x384, in large pointer updates only. */
    public static final int LARGE = 384;

    /** From this alpha on a pixel is opaque to a client without alpha. */
    private static final int OPAQUE = 0x80;

    public PointerBitmap {
        Objects.requireNonNull(xorMask);
        Objects.requireNonNull(andMask);
        if (bitsPerPixel != 24 && bitsPerPixel != 32) {
            throw new IllegalArgumentException("pointer of " + bitsPerPixel + " bits per pixel");
        }
        if (width < 1 || width > LARGE || height < 1 || height > LARGE) {
            throw new IllegalArgumentException("pointer of " + width + "x" + height);
        }
        if (hotX < 0 || hotX >= width || hotY < 0 || hotY >= height) {
            throw new IllegalArgumentException("hot spot " + hotX + "," + hotY + " outside " + width + "x" + height);
        }
        if (xorMask.length != xorRow(width, bitsPerPixel) * height || andMask.length != andRow(width) * height) {
            throw new IllegalArgumentException("masks of " + xorMask.length + " and " + andMask.length + " bytes for "
                    + width + "x" + height + " at " + bitsPerPixel + " bits per pixel");
        }
    }

    /**
     * For a colour pointer update, which has 24 bits per pixel and no alpha: pixels that are more transparent than not
     * are left out.
     *
     * @param maxSide longest side the client takes, 1 to {@value #LARGE}
     */
    public static PointerBitmap colour(PointerShape.Image shape, int maxSide) {
        return of(shape, maxSide, 24);
    }

    /**
     * For a new or a large pointer update: 32 bits per pixel with alpha. A shape that inverts pixels gets 24, since a
     * client that finds alpha does not invert.
     *
     * @param maxSide longest side the client takes, 1 to {@value #LARGE}
     */
    public static PointerBitmap alpha(PointerShape.Image shape, int maxSide) {
        return of(shape, maxSide, inverts(shape) ? 24 : 32);
    }

    private static boolean inverts(PointerShape.Image shape) {
        for (boolean inverted : shape.inverted()) {
            if (inverted) {
                return true;
            }
        }
        return false;
    }

    private static PointerBitmap of(PointerShape.Image shape, int maxSide, int bitsPerPixel) {
        if (maxSide < 1 || maxSide > LARGE) {
            throw new IllegalArgumentException("pointers of at most " + maxSide + " pixels");
        }
        int left = firstKept(shape.width(), shape.hotX(), maxSide, firstVisibleColumn(shape));
        int top = firstKept(shape.height(), shape.hotY(), maxSide, firstVisibleRow(shape));
        int width = Math.min(shape.width(), maxSide);
        int height = Math.min(shape.height(), maxSide);
        byte[] xor = new byte[xorRow(width, bitsPerPixel) * height];
        byte[] and = new byte[andRow(width) * height];
        for (int y = 0; y < height; y++) {
            int row = height - 1 - y;
            int xorAt = row * xorRow(width, bitsPerPixel);
            for (int x = 0; x < width; x++) {
                int i = (top + y) * shape.width() + left + x;
                boolean inverted = shape.inverted().length != 0 && shape.inverted()[i];
                int pixel = inverted ? 0xffffff : wirePixel(shape.pixels()[i], bitsPerPixel);
                if (inverted || shape.pixels()[i] >>> 24 < OPAQUE) {
                    and[row * andRow(width) + x / 8] |= (byte) (0x80 >> x % 8);
                }
                for (int shift = 0; shift < bitsPerPixel; shift += 8) {
                    xor[xorAt++] = (byte) (pixel >>> shift);
                }
            }
        }
        return new PointerBitmap(width, height, shape.hotX() - left, shape.hotY() - top, bitsPerPixel, xor, and);
    }

    /** The XOR mask must be zero where the screen shows through, or the screen's colours would change. */
    private static int wirePixel(int argb, int bitsPerPixel) {
        int alpha = argb >>> 24;
        if (bitsPerPixel == 24) {
            return alpha < OPAQUE ? 0 : argb & 0xffffff;
        }
        return alpha == 0 ? 0 : argb;
    }

    /** Where to begin on one axis: at the first visible pixel, but so that the hot spot stays and nothing is wasted. */
    private static int firstKept(int size, int hot, int maxSide, int firstVisible) {
        if (size <= maxSide) {
            return 0;
        }
        int least = Math.max(0, hot - maxSide + 1);
        int most = Math.min(hot, size - maxSide);
        return Math.max(least, Math.min(most, firstVisible));
    }

    private static int firstVisibleColumn(PointerShape.Image shape) {
        int first = shape.width();
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < first; x++) {
                if (visible(shape, y * shape.width() + x)) {
                    first = x;
                }
            }
        }
        return first;
    }

    private static int firstVisibleRow(PointerShape.Image shape) {
        int i = 0;
        while (i < shape.pixels().length && !visible(shape, i)) {
            i++;
        }
        return i / shape.width();
    }

    private static boolean visible(PointerShape.Image shape, int i) {
        return shape.pixels()[i] >>> 24 != 0 || shape.inverted().length != 0 && shape.inverted()[i];
    }

    private static int xorRow(int width, int bitsPerPixel) {
        return width * bitsPerPixel / 8 + 1 & ~1;
    }

    private static int andRow(int width) {
        return (width + 15) / 16 * 2;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PointerBitmap p
                && width == p.width
                && height == p.height
                && hotX == p.hotX
                && hotY == p.hotY
                && bitsPerPixel == p.bitsPerPixel
                && Arrays.equals(xorMask, p.xorMask)
                && Arrays.equals(andMask, p.andMask);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                width, height, hotX, hotY, bitsPerPixel, Arrays.hashCode(xorMask), Arrays.hashCode(andMask));
    }
}
