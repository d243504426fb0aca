// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rdpmux.display.Clipboard;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.KeyboardTraits;
import org.rdpmux.display.SizeRequests;
import org.rdpmux.display.Sound;

/** A display that does what a test says and remembers what it was told. */
public final class FakeDisplay implements GuestDisplay {

    public final List<InputEvent> input = new CopyOnWriteArrayList<>();
    /** What it was asked for. */
    public final List<String> sizes = new CopyOnWriteArrayList<>();

    public volatile Listener listener;
    public volatile boolean active = true;
    public volatile boolean closed;
    public volatile int frameRate;
    public volatile long keyGapNanos;

    @Override
    public void start(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void setActive(boolean nowActive) {
        active = nowActive;
    }

    @Override
    public void setFrameRate(int framesPerSecond) {
        frameRate = framesPerSecond;
    }

    @Override
    public KeyboardTraits keyboard() {
        return new KeyboardTraits(true, keyGapNanos);
    }

    @Override
    public Optional<SizeRequests> sizeRequests() {
        return Optional.of((width, height) -> sizes.add(width + "x" + height));
    }

    /** What its clipboard was told, once it is enabled. */
    public final List<ClipboardEvent> clipboard = new CopyOnWriteArrayList<>();

    public volatile int clipboardBytes;

    @Override
    public Optional<Clipboard> clipboard() {
        return Optional.of(new Clipboard() {
            @Override
            public void enable(int maxBytes) {
                clipboardBytes = maxBytes;
            }

            @Override
            public void send(ClipboardEvent event) {
                clipboard.add(event);
            }
        });
    }

    /** Whether it was told that somebody listens, each time. */
    public final List<Boolean> listening = new CopyOnWriteArrayList<>();

    @Override
    public Optional<Sound> sound() {
        return Optional.of(listening::add);
    }

    @Override
    public void send(InputEvent event) {
        input.add(event);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String kind() {
        return "fake";
    }
}
