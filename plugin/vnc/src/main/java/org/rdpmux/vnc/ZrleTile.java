// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import java.util.Arrays;
import org.rdpmux.display.Rect;

/** One tile of ZRLE (RFC 6143 section 7.7.6), uncompressed: draws it if it is whole. */
final class ZrleTile {

    static final int EDGE = 64;
    /** Bytes of a CPIXEL in our pixel format: blue, green, red. */
    private static final int CPIXEL = 3;
    /** The largest a tile can be without breaking the rules: each pixel a run of its own. */
    static final int MAX_SIZE = 1 + EDGE * EDGE * (CPIXEL + 1);

    private static final int INCOMPLETE = -1;

    private final byte[] bytes;
    private final int limit;
    private int position;

    private final int[] pixels;
    private final int stride;
    private final Rect place;

    private ZrleTile(byte[] bytes, int from, int limit, Surface surface, Rect place) {
        this.bytes = bytes;
        this.position = from;
        this.limit = limit;
        this.pixels = surface.pixels();
        this.stride = surface.width();
        this.place = place;
    }

    /**
     * Draws the tile that begins at {@code from}.
     *
     * @param limit where the known bytes end
     * @param place inside the surface, at most 64x64
     * @return where the next tile begins, or -1 if bytes are missing (parts of the tile may have been drawn)
     */
    static int draw(byte[] bytes, int from, int limit, Surface surface, Rect place) {
        if (from == limit) {
            return INCOMPLETE;
        }
        ZrleTile tile = new ZrleTile(bytes, from, limit, surface, place);
        return tile.draw() ? tile.position : INCOMPLETE;
    }

    private boolean draw() {
        int subencoding = bytes[position++] & 0xff;
        if (subencoding == 0) {
            return raw();
        }
        if (subencoding == 1) {
            return solid();
        }
        if (subencoding <= 16) {
            return packedPalette(subencoding);
        }
        if (subencoding == 128) {
            return plainRuns();
        }
        if (subencoding >= 130) {
            return paletteRuns(subencoding - 128);
        }
        throw violation("ZRLE", "subencoding", subencoding + " has no meaning");
    }

    private boolean has(int count) {
        return limit - position >= count;
    }

    private int cpixel() {
        int p = position;
        position = p + CPIXEL;
        return bytes[p] & 0xff | (bytes[p + 1] & 0xff) << 8 | (bytes[p + 2] & 0xff) << 16;
    }

    private boolean raw() {
        if (!has(place.width() * place.height() * CPIXEL)) {
            return false;
        }
        for (int y = place.y(); y < place.bottom(); y++) {
            int to = y * stride + place.x();
            for (int end = to + place.width(); to < end; to++) {
                pixels[to] = cpixel();
            }
        }
        return true;
    }

    private boolean solid() {
        if (!has(CPIXEL)) {
            return false;
        }
        int colour = cpixel();
        for (int y = place.y(); y < place.bottom(); y++) {
            int from = y * stride + place.x();
            Arrays.fill(pixels, from, from + place.width(), colour);
        }
        return true;
    }

    private int[] palette(int size) {
        int[] palette = new int[size];
        for (int i = 0; i < size; i++) {
            palette[i] = cpixel();
        }
        return palette;
    }

    /** Indexes of 1, 2 or 4 bits, the leftmost pixel in the highest bits, rows begin at a byte. */
    private boolean packedPalette(int size) {
        int bits = size == 2 ? 1 : size <= 4 ? 2 : 4;
        int rowBytes = (place.width() * bits + 7) / 8;
        if (!has(size * CPIXEL + rowBytes * place.height())) {
            return false;
        }
        int[] palette = palette(size);
        int mask = (1 << bits) - 1;
        for (int y = place.y(); y < place.bottom(); y++) {
            int to = y * stride + place.x();
            for (int x = 0; x < place.width(); x++) {
                int bit = x * bits;
                int index = bytes[position + (bit >>> 3)] >>> (8 - bits - (bit & 7)) & mask;
                pixels[to + x] = colour(palette, index);
            }
            position += rowBytes;
        }
        return true;
    }

    private static int colour(int[] palette, int index) {
        if (index >= palette.length) {
            throw violation("ZRLE", "paletteIndex", index + " in a palette of " + palette.length);
        }
        return palette[index];
    }

    private boolean plainRuns() {
        int total = place.width() * place.height();
        for (int done = 0; done < total; ) {
            if (!has(CPIXEL + 1)) {
                return false;
            }
            int colour = cpixel();
            int length = runLength(total - done);
            if (length < 0) {
                return false;
            }
            fill(done, length, colour);
            done += length;
        }
        return true;
    }

    private boolean paletteRuns(int size) {
        if (!has(size * CPIXEL)) {
            return false;
        }
        int[] palette = palette(size);
        int total = place.width() * place.height();
        for (int done = 0; done < total; ) {
            if (!has(1)) {
                return false;
            }
            int index = bytes[position++] & 0xff;
            int length = index < 128 ? 1 : runLength(total - done);
            if (length < 0) {
                return false;
            }
            fill(done, length, colour(palette, index & 127));
            done += length;
        }
        return true;
    }

    /** One more than the sum of bytes up to and including the first that is not 255; -1 if bytes are missing. */
    private int runLength(int most) {
        int length = 1;
        while (has(1)) {
            int more = bytes[position++] & 0xff;
            length += more;
            if (length > most) {
                throw violation("ZRLE", "runLength", length + " with " + most + " pixels to go");
            }
            if (more != 255) {
                return length;
            }
        }
        return INCOMPLETE;
    }

    private void fill(int first, int length, int colour) {
        int row = first / place.width();
        int column = first % place.width();
        for (int left = length; left > 0; ) {
            int n = Math.min(left, place.width() - column);
            int from = (place.y() + row) * stride + place.x() + column;
            Arrays.fill(pixels, from, from + n, colour);
            left -= n;
            row++;
            column = 0;
        }
    }
}
