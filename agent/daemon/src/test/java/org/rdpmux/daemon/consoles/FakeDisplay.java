// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.KeyboardTraits;

/** A display that has its screen at once, or fails at once. */
public final class FakeDisplay implements GuestDisplay {

    private final int width;
    private final int height;
    private final String failure;
    private volatile boolean closed;

    private FakeDisplay(int width, int height, String failure) {
        this.width = width;
        this.height = height;
        this.failure = failure;
    }

    public static FakeDisplay of(int width, int height) {
        return new FakeDisplay(width, height, "");
    }

    public static FakeDisplay failing(String reason) {
        return new FakeDisplay(0, 0, reason);
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void start(Listener listener) {
        if (failure.isEmpty()) {
            listener.resized(new ArrayFramebuffer(width, height));
        } else {
            listener.failed(failure);
        }
    }

    @Override
    public void setActive(boolean active) {}

    @Override
    public KeyboardTraits keyboard() {
        return new KeyboardTraits(true, 0);
    }

    @Override
    public void send(InputEvent event) {}

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String kind() {
        return "fake";
    }
}
