// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.function.BooleanSupplier;

/** Passes on what a display reports, while the display is open. */
public final class OpenListener implements GuestDisplay.Listener {

    private final GuestDisplay.Listener hears;
    private final BooleanSupplier open;

    /** @param open whether the display is; asked by the thread that reports */
    public OpenListener(GuestDisplay.Listener hears, BooleanSupplier open) {
        this.hears = hears;
        this.open = open;
    }

    @Override
    public void resized(Framebuffer framebuffer) {
        if (open.getAsBoolean()) {
            hears.resized(framebuffer);
        }
    }

    @Override
    public void damaged(Rect area) {
        if (open.getAsBoolean()) {
            hears.damaged(area);
        }
    }

    @Override
    public void moved(Rect to, int dx, int dy) {
        if (open.getAsBoolean()) {
            hears.moved(to, dx, dy);
        }
    }

    @Override
    public void pointer(PointerShape shape) {
        if (open.getAsBoolean()) {
            hears.pointer(shape);
        }
    }

    @Override
    public void locks(LockKeys locks) {
        if (open.getAsBoolean()) {
            hears.locks(locks);
        }
    }

    @Override
    public void clipboard(ClipboardEvent event) {
        if (open.getAsBoolean()) {
            hears.clipboard(event);
        }
    }

    @Override
    public void sound(SoundBlock block) {
        if (open.getAsBoolean()) {
            hears.sound(block);
        }
    }

    @Override
    public void failed(String reason) {
        if (open.getAsBoolean()) {
            hears.failed(reason);
        }
    }
}
