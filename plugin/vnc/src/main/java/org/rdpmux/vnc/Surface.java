// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.CountedFramebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.PixelsUnavailableException;
import org.rdpmux.display.Rect;

/** The screen being decoded into. INVARIANT: every area given to a decoder lies inside the current framebuffer. */
final class Surface implements AutoCloseable {

    /** Wider or higher screens do not fit an RDP desktop, nor any graphics card QEMU has. */
    static final int MAX_EDGE = 16384;
    /** 8K with some room, 141 MB: what one hostile ServerInit may make us allocate. */
    static final int MAX_PIXELS = 8192 * 4320;

    /**
     * How many pixels of new screens a server may make us allocate at once, and half of it each second: an 8K screen twice,
     * then once a second; a common one more often than any guest changes its mode. Asking costs the server twenty bytes.
     */
    private static final long MAX_ALLOWANCE = 2L * MAX_PIXELS;

    private static final long NANOS_TO_FILL = 2_000_000_000L;

    /** Two changes of the size within this time are part of a row of them. */
    private static final long OFTEN_NANOS = 10_000_000_000L;

    /** Bounds the memory for updates of many small rectangles. */
    private static final int MAX_CHANGES = 256;

    /**
     * How long the first part of an update waits for the rest. Shown by itself, it would cost a picture of its own, and the
     * rest would wait behind that; but a slow server's large update is to be seen as it comes.
     */
    private static final long TOGETHER_NANOS = 10_000_000;

    private final GuestDisplay.Listener listener;
    private final List<Change> changes = new ArrayList<>();
    private CountedFramebuffer framebuffer;
    private boolean active;
    private long allowance = MAX_ALLOWANCE;
    private long allowedAt;
    private long changedAt;
    /** Whether part of an update waits for the rest, and since when. */
    private boolean isWaiting;

    private long waitsSince;

    /**
     * @param pixels what the screen's pixels are counted by
     * @param active whether pixels are asked for
     * @param now in nanoseconds, as everywhere here from any fixed point
     */
    Surface(GuestDisplay.Listener listener, PixelBudget pixels, int width, int height, boolean active, long now) {
        this.listener = listener;
        this.active = active;
        allowedAt = now;
        changedAt = now - OFTEN_NANOS;
        framebuffer = new CountedFramebuffer(1, 1, pixels);
        replace("ServerInit", width, height, now);
    }

    void setActive(boolean nowActive) {
        active = nowActive;
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
    boolean resize(String structure, int width, int height, long now) {
        checkSize(structure, width, height);
        if (width == framebuffer.width() && height == framebuffer.height()) {
            return false;
        }
        replace(structure, width, height, now);
        return true;
    }

    private void replace(String structure, int width, int height, long now) {
        long elapsed = Math.max(0, Math.min(now - allowedAt, NANOS_TO_FILL));
        allowance = Math.min(MAX_ALLOWANCE, allowance + elapsed * MAX_ALLOWANCE / NANOS_TO_FILL) - width * height;
        allowedAt = now;
        if (allowance < 0) {
            throw violation(structure, "size", "changes too often");
        }
        changes.clear(); // all of the new screen counts as changed
        isWaiting = false;
        framebuffer = framebuffer.resized(width, height, now - changedAt < OFTEN_NANOS);
        changedAt = now;
        if (active) {
            reserve();
        }
        listener.resized(framebuffer);
    }

    Rect bounds() {
        return framebuffer.bounds();
    }

    int width() {
        return framebuffer.width();
    }

    int[] pixels() {
        try {
            return framebuffer.pixels();
        } catch (PixelsUnavailableException e) {
            throw noPixels(e);
        }
    }

    /** Before anybody hears of a screen that cannot be shown. */
    private void reserve() {
        try {
            framebuffer.reserve();
        } catch (PixelsUnavailableException e) {
            throw noPixels(e);
        }
    }

    private static RfbException noPixels(PixelsUnavailableException e) {
        return new RfbException("cannot be shown: " + e.getMessage());
    }

    @Override
    public void close() {
        framebuffer.close();
    }

    /** The pixels of this area, which may be empty, were written. */
    void written(Rect area) {
        note(new Change(area, 0, 0));
    }

    /** The pixels of this area, which may be empty, were copied from the one that lies dx to its left and dy above it. */
    void copied(Rect area, int dx, int dy) {
        if (dx != 0 || dy != 0) {
            note(new Change(area, dx, dy));
        }
    }

    private void note(Change change) {
        if (!change.area().isEmpty()) {
            changes.add(change);
            if (changes.size() == MAX_CHANGES) {
                report();
            }
        }
    }

    /** Reports what was written if it has waited for the rest of its update for long. To be called when no more has arrived. */
    void reportIfLate(long now) {
        if (changes.isEmpty()) {
            return;
        }
        if (!isWaiting) {
            isWaiting = true;
            waitsSince = now;
        } else if (now - waitsSince >= TOGETHER_NANOS) {
            report();
        }
    }

    /** Reports what was written, in order: an update is shown together. */
    void report() {
        for (Change change : changes) {
            if (change.dx() == 0 && change.dy() == 0) {
                listener.damaged(change.area());
            } else {
                listener.moved(change.area(), change.dx(), change.dy());
            }
        }
        changes.clear();
        isWaiting = false;
    }

    /** What happened to an area; not moved if both distances are 0. */
    private record Change(Rect area, int dx, int dy) {}
}
