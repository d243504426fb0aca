// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.util.Arrays;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;

/**
 * The pixels of a screen that a VNC server shows, black until it sends some. Takes memory only then: to learn a screen's size
 * costs none. The display's loop writes {@link #pixels}; any thread reads.
 */
final class VncFramebuffer implements Framebuffer {

    private final int width;
    private final int height;
    private volatile int[] pixels;

    private VncFramebuffer(int width, int height, int[] pixels) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    VncFramebuffer(int width, int height) {
        this(width, height, null);
    }

    /**
     * The screen after a change of its size, in the same memory if that is large enough and not much too large. Whoever still
     * reads the screen of before sees rubbish until it hears of this one.
     */
    VncFramebuffer resized(int newWidth, int newHeight) {
        int[] old = pixels;
        int size = newWidth * newHeight;
        if (old == null || old.length < size || old.length / 2 > size) {
            return new VncFramebuffer(newWidth, newHeight);
        }
        Arrays.fill(old, 0);
        return new VncFramebuffer(newWidth, newHeight, old);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /** {@code 0x00RRGGBB} row by row without gaps, to write to; may be longer than the screen. */
    int[] pixels() {
        if (pixels == null) {
            pixels = new int[width * height];
        }
        return pixels;
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
