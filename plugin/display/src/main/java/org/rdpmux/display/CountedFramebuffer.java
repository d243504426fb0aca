// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Arrays;

/**
 * The pixels of a screen that come over a wire, counted by a budget and black until some come. Takes memory only then: to learn
 * a screen's size costs none. The display's thread writes {@link #pixels} and closes; any thread reads.
 */
public final class CountedFramebuffer implements Framebuffer, AutoCloseable {

    private final int width;
    private final int height;
    private final PixelBudget budget;
    /** What the pixels are counted by; null before they are. */
    private PixelBudget.Share share;

    private volatile int[] pixels;

    /**
     * A black screen, not counted yet.
     *
     * @param width 1 or more
     * @param height 1 or more
     */
    public CountedFramebuffer(int width, int height, PixelBudget budget) {
        this.width = width;
        this.height = height;
        this.budget = budget;
    }

    /**
     * The screen after a change of its size, in the same memory if that is large enough and not much too large. Whoever still
     * reads the screen of before sees rubbish until it hears of this one.
     *
     * @param again whether the size has changed a moment ago, too: then memory is kept even if it is much too large
     */
    public CountedFramebuffer resized(int newWidth, int newHeight, boolean again) {
        CountedFramebuffer newest = new CountedFramebuffer(newWidth, newHeight, budget);
        int[] old = pixels;
        int size = newWidth * newHeight;
        if (old == null || old.length < size || !again && old.length / 2 > size) {
            close();
            return newest;
        }
        Arrays.fill(old, 0);
        newest.share = share;
        newest.pixels = old;
        return newest;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /**
     * Has the screen's pixels counted, so that memory can be had for them.
     *
     * @throws PixelsUnavailableException if the budget has no room
     */
    public void reserve() {
        if (share == null) {
            share = budget.reserve(width, height);
        }
    }

    /**
     * {@code 0x00RRGGBB} row by row without gaps, to write to; may be longer than the screen.
     *
     * @throws PixelsUnavailableException if there is no memory for them
     */
    public int[] pixels() {
        if (pixels == null) {
            reserve();
            pixels = share.allocate();
        }
        return pixels;
    }

    /** Its pixels no longer count. Idempotent. */
    @Override
    public void close() {
        if (share != null) {
            share.close();
        }
    }

    @Override
    public boolean read(Rect area, int[] target, int offset, int stride) {
        if (!bounds().contains(area)) {
            throw new IndexOutOfBoundsException(area + " is not inside " + width + "x" + height);
        }
        int[] source = pixels;
        for (int row = 0; row < area.height(); row++) {
            int to = offset + row * stride;
            if (source == null) {
                Arrays.fill(target, to, to + area.width(), 0);
                continue;
            }
            int from = (area.y() + row) * width + area.x();
            for (int i = 0; i < area.width(); i++) {
                target[to + i] = source[from + i] & 0xffffff;
            }
        }
        return true;
    }
}
