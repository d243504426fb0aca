// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

/**
 * How much a server may have us do before other displays have their turn on the loop. Most encodings cost as many bytes as
 * pixels; a CopyRect of sixteen bytes, or ZRLE at its best, has millions of pixels written, time and again.
 */
final class WorkSlice {

    /** A 4K screen whole: some milliseconds of writing, and more than most updates. */
    static final long PIXELS = 3840 * 2160;

    private long left = PIXELS;

    void begin() {
        left = PIXELS;
    }

    void spend(long pixels) {
        left -= pixels;
    }

    boolean isOver() {
        return left <= 0;
    }
}
