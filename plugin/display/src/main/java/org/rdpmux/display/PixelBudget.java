// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many pixels the screens of all guests may keep in memory together, four bytes each. Guests choose the sizes of their
 * screens; the one whose screen does not fit is told so, and the others go on. Safe for all threads.
 */
public final class PixelBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /** @param limit in pixels, 1 or more */
    public PixelBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a budget of " + limit + " pixels");
        }
        this.limit = limit;
    }

    /** A budget that has room for every screen. */
    public static PixelBudget unlimited() {
        return new PixelBudget(Long.MAX_VALUE);
    }

    /** Pixels that are reserved. */
    public long used() {
        return used.get();
    }

    /**
     * Sets pixels aside for one picture of a screen; takes no memory yet.
     *
     * @param width 1 or more
     * @param height likewise; the product is an {@code int}
     * @throws PixelsUnavailableException if the budget has no room for them
     */
    public Share reserve(int width, int height) {
        int pixels = Math.multiplyExact(width, height);
        long before = used.getAndAccumulate(pixels, (now, more) -> more <= limit - now ? now + more : now);
        if (pixels > limit - before) {
            throw new PixelsUnavailableException(
                    "the host's pixel budget (limits.megapixels) has no room for a screen of " + width + "x" + height);
        }
        return new Share(width, height);
    }

    /** Pixels that were set aside. Used by one thread. */
    public final class Share implements AutoCloseable {

        private final int width;
        private final int height;
        private boolean closed;

        private Share(int width, int height) {
            this.width = width;
            this.height = height;
        }

        /** Number of pixels. */
        public int pixels() {
            return width * height;
        }

        /**
         * Memory for the pixels, all zero.
         *
         * @throws PixelsUnavailableException if there is none: the process can go on, since what was asked for is large
         */
        public int[] allocate() {
            try {
                return new int[width * height];
            } catch (OutOfMemoryError e) {
                throw new PixelsUnavailableException("there is no memory for a screen of " + width + "x" + height);
            }
        }

        /** Gives the pixels back: whoever has their memory lets go of it. Idempotent. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                used.addAndGet(-pixels());
            }
        }
    }
}
