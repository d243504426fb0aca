// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rdpmux.display.PointerShape;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.pointer.ColorPointer;
import org.rdpmux.pdu.pointer.LargePointer;
import org.rdpmux.pdu.pointer.NewPointer;
import org.rdpmux.pdu.pointer.PointerPixels;
import org.rdpmux.pdu.pointer.PointerUpdate;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;

/**
 * Says a pointer's shape the best way one client understands, and remembers which shapes the client has. A shape larger
 * than the client takes is cut to the part around its hot spot. Used by one thread.
 */
final class PointerEncoder {

    /** Guests have a dozen shapes; more would only hold memory. */
    private static final int MAX_CACHE = 20;

    private static final int SMALL = 32;
    private static final int MEDIUM = 96;
    private static final int OPAQUE = 0xff000000;
    /** Clients without alpha show a pixel from this alpha up. */
    private static final int HALF = 0x80;

    private final ClientProfile.Pointer pointer;
    /** Bytes an update may have. */
    private final int maxUpdate;

    private final int cacheSize;
    /** Least recently used first. */
    private final Map<PointerShape, Integer> cache = new LinkedHashMap<>(16, 0.75f, true);

    PointerEncoder(ClientProfile.Pointer pointer, ClientProfile.Graphics graphics) {
        this.pointer = pointer;
        this.maxUpdate = graphics.fastPath()
                ? Math.max(graphics.maxUpdateSize(), FastPathHeaders.MAX_FRAGMENT)
                : Share.MAX_BODY - 4;
        int announced = pointer.newCacheSize() > 0 ? pointer.newCacheSize() : pointer.colorCacheSize();
        this.cacheSize = Math.min(announced, MAX_CACHE);
    }

    PointerUpdate encode(PointerShape shape) {
        if (shape instanceof PointerShape.Image image) {
            return image(image);
        }
        return shape instanceof PointerShape.Hidden ? new PointerUpdate.Hidden() : new PointerUpdate.Default();
    }

    private PointerUpdate image(PointerShape.Image image) {
        if (cacheSize == 0) {
            return new PointerUpdate.Default();
        }
        Integer known = cache.get(image);
        if (known != null) {
            return new PointerUpdate.Cached(known);
        }
        int index = cache.size();
        if (index == cacheSize) {
            var eldest = cache.entrySet().iterator();
            index = eldest.next().getValue();
            eldest.remove();
        }
        cache.put(image, index);
        return shape(image, index);
    }

    private PointerUpdate shape(PointerShape.Image image, int index) {
        int longest = Math.max(image.width(), image.height());
        int bitsPerPixel = pointer.newCacheSize() > 0 ? 32 : 24;
        int limit = pointer.large96() && fits(MEDIUM, bitsPerPixel) ? MEDIUM : SMALL;
        if (longest > limit && pointer.large384() && fits(longest, 32)) {
            return new LargePointer(32, pixels(image, index, longest, 32));
        }
        PointerPixels pixels = pixels(image, index, limit, bitsPerPixel);
        return bitsPerPixel == 32 ? new NewPointer(32, pixels) : new ColorPointer(pixels);
    }

    private boolean fits(int side, int bitsPerPixel) {
        int masks = PointerPixels.maskSize(side, side, bitsPerPixel) + PointerPixels.maskSize(side, side, 1);
        return masks + 32 <= maxUpdate;
    }

    /**
     * Both masks, bottom-up. Where the AND mask is set the colour is combined with the screen: black leaves it as it is,
     * white inverts it.
     */
    private static PointerPixels pixels(PointerShape.Image image, int index, int limit, int bitsPerPixel) {
        int width = Math.min(image.width(), limit);
        int height = Math.min(image.height(), limit);
        int left = start(image.hotX(), image.width(), width);
        int top = start(image.hotY(), image.height(), height);
        int xorRow = PointerPixels.rowSize(width, bitsPerPixel);
        int andRow = PointerPixels.rowSize(width, 1);
        byte[] xor = new byte[xorRow * height];
        byte[] and = new byte[andRow * height];
        for (int y = 0; y < height; y++) {
            int row = height - 1 - y;
            for (int x = 0; x < width; x++) {
                int source = (top + y) * image.width() + left + x;
                boolean inverted = image.inverted().length != 0 && image.inverted()[source];
                int argb = inverted ? 0xffffffff : flatten(image.pixels()[source], bitsPerPixel);
                if (inverted || argb == 0) {
                    and[row * andRow + x / 8] |= (byte) (0x80 >> x % 8);
                }
                int at = row * xorRow + x * (bitsPerPixel / 8);
                for (int i = 0; i < bitsPerPixel / 8; i++) {
                    xor[at + i] = (byte) (argb >>> 8 * i);
                }
            }
        }
        return new PointerPixels(index, image.hotX() - left, image.hotY() - top, width, height, xor, and);
    }

    /** Where a cut of {@code size} begins that has the hot spot in it, and as much before it as fits. */
    private static int start(int hot, int whole, int size) {
        return Math.max(0, Math.min(hot - size / 2, whole - size));
    }

    /** The pixel as the client shows it: 0 if it does not. */
    private static int flatten(int argb, int bitsPerPixel) {
        int alpha = argb >>> 24;
        if (bitsPerPixel == 32) {
            return alpha == 0 ? 0 : argb;
        }
        return alpha >= HALF ? argb | OPAQUE : 0;
    }
}
