// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;

/** Something moves on a guest's screen all the time, one scene after the other, on a thread of its own. */
final class Painting implements Closeable {

    private static final Duration FRAME = Duration.ofMillis(33);
    private static final int FRAMES_OF_A_SCENE = 20;

    private final VncGuest guest;
    private final List<Scene> scenes;
    private final Thread thread = new Thread(this::paint, "painting");
    private boolean paused;
    private boolean ended;
    private boolean inFrame;

    Painting(VncGuest guest, Scene... scenes) {
        this.guest = guest;
        this.scenes = List.of(scenes);
        thread.start();
    }

    private void paint() {
        for (int frame = 0; begins(); frame++) {
            scenes.get(frame / FRAMES_OF_A_SCENE % scenes.size()).paint(guest, frame);
            endFrame();
            Wait.pause(FRAME);
        }
    }

    private synchronized boolean begins() {
        while (paused && !ended) {
            await();
        }
        inFrame = !ended;
        return inFrame;
    }

    private synchronized void endFrame() {
        inFrame = false;
        notifyAll();
    }

    /** Returns once the screen has come to rest. */
    synchronized void pause() {
        paused = true;
        while (inFrame) {
            await();
        }
    }

    synchronized void goOn() {
        paused = false;
        notifyAll();
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        Wait.until("the painting ends", () -> !thread.isAlive());
    }
}
