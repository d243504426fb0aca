// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;

/** A viewer that reads what it is told has changed, and nothing else. */
class ScreenFollower implements GuestDisplay.Listener {

    final List<Framebuffer> modes = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();
    final AtomicLong damages = new AtomicLong();
    final AtomicLong shortReads = new AtomicLong();
    volatile boolean pointer;
    private volatile Framebuffer framebuffer;
    private int[] pixels = {};

    @Override
    public void resized(Framebuffer now) {
        synchronized (this) {
            framebuffer = now;
            pixels = new int[now.width() * now.height()];
        }
        modes.add(now);
        copy(now.bounds());
    }

    @Override
    public void damaged(Rect area) {
        copy(area);
        damages.incrementAndGet();
    }

    private synchronized void copy(Rect area) {
        int width = framebuffer.width();
        if (!framebuffer.read(area, pixels, area.y() * width + area.x(), width)) {
            shortReads.incrementAndGet();
        }
    }

    synchronized int[] pixels() {
        return pixels.clone();
    }

    Framebuffer framebuffer() {
        return framebuffer;
    }

    @Override
    public void pointer(PointerShape shape) {
        pointer = true;
    }

    @Override
    public void failed(String reason) {
        failures.add(reason);
    }
}
