// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.Objects;

/**
 * A framebuffer in this process's own memory, {@code 0x00RRGGBB} in one array: what a backend keeps that receives pixels
 * over a wire. The backend's thread writes {@link #pixels}; readers see the change once its damage was reported.
 *
 * @param pixels row by row without gaps; the top byte of each pixel is ignored
 */
public record ArrayFramebuffer(int width, int height, int[] pixels) implements Framebuffer {

    public ArrayFramebuffer {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("screen of " + width + "x" + height);
        }
        Objects.checkFromIndexSize(0, Math.multiplyExact(width, height), pixels.length);
    }

    public ArrayFramebuffer(int width, int height) {
        this(width, height, new int[Math.multiplyExact(width, height)]);
    }

    @Override
    public boolean read(Rect area, int[] target, int offset, int stride) {
        if (!bounds().contains(area)) {
            throw new IndexOutOfBoundsException(area + " is not inside " + width + "x" + height);
        }
        for (int row = 0; row < area.height(); row++) {
            int from = (area.y() + row) * width + area.x();
            int to = offset + row * stride;
            for (int i = 0; i < area.width(); i++) {
                target[to + i] = pixels[from + i] & 0xffffff;
            }
        }
        return true;
    }
}
