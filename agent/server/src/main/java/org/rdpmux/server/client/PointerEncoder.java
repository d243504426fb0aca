// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rdpmux.codec.PointerBitmap;
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
        boolean anyDepth = pointer.newCacheSize() > 0;
        int limit = pointer.large96() && fits(PointerBitmap.MEDIUM, anyDepth ? 32 : 24)
                ? PointerBitmap.MEDIUM
                : PointerBitmap.SMALL;
        if (longest > limit && pointer.large384() && fits(longest, 32)) {
            PointerBitmap bitmap = PointerBitmap.alpha(image, longest);
            return new LargePointer(bitmap.bitsPerPixel(), pixels(bitmap, index));
        }
        if (!anyDepth) {
            return new ColorPointer(pixels(PointerBitmap.colour(image, limit), index));
        }
        PointerBitmap bitmap = PointerBitmap.alpha(image, limit);
        return new NewPointer(bitmap.bitsPerPixel(), pixels(bitmap, index));
    }

    private boolean fits(int side, int bitsPerPixel) {
        int masks = PointerPixels.maskSize(side, side, bitsPerPixel) + PointerPixels.maskSize(side, side, 1);
        return masks + 32 <= maxUpdate;
    }

    private static PointerPixels pixels(PointerBitmap bitmap, int index) {
        return new PointerPixels(
                index,
                bitmap.hotX(),
                bitmap.hotY(),
                bitmap.width(),
                bitmap.height(),
                bitmap.xorMask(),
                bitmap.andMask());
    }
}
