// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.CountedFramebuffer;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PixelFormat;
import org.rdpmux.display.PixelsUnavailableException;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SharedFramebuffer;

/**
 * The guest's screen: pixels that came in messages, or QEMU's own in shared memory. The listener hears of none of it before
 * {@link #announce}. INVARIANT: what it hears of lies inside the screen that it heard of last. Belongs to one thread; others
 * read the framebuffers.
 */
final class QemuScreen implements PixelBody.Target, AutoCloseable {

    /** Wider or higher screens do not fit an RDP desktop, nor any graphics card QEMU has. */
    static final int MAX_EDGE = 16384;
    /** 8K with some room. */
    static final int MAX_PIXELS = 8192 * 4320;

    /** How often the screen may change its size within {@link #OFTEN_NANOS}: each time all viewers are sent it anew. */
    static final int MAX_RESIZES = 200;

    private static final long OFTEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Bounds the memory for messages of many small areas. */
    private static final int MAX_CHANGES = 256;

    private final GuestDisplay.Listener listener;
    private final PixelBudget budget;
    private final Runnable lost;
    private final List<Rect> changes = new ArrayList<>();

    /** What the listener heard of; null before. */
    private Shown shown;
    /** Where pixels in messages go; null while they are in shared memory. */
    private CountedFramebuffer counted;

    private SharedMemory memory;
    private boolean quiet = true;
    private int resizes;
    private long resizesSince;

    /** A screen of one size, whose pixels may move from messages to shared memory and back. */
    private static final class Shown implements Framebuffer {
        private final int width;
        private final int height;
        private volatile Framebuffer pixels;

        Shown(Framebuffer pixels) {
            this.width = pixels.width();
            this.height = pixels.height();
            this.pixels = pixels;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public int height() {
            return height;
        }

        @Override
        public boolean read(Rect area, int[] target, int offset, int stride) {
            return pixels.read(area, target, offset, stride);
        }
    }

    /**
     * @param budget what pixels in messages are counted by
     * @param lost runs, on any thread, when shared memory that is shown was taken away
     */
    QemuScreen(GuestDisplay.Listener listener, PixelBudget budget, Runnable lost) {
        this.listener = listener;
        this.budget = budget;
        this.lost = lost;
    }

    /** Checks what a message says of an area. */
    static Rect area(int x, int y, int width, int height) {
        if (x < 0 || x > MAX_EDGE || y < 0 || y > MAX_EDGE) {
            throw violation("area", "begins at " + x + "," + y);
        }
        if (width < 1 || width > MAX_EDGE || height < 1 || height > MAX_EDGE || width * height > MAX_PIXELS) {
            throw violation("area", "has a size of " + width + "x" + height);
        }
        return new Rect(x, y, width, height);
    }

    /** Checks a pixel format's number. */
    static PixelFormat format(int pixman) {
        try {
            return PixelFormat.ofPixman(pixman);
        } catch (IllegalArgumentException e) {
            throw new DbusException("has a screen that cannot be shown: " + e.getMessage());
        }
    }

    /** All of the screen; empty while nobody knows of one. */
    Rect bounds() {
        return shown == null ? Rect.EMPTY : shown.bounds();
    }

    /** The screen has this size and is black, as far as is known. Takes no memory. */
    void size(int width, int height, long now) {
        if (!bounds().equals(area(0, 0, width, height))) {
            CountedFramebuffer black = fresh(width, height);
            show(black, now);
            counted = black;
            drop();
        }
    }

    private CountedFramebuffer fresh(int width, int height) {
        return counted == null
                ? new CountedFramebuffer(width, height, budget)
                : counted.resized(width, height, resizes > 1);
    }

    private void show(Framebuffer pixels, long now) {
        if (shown != null && shown.width == pixels.width() && shown.height == pixels.height()) {
            shown.pixels = pixels;
            changes.clear();
            changes.add(shown.bounds());
            return;
        }
        if (now - resizesSince > OFTEN_NANOS) {
            resizesSince = now;
            resizes = 0;
        }
        if (++resizes > MAX_RESIZES) {
            throw violation("screen", "changes its size too often");
        }
        changes.clear();
        shown = new Shown(pixels);
        if (!quiet) {
            listener.resized(shown);
        }
    }

    /** The listener hears of the screen from now on. There has to be one. */
    void announce() {
        quiet = false;
        changes.clear();
        listener.resized(shown);
    }

    private void drop() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }

    @Override
    public boolean begin(boolean scanout, Rect area) {
        if (!scanout) {
            return counted != null && counted.bounds().contains(area);
        }
        if (counted == null || !counted.bounds().equals(area)) {
            counted = fresh(area.width(), area.height());
        }
        return true;
    }

    @Override
    public int[] pixels() {
        try {
            return counted.pixels();
        } catch (PixelsUnavailableException e) {
            throw new DbusException("cannot be shown: " + e.getMessage());
        }
    }

    @Override
    public int width() {
        return counted.width();
    }

    @Override
    public void end(boolean scanout, Rect area) {
        if (scanout && (shown == null || shown.pixels != counted)) {
            show(counted, System.nanoTime());
            drop();
        } else {
            damaged(area);
        }
    }

    /**
     * The screen is in this memory from now on.
     *
     * @param from the memory, which belongs to this from now on
     */
    void share(SharedMemory from, SharedFramebuffer.Layout layout) {
        SharedMemory before = memory;
        memory = from;
        show(new SharedFramebuffer(layout, from.source(lost)), System.nanoTime());
        if (counted != null) {
            counted.close();
            counted = null;
        }
        if (before != null) {
            before.close();
        }
    }

    /** Pixels in shared memory changed; the area is one that {@link #area} let pass. */
    void damaged(Rect area) {
        Rect visible = area.intersection(bounds());
        if (!visible.isEmpty()) {
            changes.add(visible);
            if (changes.size() == MAX_CHANGES) {
                report();
            }
        }
    }

    /** The guest shows nothing: the screen is black. */
    void blank() {
        if (shown != null) {
            Rect bounds = shown.bounds();
            CountedFramebuffer black = new CountedFramebuffer(bounds.width(), bounds.height(), budget);
            show(black, System.nanoTime());
            if (counted != null) {
                counted.close();
            }
            counted = black;
            drop();
        }
    }

    /** Reports what changed. What arrived together is reported together, so that it is shown together. */
    void report() {
        if (!quiet) {
            changes.forEach(listener::damaged);
        }
        changes.clear();
    }

    @Override
    public void close() {
        if (counted != null) {
            counted.close();
        }
        drop();
    }
}
