// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.util.Arrays;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;

/**
 * The pixels of a screen that a VNC server shows, black until it sends some. Takes memory only then: to learn a screen's size
 * costs none. The display's loop writes {@link #pixels} and closes; any thread reads.
 */
final class VncFramebuffer implements Framebuffer, AutoCloseable {

    private final int width;
    private final int height;
    private final PixelBudget budget;
    /** What the pixels are counted by; null before they are. */
    private PixelBudget.Share share;

    private volatile int[] pixels;

    VncFramebuffer(int width, int height, PixelBudget budget) {
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
    VncFramebuffer resized(int newWidth, int newHeight, boolean again) {
        VncFramebuffer newest = new VncFramebuffer(newWidth, newHeight, budget);
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
     * @throws org.rdpmux.display.PixelsUnavailableException if the budget has no room
     */
    void reserve() {
        if (share == null) {
            share = budget.reserve(width, height);
        }
    }

    /**
     * {@code 0x00RRGGBB} row by row without gaps, to write to; may be longer than the screen.
     *
     * @throws org.rdpmux.display.PixelsUnavailableException if there is no memory for them
     */
    int[] pixels() {
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
