// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * RLEX, [MS-RDPEGFX] 2.2.4.1.1.3.1.1 (CLEARCODEC_SUBCODEC_RLEX): a palette, then segments. A segment is a run of one colour,
 * then a suite: pixels whose palette entries follow on each other, the first of which is the run's.
 */
final class Rlex {

    /** Bytes behind the limit that {@link #write} may have begun to fill: a segment. */
    static final int MARGIN = 8;

    /** Fewest palette entries: decoders differ in how many bits an index into a palette of one has. */
    private static final int MIN_ENTRIES = 2;

    private final Palette palette = new Palette();
    private byte[] indices = new byte[0];
    private int count;

    /**
     * Takes a rectangle over.
     *
     * @return whether it can be written: it has no more than {@value Palette#MAX_COLOURS} colours
     */
    boolean load(int[] pixels, int offset, int stride, int width, int height) {
        count = width * height;
        if (indices.length < count) {
            indices = new byte[count];
        }
        palette.clear();
        int last = -1;
        int index = 0;
        int to = 0;
        for (int y = 0; y < height; y++) {
            int row = offset + y * stride;
            for (int i = row; i < row + width; i++) {
                int colour = pixels[i] & 0xffffff;
                if (colour != last) {
                    index = palette.add(colour);
                    last = colour;
                    if (index < 0) {
                        return false;
                    }
                }
                indices[to++] = (byte) index;
            }
        }
        return true;
    }

    /**
     * Writes the rectangle that was loaded.
     *
     * @param limit where in {@code out} to give up; {@link #MARGIN} bytes more may be overwritten
     * @return where in {@code out} it ends, or -1 if that is beyond {@code limit}
     */
    int write(byte[] out, int start, int limit) {
        int colours = Math.max(palette.count(), MIN_ENTRIES);
        if (start + 1 + 3 * colours > limit) {
            return -1;
        }
        int to = writePalette(out, start, colours);
        int indexBits = 32 - Integer.numberOfLeadingZeros(colours - 1);
        int maxDepth = (1 << 8 - indexBits) - 1;
        int from = 0;
        while (from < count) {
            byte first = indices[from];
            int next = from + 1;
            while (next < count && indices[next] == first) {
                next++;
            }
            int run = next - 1 - from;
            int stop = first;
            while (next < count && indices[next] == stop + 1 && stop - first < maxDepth) {
                stop++;
                next++;
            }
            out[to++] = (byte) (stop - first << indexBits | stop);
            to = RunLength.write(run, out, to);
            if (to > limit) {
                return -1;
            }
            from = next;
        }
        return to;
    }

    private int writePalette(byte[] out, int start, int entries) {
        int to = start;
        out[to++] = (byte) entries;
        for (int i = 0; i < entries; i++) {
            int colour = palette.colour(Math.min(i, palette.count() - 1));
            out[to++] = (byte) colour;
            out[to++] = (byte) (colour >>> 8);
            out[to++] = (byte) (colour >>> 16);
        }
        return to;
    }
}
