// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * The run lengths of ClearCodec ([MS-RDPEGFX] 2.2.4.1.1.1.1, CLEARCODEC_RGB_RUN_SEGMENT): a byte, or 255 and two bytes, or 255,
 * two bytes of 255 and four bytes.
 */
final class RunLength {

    private static final int IN_TWO_BYTES = 0xff;
    private static final int IN_FOUR_BYTES = 0xffff;

    private RunLength() {}

    static int size(int length) {
        if (length < IN_TWO_BYTES) {
            return 1;
        }
        return length < IN_FOUR_BYTES ? 3 : 7;
    }

    /** Returns where it ends. */
    static int write(int length, byte[] out, int start) {
        int to = start;
        if (length < IN_TWO_BYTES) {
            out[to++] = (byte) length;
            return to;
        }
        out[to++] = (byte) IN_TWO_BYTES;
        int shorter = Math.min(length, IN_FOUR_BYTES);
        out[to++] = (byte) shorter;
        out[to++] = (byte) (shorter >>> 8);
        if (length >= IN_FOUR_BYTES) {
            out[to++] = (byte) length;
            out[to++] = (byte) (length >>> 8);
            out[to++] = (byte) (length >>> 16);
            out[to++] = (byte) (length >>> 24);
        }
        return to;
    }
}
