// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.Objects;
import java.util.Optional;
import org.rdpmux.display.PixelFormat;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SharedFramebuffer;
import org.rdpmux.librdpmux.wire.GuestMessage;
import org.rdpmux.librdpmux.wire.MalformedMessageException;

/**
 * What the shared memory holds: rows of {@code width} pixels without gaps, whatever padding the guest's own screen has.
 *
 * @param formatCode the pixel format's number in the pixman library, of a known format
 * @param width 1 to {@value #MAX_EDGE}
 * @param height 1 to {@value #MAX_EDGE}
 */
record ScreenMode(int formatCode, int width, int height) {

    /** What the library shares, whatever the mode: 4096 x 2048 pixels of 4 bytes. A larger screen cannot be in it. */
    static final long SHARED_BYTES = 4096L * 2048 * 4;

    static final int MAX_EDGE = 16384;

    ScreenMode {
        Objects.checkIndex(width - 1, MAX_EDGE);
        Objects.checkIndex(height - 1, MAX_EDGE);
        PixelFormat format = PixelFormat.ofPixman(formatCode);
        if ((long) width * height * format.bytes() > SHARED_BYTES) {
            throw new IllegalArgumentException(width + "x" + height + " is more than the shared memory holds");
        }
    }

    /** @throws MalformedMessageException for a mode that cannot be */
    static ScreenMode of(GuestMessage.SwitchMode message) {
        long format = message.format();
        long width = message.width();
        long height = message.height();
        if (width < 1 || width > MAX_EDGE || height < 1 || height > MAX_EDGE) {
            throw new MalformedMessageException("switch: screen of " + width + "x" + height);
        }
        if (format != (int) format) {
            throw new MalformedMessageException("switch: pixel format 0x" + Long.toHexString(format));
        }
        try {
            return new ScreenMode((int) format, (int) width, (int) height);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("switch: " + e.getMessage());
        }
    }

    PixelFormat format() {
        return PixelFormat.ofPixman(formatCode);
    }

    int rowBytes() {
        return width * format().bytes();
    }

    long bytes() {
        return (long) rowBytes() * height;
    }

    SharedFramebuffer.Layout layout() {
        return new SharedFramebuffer.Layout(width, height, 0, rowBytes(), format());
    }

    Rect bounds() {
        return new Rect(0, 0, width, height);
    }

    /**
     * The part of the screen that an update means; empty if none. Sizes that were negative in the guest, or are beyond
     * any screen, say that something changed but not where: they mean all of it.
     */
    Optional<Rect> changed(GuestMessage.Update update) {
        if (isNonsense(update.x())
                || isNonsense(update.y())
                || isNonsense(update.width())
                || isNonsense(update.height())) {
            return Optional.of(bounds());
        }
        Rect area = new Rect((int) update.x(), (int) update.y(), (int) update.width(), (int) update.height())
                .intersection(bounds());
        return area.isEmpty() ? Optional.empty() : Optional.of(area);
    }

    private static boolean isNonsense(long value) {
        return value < 0 || value > 4L * MAX_EDGE;
    }
}
