// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

/**
 * A shape as the wire has it. Both masks are stored bottom-up.
 *
 * @param cacheIndex place in the client's pointer cache, below the size the client announced
 * @param hotX the pointing pixel; likewise {@code hotY}
 * @param width 0 to 384; 32 at most for a colour pointer without a large pointer flag
 * @param xorMask colours: rows of {@code xorBpp} bits per pixel, padded to two bytes; not copied
 * @param andMask one bit per pixel, set where the screen shows through: rows padded to two bytes; not copied
 */
public record PointerPixels(int cacheIndex, int hotX, int hotY, int width, int height, byte[] xorMask, byte[] andMask) {

    /** The largest shape RDP knows (LARGE_POINTER_FLAG_384x384). */
    public static final int MAX_SIDE = 384;

    public PointerPixels {
        if (cacheIndex < 0 || cacheIndex > 0xffff || hotX < 0 || hotX > 0xffff || hotY < 0 || hotY > 0xffff) {
            throw new IllegalArgumentException("cache index " + cacheIndex + ", hot spot " + hotX + "," + hotY);
        }
        if (width < 0 || width > MAX_SIDE || height < 0 || height > MAX_SIDE) {
            throw new IllegalArgumentException("pointer of " + width + "x" + height);
        }
        if (xorMask.length > maskSize(MAX_SIDE, MAX_SIDE, 32) || andMask.length > maskSize(MAX_SIDE, MAX_SIDE, 1)) {
            throw new IllegalArgumentException("masks of " + xorMask.length + " and " + andMask.length + " bytes");
        }
    }

    /** Bytes of one row of a mask: padded to two bytes. */
    public static int rowSize(int width, int bitsPerPixel) {
        return (width * bitsPerPixel + 15) / 16 * 2;
    }

    /** Bytes of a whole mask. */
    public static int maskSize(int width, int height, int bitsPerPixel) {
        return rowSize(width, bitsPerPixel) * height;
    }
}
