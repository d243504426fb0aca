// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.util.Arrays;
import org.rdpmux.pdu.bitmap.BitmapData;
import org.rdpmux.pdu.bitmap.BitmapUpdate;
import org.rdpmux.testkit.codec.BitmapDecoder;

/** What the client's window shows. Guarded by its client. */
final class ClientScreen {

    /** Never drawn since the last activation: no server can send this colour. */
    static final int UNDRAWN = 0xff000000;

    private int width;
    private int height;
    private int[] pixels = new int[0];

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int[] copy() {
        return pixels.clone();
    }

    void resize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        pixels = new int[width * height];
        Arrays.fill(pixels, UNDRAWN);
    }

    /** Draws one rectangle of an update; answers what is wrong with it, or nothing. */
    String draw(BitmapUpdate.Rectangle rectangle, int sessionBits) {
        BitmapData data = rectangle.data();
        int[] bitmap = BitmapDecoder.decode(
                rectangle.pixels(),
                data.bitsPerPixel(),
                data.compression() != BitmapData.Compression.NONE,
                data.width(),
                data.height());
        int drawnWidth = Math.min(data.right() - data.left() + 1, data.width());
        int drawnHeight = Math.min(data.bottom() - data.top() + 1, data.height());
        for (int y = 0; y < drawnHeight && data.top() + y < height; y++) {
            for (int x = 0; x < drawnWidth && data.left() + x < width; x++) {
                pixels[(data.top() + y) * width + data.left() + x] = bitmap[y * data.width() + x];
            }
        }
        if (data.bitsPerPixel() != sessionBits) {
            return data.bitsPerPixel() + " bits per pixel in a session of " + sessionBits;
        }
        if (data.right() >= width || data.bottom() >= height) {
            return "rectangle beyond the desktop: " + data;
        }
        if (data.right() - data.left() >= data.width() || data.bottom() - data.top() >= data.height()) {
            return "rectangle larger than its bitmap: " + data;
        }
        return "";
    }
}
