// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.ArrayDeque;
import java.util.Deque;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.KeyboardTraits;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A look at a {@link Guest}. The guest's event loop is the display's thread; other threads post to it. */
final class LibrdpmuxDisplay implements GuestDisplay {

    private static final Logger LOG = LoggerFactory.getLogger(LibrdpmuxDisplay.class);

    /** Seconds of frantic typing. Motion takes one place however much there is; what comes on top is dropped. */
    private static final int MAX_WAITING_INPUT = 512;

    /**
     * No characters, and a least time between two keys. These guests are QEMUs that pass keys straight on to a keyboard that
     * holds 16 bytes, three for a key that is pressed and released, and loses more than that: 160 ms worth of them at this
     * rate.
     */
    private static final KeyboardTraits KEYBOARD = new KeyboardTraits(false, 15_000_000);

    private final Guest guest;
    private final Deque<InputEvent> waitingInput = new ArrayDeque<>(); // guarded by itself
    private boolean inputPosted; // guarded by waitingInput
    private volatile boolean closed;

    // of the guest's event loop
    private Listener listener;
    private boolean active = true;
    private int frameRate;

    LibrdpmuxDisplay(Guest guest, int frameRate) {
        this.guest = guest;
        this.frameRate = frameRate;
    }

    @Override
    public void start(Listener newListener) {
        boolean posted = guest.post(() -> {
            listener = newListener;
            guest.attach(this);
        });
        if (!posted) {
            newListener.failed(Guest.ENDED);
        }
    }

    @Override
    public void setActive(boolean nowActive) {
        guest.post(() -> {
            if (active != nowActive) {
                active = nowActive;
                guest.activityChanged(this);
            }
        });
    }

    @Override
    public void setFrameRate(int framesPerSecond) {
        guest.post(() -> {
            frameRate = framesPerSecond;
            guest.rateChanged();
        });
    }

    @Override
    public KeyboardTraits keyboard() {
        return KEYBOARD;
    }

    @Override
    public void send(InputEvent event) {
        synchronized (waitingInput) {
            if (event instanceof InputEvent.PointerMove && waitingInput.peekLast() instanceof InputEvent.PointerMove) {
                waitingInput.removeLast();
            } else if (waitingInput.size() == MAX_WAITING_INPUT) {
                return;
            }
            waitingInput.addLast(event);
            if (inputPosted) {
                return;
            }
            inputPosted = true;
        }
        guest.post(this::passInput);
    }

    private void passInput() {
        while (true) {
            InputEvent event;
            synchronized (waitingInput) {
                event = waitingInput.pollFirst();
                inputPosted = event != null;
            }
            if (event == null) {
                return;
            }
            guest.input(event);
        }
    }

    @Override
    public void close() {
        closed = true;
        guest.post(() -> guest.detach(this));
    }

    @Override
    public String kind() {
        return "librdpmux " + guest.version().number();
    }

    // what follows is called on the guest's event loop

    boolean isActive() {
        return active && listener != null;
    }

    int frameRate() {
        return frameRate;
    }

    /** Guests do not tell what their pointer looks like, so that the client's own has to do. */
    void tellPointer() {
        tell(() -> listener.pointer(new PointerShape.Default()));
    }

    void tellResized(Framebuffer framebuffer) {
        tell(() -> listener.resized(framebuffer));
    }

    void tellDamaged(Rect area) {
        if (active) {
            tell(() -> listener.damaged(area));
        }
    }

    void tellFailed(String reason) {
        tell(() -> listener.failed(reason));
    }

    /** INVARIANT: a listener that throws must not keep an acknowledge from its guest. */
    private void tell(Runnable message) {
        if (closed || listener == null) {
            return;
        }
        try {
            message.run();
        } catch (RuntimeException e) {
            LOG.error("A viewer of {} failed", guest, e);
        }
    }
}
