// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/** Writes the orders of an RLE_BITMAP_STREAM, each in its shortest form. Decides nothing. */
final class RleWriter {

    // The three forms of a header: code in the upper 3 or 4 bits with a short length, or a code for two bytes of
    // length.
    private static final int BACKGROUND = 0x00;
    private static final int FOREGROUND = 0x20;
    private static final int IMAGE = 0x40;
    private static final int COLOUR = 0x60;
    private static final int LITERAL = 0x80;
    private static final int SET_FOREGROUND = 0xc0;
    private static final int SET_IMAGE = 0xd0;
    private static final int DITHERED = 0xe0;
    private static final int MEGA_BACKGROUND = 0xf0;
    private static final int MEGA_FOREGROUND = 0xf1;
    private static final int MEGA_COLOUR = 0xf3;
    private static final int MEGA_LITERAL = 0xf4;
    private static final int MEGA_SET_FOREGROUND = 0xf6;
    private static final int MEGA_DITHERED = 0xf8;
    private static final int WHITE = 0xfd;
    private static final int BLACK = 0xfe;

    private static final int REGULAR_LENGTH = 31;
    private static final int LITE_LENGTH = 15;
    private static final int MAX_LENGTH = 0xffff;

    private final int pixelBytes;
    private byte[] bytes = new byte[0];
    private int[] colours;
    private int at;
    /** Where the newest plain foreground run begins and ends, and how many pixels it covers; -1 if there is none. */
    private int runStart;

    private int runEnd;
    private int runLength;

    RleWriter(int pixelBytes) {
        this.pixelBytes = pixelBytes;
    }

    /** Begins a stream for {@code count} pixels; literal orders take theirs from {@code colours}. */
    void begin(int[] pixels, int count) {
        colours = pixels;
        at = 0;
        runStart = -1;
        // No order is longer than a header byte and a pixel for each pixel it covers, but for the last one's header.
        int most = count * (pixelBytes + 1) + 64;
        if (bytes.length < most) {
            bytes = new byte[most];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return at;
    }

    void background(int length) {
        header(BACKGROUND, REGULAR_LENGTH, MEGA_BACKGROUND, length);
    }

    void foreground(int length) {
        runStart = at;
        runLength = length;
        header(FOREGROUND, REGULAR_LENGTH, MEGA_FOREGROUND, length);
        runEnd = at;
    }

    /**
     * Ends the stream. IronRDP's decoder, before its commit ad192807, wants a pixel's bytes after any foreground run, also
     * after one that brings no colour: a run with fewer behind it is written as one that sets the colour it has anyway. Only
     * the newest run can need that, since those before it have it behind them.
     *
     * @param foreground the foreground colour at the end. It is that of the newest run, too, if the run needs another form:
     *     an order that sets another colour is at least a pixel long
     */
    void finish(int foreground) {
        int behind = at - runEnd;
        if (runStart < 0 || behind >= pixelBytes) {
            return;
        }
        int tail = 0;
        for (int i = 0; i < behind; i++) {
            tail |= (bytes[runEnd + i] & 0xff) << 8 * i;
        }
        at = runStart;
        setForeground(runLength, foreground);
        for (int i = 0; i < behind; i++) {
            bytes[at++] = (byte) (tail >>> 8 * i);
        }
    }

    void setForeground(int length, int foreground) {
        header(SET_FOREGROUND, LITE_LENGTH, MEGA_SET_FOREGROUND, length);
        pixel(foreground);
    }

    void colour(int length, int colour) {
        header(COLOUR, REGULAR_LENGTH, MEGA_COLOUR, length);
        pixel(colour);
    }

    void dithered(int pairs, int first, int second) {
        header(DITHERED, LITE_LENGTH, MEGA_DITHERED, pairs);
        pixel(first);
        pixel(second);
    }

    void blackOrWhite(boolean black) {
        bytes[at++] = (byte) (black ? BLACK : WHITE);
    }

    /** Pixels as they are; without effect if there are none. */
    void literal(int from, int to) {
        int next = from;
        while (next < to) {
            int length = Math.min(to - next, MAX_LENGTH);
            header(LITERAL, REGULAR_LENGTH, MEGA_LITERAL, length);
            for (int i = next; i < next + length; i++) {
                pixel(colours[i]);
            }
            next += length;
        }
    }

    /**
     * A bit for each pixel: set for foreground, the lowest bit first.
     *
     * @param length 1 to 256: lengths here count eights, or ones in a byte of their own, less one
     */
    void image(int[] flipped, int from, int length, boolean sets, int foreground) {
        int code = sets ? SET_IMAGE : IMAGE;
        int shortest = sets ? LITE_LENGTH : REGULAR_LENGTH;
        if ((length & 7) == 0 && length >> 3 <= shortest) {
            bytes[at++] = (byte) (code | length >> 3);
        } else {
            bytes[at++] = (byte) code;
            bytes[at++] = (byte) (length - 1);
        }
        if (sets) {
            pixel(foreground);
        }
        for (int i = from; i < from + length; i += 8) {
            int mask = 0;
            for (int bit = Math.min(8, from + length - i) - 1; bit >= 0; bit--) {
                mask = mask << 1 | (flipped[i + bit] == 0 ? 0 : 1);
            }
            bytes[at++] = (byte) mask;
        }
    }

    /** A length of 0 in the code's byte announces a byte that holds what is above the short lengths. */
    private void header(int code, int shortLength, int megaCode, int length) {
        if (length <= shortLength) {
            bytes[at++] = (byte) (code | length);
        } else if (length <= shortLength + 256) {
            bytes[at++] = (byte) code;
            bytes[at++] = (byte) (length - shortLength - 1);
        } else {
            bytes[at++] = (byte) megaCode;
            bytes[at++] = (byte) length;
            bytes[at++] = (byte) (length >>> 8);
        }
    }

    private void pixel(int value) {
        bytes[at++] = (byte) value;
        bytes[at++] = (byte) (value >>> 8);
        if (pixelBytes == 3) {
            bytes[at++] = (byte) (value >>> 16);
        }
    }
}
