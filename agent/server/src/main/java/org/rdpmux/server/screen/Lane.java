// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

/**
 * One encoding of a screen, shared by all viewers of one {@link EncoderProfile}: a change is encoded once, whoever needs it.
 * Has one {@link EncodeJob} in flight at most, and no lane waits for another's. Used by one thread, but for what a job
 * encodes.
 */
public abstract sealed class Lane implements AutoCloseable permits TileLane, StreamLane {

    private final Screen screen;
    private boolean busy;
    private boolean closed;

    Lane(Screen screen) {
        this.screen = screen;
    }

    /** The screen it encodes. */
    public final Screen screen() {
        return screen;
    }

    /** True while a job is in flight. */
    public final boolean isBusy() {
        return busy;
    }

    final void setBusy(boolean nowBusy) {
        busy = nowBusy;
    }

    /** True once nobody uses the lane any more: what is still being encoded for it is to be released. */
    public final boolean isClosed() {
        return closed;
    }

    /** Releases all bytes. A job in flight may end afterwards. Idempotent. */
    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    abstract void release();
}
