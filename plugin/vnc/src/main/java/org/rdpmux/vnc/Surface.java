// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.Rect;

/** The screen being decoded into. INVARIANT: every area given to a decoder lies inside the current framebuffer. */
final class Surface {

    /** Wider or higher screens do not fit an RDP desktop, nor any graphics card QEMU has. */
    static final int MAX_EDGE = 16384;
    /** 8K with some room, 141 MB: what one hostile ServerInit may make us allocate. */
    static final int MAX_PIXELS = 8192 * 4320;

    private final GuestDisplay.Listener listener;
    private ArrayFramebuffer framebuffer;

    Surface(GuestDisplay.Listener listener, int width, int height) {
        this.listener = listener;
        replace(width, height);
    }

    static void checkSize(String structure, int width, int height) {
        if (width < 1 || width > MAX_EDGE) {
            throw violation(structure, "width", width + " is not 1 to " + MAX_EDGE);
        }
        if (height < 1 || height > MAX_EDGE) {
            throw violation(structure, "height", height + " is not 1 to " + MAX_EDGE);
        }
        if (width * height > MAX_PIXELS) {
            throw violation(structure, "size", width + "x" + height + " is more than " + MAX_PIXELS + " pixels");
        }
    }

    /** Takes the size if it is another one. Returns whether it was. */
    boolean resize(String structure, int width, int height) {
        checkSize(structure, width, height);
        if (width == framebuffer.width() && height == framebuffer.height()) {
            return false;
        }
        replace(width, height);
        return true;
    }

    private void replace(int width, int height) {
        framebuffer = new ArrayFramebuffer(width, height);
        listener.resized(framebuffer);
    }

    Rect bounds() {
        return framebuffer.bounds();
    }

    int width() {
        return framebuffer.width();
    }

    int[] pixels() {
        return framebuffer.pixels();
    }

    /** The pixels of this area, which may be empty, were written. */
    void written(Rect area) {
        if (!area.isEmpty()) {
            listener.damaged(area);
        }
    }
}
