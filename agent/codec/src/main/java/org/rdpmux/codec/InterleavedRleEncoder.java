// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Interleaved run-length encoding, [MS-RDPBCGR] 2.2.9.1.1.3.1.2.4 (RLE_BITMAP_STREAM) and 3.1.9: a stream of orders
 * that repeat the row before (background), repeat it with some bits flipped (foreground), repeat a colour, or bring
 * pixels of their own. Lossless for 15, 16 and 24 bits per pixel.
 *
 * <p>Decoders differ where an order that refers to the row before crosses from the first row, which has none, to the
 * second: this encoder ends such orders there.
 *
 * <p>Its many fields are scratch memory and the state of the tile that is being encoded.
 */
public final class InterleavedRleEncoder implements FrameEncoder {

    /** A run of one kind this long ends a foreground/background image, for which each eight pixels cost a byte. */
    private static final int LONG_RUN = 32;

    /** How far a foreground/background image may reach: the longest with a length of one byte. */
    private static final int IMAGE_REACH = 256;

    /** Longest length that any order can carry. */
    private static final int MAX_LENGTH = 0xffff;

    private final PixelDepth depth;
    private final int pixelBytes;
    private final WireTile tile = new WireTile();
    private final RleWriter out;

    /** The tile's pixels in wire order: those of {@link #tile}, reduced. */
    private int[] colour = new int[0];

    /** Each pixel XOR the one in the row before: 0 is background, the foreground colour is foreground. */
    private int[] flipped = new int[0];

    /** The first row's end, then the last's: how far orders that refer to the row before may reach. */
    private int reach;

    /** The decoder's foreground colour. */
    private int foreground;

    /** Whether the order before was a background run, which makes another one begin with a foreground pixel. */
    private boolean afterBackground;

    /** Results of {@link #measureImage}. */
    private int imageLength;

    private int imageRuns;
    private int imageForeground;

    /**
     * @throws IllegalArgumentException if the depth has no such encoding: 32 bits per pixel has
     *     {@link PlanarEncoder}
     */
    public InterleavedRleEncoder(PixelDepth depth) {
        this.depth = Objects.requireNonNull(depth);
        if (depth == PixelDepth.XRGB8888) {
            throw new IllegalArgumentException("no interleaved run-length encoding for 32 bits per pixel");
        }
        pixelBytes = depth.bytes();
        out = new RleWriter(pixelBytes);
    }

    @Override
    public PixelDepth depth() {
        return depth;
    }

    @Override
    public Encoding encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf target) {
        tile.load(pixels, offset, stride, width, height);
        depth.reduce(tile.pixels, 0, tile.pixels, 0, tile.end());
        colour = tile.pixels;
        int rawLength = tile.count() * pixelBytes;
        flip();
        out.begin(colour, tile.count());
        if (encodeTile(rawLength)) {
            target.writeBytes(out.bytes(), 0, out.length());
            return Encoding.COMPRESSED;
        }
        depth.store(colour, tile.start(), tile.count(), out.bytes(), 0);
        target.writeBytes(out.bytes(), 0, rawLength);
        return Encoding.RAW;
    }

    private void flip() {
        if (flipped.length < tile.end() + WireTile.MARGIN) {
            flipped = new int[tile.pixels.length];
        }
        int width = tile.width;
        for (int i = tile.start(); i < tile.end(); i++) {
            flipped[i] = colour[i] ^ colour[i - width];
        }
    }

    /** Writes the orders; false, with some written, if plain pixels are not more bytes. */
    private boolean encodeTile(int rawLength) {
        int end = tile.end();
        int secondRow = tile.start() + tile.width;
        int at = tile.start();
        int literal = at;
        foreground = depth.white();
        afterBackground = false;
        while (at < end) {
            reach = at < secondRow ? secondRow : end;
            if (at == secondRow) {
                afterBackground = false;
            }
            int taken = standsAlone(at) ? 0 : writeOrder(at, literal);
            if (taken == 0) {
                at++;
            } else {
                at += taken;
                literal = at;
            }
            if (out.length() + (at - literal) * pixelBytes >= rawLength) {
                return false;
            }
        }
        out.literal(literal, end);
        out.finish(foreground);
        return out.length() < rawLength;
    }

    /**
     * Whether no order but a literal one can hold the pixel at less than its own bytes, seen from the pixels next to it.
     * This is what nearly all pixels of a photo are. Looks at up to two pixels beyond the end, whatever they are: the
     * longer way round gives the same answer then.
     */
    private boolean standsAlone(int at) {
        int bits = flipped[at];
        int nextBits = flipped[at + 1];
        int pixel = colour[at];
        return bits != 0
                && bits != foreground
                && nextBits != 0
                && nextBits != bits
                && pixel != colour[at + 1]
                && pixel != colour[at + 2]
                && !isBlackOrWhite(at);
    }

    /**
     * Writes the order that suits the pixels at {@code at}, after the pixels that wait since {@code literal}.
     *
     * @return how many pixels it covers, 0 if none pays and the pixel should wait as well
     */
    private int writeOrder(int at, int literal) {
        boolean inserts = afterBackground && literal == at;
        int background = backgroundRun(at, inserts);
        if (background >= LONG_RUN) {
            return writeBackground(at, literal, background);
        }
        int repeat = sameRun(colour, at, tile.end());
        measureImage(at);
        boolean sets = imageForeground != foreground;
        int imageCost = 2 + (imageLength + 7) / 8 + (sets ? pixelBytes : 0);
        int runsCost = imageRuns + (sets ? pixelBytes : 0);
        int colourCost = 1 + pixelBytes;
        boolean colourIsBetter = repeat >= imageLength && colourCost <= imageCost;
        if (imageForeground != 0 && imageCost < runsCost && !colourIsBetter) {
            return writeImage(at, literal, sets);
        }
        return writeRun(at, literal, background, repeat);
    }

    /** Of the orders that repeat something, the one that saves most. */
    private int writeRun(int at, int literal, int background, int repeat) {
        int bits = flipped[at];
        int front = bits == 0 ? 0 : sameRun(flipped, at, reach);
        boolean sets = bits != foreground;
        int pairs = repeat > 2 ? 0 : pairRun(at);
        int savedByBackground = background * pixelBytes - 1;
        int savedByForeground = front * pixelBytes - 1 - (sets ? pixelBytes : 0);
        int savedByColour = repeat * pixelBytes - 1 - pixelBytes;
        int savedByPairs = (pairs - 1) * 2 * pixelBytes - 1;
        int best = Math.max(
                Math.max(savedByBackground, savedByForeground), Math.max(savedByColour, pairs > 1 ? savedByPairs : 0));
        // Taking up the waiting pixels again afterwards costs a byte.
        int threshold = literal == at ? 0 : 1;
        if (best <= threshold) {
            return isBlackOrWhite(at) && pixelBytes - 1 > threshold ? writeBlackOrWhite(at, literal) : 0;
        }
        if (best == savedByBackground) {
            return writeBackground(at, literal, background);
        }
        out.literal(literal, at);
        afterBackground = false;
        // A new foreground that only this run needs is no better than a colour, which leaves the old one in place.
        boolean servesOthers = !sets || imageLength > front;
        if (best == savedByForeground && (best != savedByColour || servesOthers)) {
            if (sets) {
                out.setForeground(front, bits);
                foreground = bits;
            } else {
                out.foreground(front);
            }
            return front;
        }
        if (best == savedByColour) {
            out.colour(repeat, colour[at]);
            return repeat;
        }
        out.dithered(pairs, colour[at], colour[at + 1]);
        return 2 * pairs;
    }

    private int writeBackground(int at, int literal, int length) {
        out.literal(literal, at);
        out.background(length);
        afterBackground = true;
        return length;
    }

    private int writeImage(int at, int literal, boolean sets) {
        out.literal(literal, at);
        out.image(flipped, at, imageLength, sets, imageForeground);
        foreground = imageForeground;
        afterBackground = false;
        return imageLength;
    }

    private boolean isBlackOrWhite(int at) {
        return colour[at] == 0 || colour[at] == depth.white();
    }

    private int writeBlackOrWhite(int at, int literal) {
        out.literal(literal, at);
        out.blackOrWhite(colour[at] == 0);
        afterBackground = false;
        return 1;
    }

    /** Pixels that a background run covers here; one that follows another brings a foreground pixel first. */
    private int backgroundRun(int at, boolean inserts) {
        int from = at;
        if (inserts) {
            if (flipped[at] != foreground) {
                return 0;
            }
            from++;
        }
        int limit = Math.min(reach, at + MAX_LENGTH);
        int i = from;
        while (i < limit && flipped[i] == 0) {
            i++;
        }
        return i - at;
    }

    private static int sameRun(int[] values, int at, int end) {
        int limit = Math.min(end, at + MAX_LENGTH);
        int value = values[at];
        int i = at + 1;
        while (i < limit && values[i] == value) {
            i++;
        }
        return i - at;
    }

    /** Pairs of pixels equal to the pair here, itself included. */
    private int pairRun(int at) {
        int limit = Math.min(tile.end(), at + 2 * MAX_LENGTH) - 1;
        if (at + 3 > limit || colour[at] != colour[at + 2]) {
            return 1;
        }
        int i = at + 2;
        while (i < limit && colour[i] == colour[at] && colour[i + 1] == colour[at + 1]) {
            i += 2;
        }
        return (i - at) / 2;
    }

    /** How far pixels are background or of one foreground, in how many runs, without a long run at the end. */
    private void measureImage(int at) {
        int limit = Math.min(reach, at + IMAGE_REACH);
        int front = 0;
        int runs = 1;
        int runStart = at;
        int i = at;
        for (; i < limit; i++) {
            int bits = flipped[i];
            if (bits != flipped[runStart]) {
                if (bits != 0 && front != 0 && bits != front) {
                    break;
                }
                runs++;
                runStart = i;
            } else if (i - runStart >= LONG_RUN) {
                i = runStart;
                runs--;
                break;
            }
            if (bits != 0) {
                front = bits;
            }
        }
        imageLength = i - at;
        imageRuns = runs;
        imageForeground = front;
    }
}
