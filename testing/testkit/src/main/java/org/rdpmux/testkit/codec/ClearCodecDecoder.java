// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

import java.util.Arrays;

/**
 * Decodes ClearCodec bitmaps, [MS-RDPEGFX] 2.2.4.1 (CLEARCODEC_BITMAP_STREAM), one connection's after the other. Takes what
 * needs no cache, and refuses glyphs and bands: whoever sends them could not share the bytes between connections.
 */
public final class ClearCodecDecoder {

    private static final int SUBCODEC_UNCOMPRESSED = 0;
    private static final int SUBCODEC_RLEX = 2;

    private int sequenceNumber = -1;
    private BitmapBytes in;
    private int[] pixels;
    private int stride;

    /**
     * Decodes the connection's next bitmap.
     *
     * @return the pixels row by row from the top, {@code 0x00RRGGBB}; -1 where the bitmap leaves what was there
     * @throws BitmapFormatException if the bytes are not exactly one bitmap of this size, or out of sequence
     */
    public int[] decode(byte[] data, int width, int height) {
        in = new BitmapBytes(data);
        stride = width;
        pixels = new int[width * height];
        Arrays.fill(pixels, -1);
        int flags = in.unsignedByte("flags");
        if (flags != 0) {
            throw new BitmapFormatException("flags " + flags + " need caches");
        }
        int sequence = in.unsignedByte("seqNumber");
        if (sequenceNumber >= 0 && sequence != (sequenceNumber + 1 & 0xff)) {
            throw new BitmapFormatException("sequence number " + sequence + " after " + sequenceNumber);
        }
        sequenceNumber = sequence;
        int residual = count("residualByteCount");
        int bands = count("bandsByteCount");
        int subcodecs = count("subcodecByteCount");
        if (bands != 0) {
            throw new BitmapFormatException("bands need caches");
        }
        if (residual > 0) {
            residual(residual);
        }
        int end = in.position() + subcodecs;
        while (in.position() < end) {
            subcodec(width, height);
        }
        if (in.position() != end || !in.isEmpty()) {
            throw new BitmapFormatException("the layers end at " + in.position() + " of " + data.length);
        }
        return pixels;
    }

    private int count(String what) {
        int value = in.little(4, what);
        if (value < 0 || value > in.left()) {
            throw new BitmapFormatException(what + " is " + value + ", there are " + in.left());
        }
        return value;
    }

    private void residual(int length) {
        int end = in.position() + length;
        int at = 0;
        while (in.position() < end) {
            int colour = in.little(3, "colour");
            int run = runLength();
            fill(at, run, colour, stride, 0);
            at += run;
        }
        if (in.position() != end || at != pixels.length) {
            throw new BitmapFormatException("a residual of " + at + " pixels up to byte " + in.position());
        }
    }

    /** Pixels {@code from} on of a rectangle that begins at {@code origin}. */
    private void fill(int from, int run, int colour, int width, int origin) {
        if (run < 0 || from + run > pixels.length) {
            throw new BitmapFormatException("a run of " + run + " at " + from);
        }
        for (int i = from; i < from + run; i++) {
            pixels[origin + i / width * stride + i % width] = colour;
        }
    }

    private int runLength() {
        int run = in.unsignedByte("runLengthFactor1");
        if (run < 0xff) {
            return run;
        }
        run = in.little(2, "runLengthFactor2");
        return run < 0xffff ? run : in.little(4, "runLengthFactor3");
    }

    private void subcodec(int width, int height) {
        int left = in.little(2, "xStart");
        int top = in.little(2, "yStart");
        int partWidth = in.little(2, "width");
        int partHeight = in.little(2, "height");
        int length = count("bitmapDataByteCount");
        int id = in.unsignedByte("subCodecId");
        if (partWidth < 1 || partHeight < 1 || left + partWidth > width || top + partHeight > height) {
            throw new BitmapFormatException(
                    "a subcodec's " + partWidth + "x" + partHeight + " at " + left + "," + top + " lies outside");
        }
        int end = in.position() + length;
        int origin = top * stride + left;
        switch (id) {
            case SUBCODEC_UNCOMPRESSED -> uncompressed(origin, partWidth, partHeight);
            case SUBCODEC_RLEX -> rlex(end, origin, partWidth, partHeight);
            default -> throw new BitmapFormatException("subCodecId " + id);
        }
        if (in.position() != end) {
            throw new BitmapFormatException("a subcodec ends at " + in.position() + " and not at " + end);
        }
    }

    private void uncompressed(int origin, int width, int height) {
        for (int i = 0; i < width * height; i++) {
            fill(i, 1, in.little(3, "pixel"), width, origin);
        }
    }

    private void rlex(int end, int origin, int width, int height) {
        int[] palette = new int[in.unsignedByte("paletteCount")];
        if (palette.length < 2 || palette.length > 127) {
            throw new BitmapFormatException("a palette of " + palette.length);
        }
        for (int i = 0; i < palette.length; i++) {
            palette[i] = in.little(3, "paletteEntries");
        }
        int indexBits = 32 - Integer.numberOfLeadingZeros(palette.length - 1);
        int count = width * height;
        int at = 0;
        while (in.position() < end) {
            int indexAndDepth = in.unsignedByte("stopIndex, suiteDepth");
            int stop = indexAndDepth & (1 << indexBits) - 1;
            int start = stop - (indexAndDepth >> indexBits);
            int run = runLength();
            if (start < 0 || stop >= palette.length || at + run + stop - start + 1 > count) {
                throw new BitmapFormatException(start + " to " + stop + " after a run of " + run + " at " + at);
            }
            fill(at, run, palette[start], width, origin);
            at += run;
            for (int index = start; index <= stop; index++) {
                fill(at++, 1, palette[index], width, origin);
            }
        }
        if (at != count) {
            throw new BitmapFormatException(at + " pixels for " + width + "x" + height);
        }
    }
}
