// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import org.rdpmux.display.PixelBudget;

/**
 * What a guest's screen, or a part of it, showed at one moment, for a program. Its pixels count as those of the guest's screen
 * do, until it is closed. Used by one thread at a time.
 */
public final class ScreenPicture implements AutoCloseable {

    private final int width;
    private final int height;
    private final long version;
    private final PixelBudget.Share share;
    private int[] pixels;

    /**
     * Takes the memory.
     *
     * @param version see {@link #version}
     * @param share of the picture's size; becomes the picture's
     * @throws org.rdpmux.display.PixelsUnavailableException if there is no memory; the share is closed then
     */
    public ScreenPicture(int width, int height, long version, PixelBudget.Share share) {
        this.width = width;
        this.height = height;
        this.version = version;
        this.share = share;
        try {
            pixels = share.allocate();
        } finally {
            if (pixels == null) {
                share.close();
            }
        }
    }

    /** In pixels, 1 or more. */
    public int width() {
        return width;
    }

    /** In pixels, 1 or more. */
    public int height() {
        return height;
    }

    /** The {@link ScreenState#version} of the screen that it shows. */
    public long version() {
        return version;
    }

    /** {@code 0x00RRGGBB}, row by row without gaps; null once it is closed. */
    public int[] pixels() {
        return pixels;
    }

    @Override
    public void close() {
        pixels = null;
        share.close();
    }
}
