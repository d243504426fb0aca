// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/**
 * Live pixels of a guest's screen. They may change under the reader: a torn read is made good by the damage that the
 * change brings, which is reported after the change. Reading is safe from any thread and never faults, whatever the
 * guest does with the memory behind it.
 */
public interface Framebuffer {

    /** Width in pixels, 1 or more; never changes (a mode change brings a new Framebuffer). */
    int width();

    /** Height in pixels, 1 or more; never changes. */
    int height();

    /**
     * Copies an area, converted to {@code 0x00RRGGBB}.
     *
     * @param area inside the framebuffer
     * @param target receives the pixels row by row
     * @param offset index of the area's first pixel in {@code target}
     * @param stride distance of two rows in {@code target}, in pixels
     * @return false if the pixels are not to be had (the guest took its memory away); the target is then undefined
     * @throws IndexOutOfBoundsException if the area is not inside the framebuffer or does not fit the target
     */
    boolean read(Rect area, int[] target, int offset, int stride);

    /** The whole screen. */
    default Rect bounds() {
        return new Rect(0, 0, width(), height());
    }
}
