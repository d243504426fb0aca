// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

/**
 * How exact one client's picture is to be, by what its link takes: whether what moves has to come with a greater loss, and
 * whether what is large may come with a loss at first. Goes back slowly, so that a picture does not change its looks again and
 * again. Reads no clock; used by one thread.
 */
final class PictureQuality {

    /** Rate at which what moves is to be shown. */
    private static final int PICTURES_PER_SECOND = 25;

    /** Bytes of a tile that is sent exactly, between those of text and those of a photo. */
    private static final int EXACT_TILE_BYTES = 4096;

    /** Pixels that take longer come with a loss first: {@value #EXACT_PARTS} to a second. */
    private static final int EXACT_PARTS = 4;

    /** Bytes in a second, from which on they cost less than the time it takes to save a third of them. */
    private static final double FAST = 3e6;

    /** How much faster than needed the link has to be, and for how long, before the loss becomes less again. */
    private static final double MARGIN = 1.5;

    private static final long MARGIN_NANOS = 3_000_000_000L;

    private boolean low;
    private boolean coarse;
    private long lackedAt;

    /**
     * Decides anew.
     *
     * @param rate bytes that the link takes in a second; 0 if that is not known
     * @param picture bytes that all of what moves and cannot be copied takes with the usual loss
     * @param stale tiles that the client lacks, not counting small changes, what comes as a stream, and what has a loss only
     */
    void update(double rate, double picture, int stale, long now) {
        if (rate <= 0) {
            return;
        }
        double needed = picture * PICTURES_PER_SECOND;
        coarse = stale > 0 && (coarse || (double) stale * EXACT_TILE_BYTES * EXACT_PARTS > rate);
        if (coarse || needed > rate) {
            low = true;
            lackedAt = now;
        } else if (needed * MARGIN > rate) {
            lackedAt = now;
        } else if (now - lackedAt > MARGIN_NANOS) {
            low = false;
        }
    }

    /** Whether bytes matter more than time. @param rate see {@link #update} */
    boolean isSlow(double rate) {
        return low || rate > 0 && rate < FAST;
    }

    /** Whether a loss is to be the greater one. */
    boolean isLow() {
        return low;
    }

    /** Whether what is large may come with a loss, to become exact later. */
    boolean isCoarse() {
        return coarse;
    }
}
