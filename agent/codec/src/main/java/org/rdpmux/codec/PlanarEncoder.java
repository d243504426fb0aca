// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * RDP 6.0 bitmap compression, [MS-RDPEGDI] 2.2.2.5.1 (RDP6_BITMAP_STREAM) and 3.1.9: each colour is a plane of bytes;
 * each row but the first is written as its difference to the row before, run-length encoded. Lossless, 32 bits per
 * pixel.
 *
 * <p>The format leaves little to choose: differences to the row before are a must, and taking every run of three or more
 * gives the shortest row there is (compared with a search over all ways to cut rows of text, photos and noise into
 * segments). What can be saved is planes.
 */
public final class PlanarEncoder implements FrameEncoder {

    /** Which planes the bitmaps have. The flags named are those of the bitmap capability set ([MS-RDPBCGR] 2.2.7.1.2). */
    public enum Planes {
        /** One for each colour, for clients with DRAW_ALLOW_SKIP_ALPHA. */
        COLOURS,
        /**
         * Likewise, but a bitmap without any colour, such as a text console, goes as luma and two empty planes of chroma:
         * a third of the bytes. For clients that have DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY, too. Some bitmaps of few colours
         * would survive the change to luma and chroma as well, but decoders differ in which of red and blue is which.
         */
        COLOURS_OR_LUMA,
        /** An alpha plane, opaque everywhere, for clients without those flags; rdesktop draws nothing else. */
        ALPHA_AND_COLOURS
    }

    /** FormatHeader: the planes are run-length encoded. */
    private static final int RLE = 0x10;

    /** FormatHeader: there is no alpha plane. */
    private static final int NO_ALPHA = 0x20;

    /** FormatHeader, color loss level: luma and chroma, of which only bits are lost that the halving of chroma costs. */
    private static final int LUMA_AND_CHROMA = 0x01;

    /** Most raw bytes of one segment. */
    private static final int MAX_RAW = 15;

    /** Shortest run: the codes for 1 and 2 mean long runs. */
    private static final int MIN_RUN = 3;

    /** Longest run of a segment that also has raw bytes. */
    private static final int MAX_SHORT_RUN = 15;

    /** Longest run of any segment. */
    private static final int MAX_RUN = 47;

    private final boolean alpha;
    private final boolean luma;
    private final WireTile tile = new WireTile();

    /** What segments hold, a byte for each colour: pixels in the first row, differences in the others. */
    private int[] symbols = new int[0];

    /** Whether a row equals the one before, and is no shorter than a run: its symbols are then not filled in. */
    private boolean[] same = new boolean[0];

    private byte[] bytes = new byte[0];

    public PlanarEncoder(Planes planes) {
        alpha = planes == Planes.ALPHA_AND_COLOURS;
        luma = planes == Planes.COLOURS_OR_LUMA;
    }

    @Override
    public PixelDepth depth() {
        return PixelDepth.XRGB8888;
    }

    @Override
    public Encoding encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf out) {
        tile.load(pixels, offset, stride, width, height);
        return encodeTile(out);
    }

    /** Like {@link #encode}, for {@link SurfaceEncoder}; not with an alpha plane. */
    void encodeForSurface(int[] pixels, int offset, int stride, int width, int height, ByteBuf out) {
        tile.loadFromTop(pixels, offset, stride, width, height);
        encodeTile(out);
    }

    private Encoding encodeTile(ByteBuf out) {
        if (bytes.length < maxEncoded()) {
            bytes = new byte[maxEncoded()];
        }
        if (symbols.length < tile.end()) {
            symbols = new int[tile.end()];
        }
        if (same.length < tile.height) {
            same = new boolean[tile.height];
        }
        int length = encodePlanes();
        if (alpha && length > tile.count() * depth().bytes()) {
            out.writeBytes(bytes, 0, storePixels());
            return Encoding.RAW;
        }
        if (!alpha && length > rawPlanesLength()) {
            length = storePlanes();
        }
        out.writeBytes(bytes, 0, length);
        return Encoding.COMPRESSED;
    }

    /** The most that {@link #encodePlanes} writes: a control byte for each {@value #MAX_RAW} bytes of a row. */
    private int maxEncoded() {
        int row = tile.width + tile.width / MAX_RAW + 1;
        return 1 + 4 * row * tile.height;
    }

    private int encodePlanes() {
        differences();
        if (luma && isGrey()) {
            bytes[0] = (byte) (RLE | NO_ALPHA | LUMA_AND_CHROMA);
            return encodeEmptyPlane(encodeEmptyPlane(encodePlane(0, 1)));
        }
        bytes[0] = (byte) (alpha ? RLE : RLE | NO_ALPHA);
        int to = 1;
        if (alpha) {
            to = encodeOpaquePlane(to);
        }
        to = encodePlane(16, to);
        to = encodePlane(8, to);
        return encodePlane(0, to);
    }

    /** Whether red, green and blue are equal everywhere; looks no further than the first pixel that says no. */
    private boolean isGrey() {
        int[] pixels = tile.pixels;
        int end = tile.end();
        for (int i = tile.start(); i < end; i++) {
            if (((pixels[i] ^ pixels[i] >>> 8) & 0xffff) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Fills {@link #symbols} and {@link #same}. */
    private void differences() {
        int[] source = tile.pixels;
        int width = tile.width;
        System.arraycopy(source, tile.start(), symbols, tile.start(), width);
        for (int row = 1; row < tile.height; row++) {
            int from = tile.start() + row * width;
            same[row] = width >= MIN_RUN && Arrays.equals(source, from, from + width, source, from - width, from);
            if (!same[row]) {
                differences(source, from, from + width, width, symbols);
            }
        }
    }

    /**
     * A row's symbols, three at once: each byte's difference to the byte of the row before, modulo 256, the sign moved to
     * the lowest bit (2d for d from 0 to 127, -2d - 1 for d from -128 to -1). The subtraction keeps bytes from borrowing
     * from each other by setting each one's highest bit first and putting it right afterwards.
     */
    private static void differences(int[] source, int from, int to, int width, int[] target) {
        for (int i = from; i < to; i++) {
            int now = source[i];
            int above = source[i - width];
            int difference = (now | 0x80808080) - (above & 0x7f7f7f7f) ^ (now ^ ~above) & 0x80808080;
            int negative = difference >>> 7 & 0x01010101;
            target[i] = difference << 1 & 0xfefefefe ^ (negative << 8) - negative;
        }
    }

    private int encodePlane(int shift, int start) {
        int width = tile.width;
        int to = encodeRow(tile.start(), shift, start);
        for (int row = 1; row < tile.height; row++) {
            to = same[row] ? writeRun(width, to) : encodeRow(tile.start() + row * width, shift, to);
        }
        return to;
    }

    /** One row's segments. A segment never crosses the end of a row, and a row begins after an imagined zero. */
    private int encodeRow(int row, int shift, int start) {
        int[] source = symbols;
        int to = start;
        int end = row + tile.width;
        int last = 0;
        int from = row;
        while (from < end) {
            int at = from;
            int run = 0;
            while (at < end) {
                int symbol = source[at] >>> shift & 0xff;
                if (symbol == last) {
                    run++;
                } else if (run >= MIN_RUN) {
                    break;
                } else {
                    run = 0;
                    last = symbol;
                }
                at++;
            }
            if (run < MIN_RUN) {
                run = 0;
            }
            to = writeSegments(from, at - run - from, run, shift, to);
            from = at;
        }
        return to;
    }

    /** {@code raw} symbols from {@code from}, then {@code run} times the last of them (or the one before, if none). */
    private int writeSegments(int from, int raw, int run, int shift, int start) {
        int to = start;
        int at = from;
        int left = raw;
        int longRun = run;
        while (left > 0) {
            int now = Math.min(left, MAX_RAW);
            left -= now;
            int tail = left > 0 ? 0 : runPiece(longRun, MAX_SHORT_RUN);
            longRun -= tail;
            bytes[to++] = (byte) (now << 4 | tail);
            for (int i = 0; i < now; i++) {
                bytes[to++] = (byte) (symbols[at++] >>> shift);
            }
        }
        return longRun == 0 ? to : writeRun(longRun, to);
    }

    private int writeRun(int run, int start) {
        int to = start;
        int left = run;
        while (left > 0) {
            int piece = runPiece(left, MAX_RUN);
            left -= piece;
            bytes[to++] = runControl(piece);
        }
        return to;
    }

    /** As much of a run as one segment takes, so that what is left is not too short for a segment of its own. */
    private static int runPiece(int run, int max) {
        int piece = Math.min(run, max);
        int left = run - piece;
        return left == 0 || left >= MIN_RUN ? piece : piece - (MIN_RUN - left);
    }

    /** The control byte of a segment without raw bytes; long runs borrow the raw bytes' count. */
    private static byte runControl(int run) {
        if (run <= MAX_SHORT_RUN) {
            return (byte) run;
        }
        return (byte) (run < 32 ? run - 16 << 4 | 1 : run - 32 << 4 | 2);
    }

    private int encodeOpaquePlane(int start) {
        int to = start;
        int run = runPiece(tile.width - 1, MAX_SHORT_RUN);
        bytes[to++] = (byte) (1 << 4 | run);
        bytes[to++] = (byte) 0xff;
        to = writeRun(tile.width - 1 - run, to);
        for (int row = 1; row < tile.height; row++) {
            to = writeRun(tile.width, to);
        }
        return to;
    }

    private int encodeEmptyPlane(int start) {
        int to = start;
        for (int row = 0; row < tile.height; row++) {
            to = writeRun(tile.width, to);
        }
        return to;
    }

    /** Header, three planes, and the byte of padding that only raw planes have. */
    private int rawPlanesLength() {
        return 1 + 3 * tile.count() + 1;
    }

    private int storePlanes() {
        int count = tile.count();
        int first = tile.start();
        bytes[0] = NO_ALPHA;
        for (int i = 0; i < count; i++) {
            int pixel = tile.pixels[first + i];
            bytes[1 + i] = (byte) (pixel >>> 16);
            bytes[1 + count + i] = (byte) (pixel >>> 8);
            bytes[1 + 2 * count + i] = (byte) pixel;
        }
        bytes[1 + 3 * count] = 0;
        return rawPlanesLength();
    }

    private int storePixels() {
        return depth().store(tile.pixels, tile.start(), tile.count(), bytes, 0);
    }
}
