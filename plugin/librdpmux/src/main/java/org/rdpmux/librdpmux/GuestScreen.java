// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SharedFramebuffer;

/**
 * A guest's screen: the mode it announced last, seen through its shared memory, which may come late, be taken away and come
 * back. Confined to the guest's event loop.
 */
final class GuestScreen {

    /**
     * Real guests change modes a few times while they start. One that does so all the time would keep the threads busy that
     * it shares with other guests, since viewers begin anew at each change.
     */
    static final long MODE_INTERVAL_MILLIS = 100;

    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long LAST_RETRY_MILLIS = 30_000;

    /** What the screen is part of, and who looks at it. */
    interface Owner {
        /** Runs a task on the event loop; false if there is none any more. */
        boolean post(Runnable task);

        /** Runs a task on the event loop later. */
        void later(Runnable task, long millis);

        /** Runs what may block, elsewhere. */
        void runBlocking(Runnable task);

        /** Opens the shared memory; blocks. */
        SharedMemory openMemory() throws IOException;

        void warn(String what);

        /** Another screen is to be seen from now on. */
        void resized(Framebuffer framebuffer);

        void damaged(Rect area);
    }

    private final Owner owner;
    private final Source source = new Source();
    private Framebuffer framebuffer;
    private ScreenMode mode;
    private ScreenMode shownMode;
    private boolean openingMemory;
    private boolean modeIsNew;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private boolean closed;

    GuestScreen(Owner owner) {
        this.owner = owner;
    }

    /** What is to be seen; null while nothing is. */
    Framebuffer framebuffer() {
        return framebuffer;
    }

    /** The memory holds this mode from now on; what is in it may have changed as well. */
    void show(ScreenMode newest) {
        mode = newest;
        if (!modeIsNew || newest.equals(shownMode)) {
            prepare();
        }
    }

    /** Something changed within the area. */
    void changed(Rect area) {
        if (lacksScreen()) {
            prepare();
        } else if (mode.equals(shownMode)) {
            owner.damaged(area);
        }
    }

    /** Looks after a screen whose memory was taken away; called every few seconds. */
    void check() {
        if (!closed && framebuffer != null && source.isLost()) {
            prepare();
        }
    }

    void close() {
        closed = true;
        source.replace(null);
    }

    private boolean lacksScreen() {
        return framebuffer == null || source.isLost();
    }

    /** Shows the mode that holds now, once the shared memory can be read. */
    private void prepare() {
        SharedMemory memory = source.memory();
        if (memory != null && memory.holds(mode.bytes())) {
            source.found();
            showNow();
        } else {
            if (!mode.equals(shownMode)) {
                framebuffer = null;
            }
            openMemory();
        }
    }

    private void showNow() {
        retryMillis = FIRST_RETRY_MILLIS;
        if (framebuffer != null && mode.equals(shownMode)) {
            owner.damaged(mode.bounds());
            return;
        }
        shownMode = mode;
        framebuffer = new SharedFramebuffer(mode.layout(), source);
        modeIsNew = true;
        owner.later(this::modeIsOld, MODE_INTERVAL_MILLIS);
        owner.resized(framebuffer);
    }

    private void modeIsOld() {
        modeIsNew = false;
        if (!closed && !mode.equals(shownMode)) {
            prepare();
        }
    }

    private void openMemory() {
        if (openingMemory) {
            return;
        }
        openingMemory = true;
        owner.runBlocking(() -> {
            SharedMemory opened = null;
            String reason = "it is too small";
            try {
                opened = owner.openMemory();
            } catch (IOException e) {
                reason = e instanceof FileSystemException ? e.toString() : e.getMessage();
            }
            SharedMemory result = opened;
            String why = reason;
            if (!owner.post(() -> memoryOpened(result, why)) && result != null) {
                result.close();
            }
        });
    }

    private void memoryOpened(SharedMemory memory, String reason) {
        openingMemory = false;
        if (!closed && memory != null && memory.holds(mode.bytes())) {
            source.replace(memory);
            showNow();
            return;
        }
        if (memory != null) {
            memory.close();
        }
        if (!closed) {
            owner.warn("its shared memory cannot be read: " + reason);
            openingMemory = true;
            owner.later(this::tryAgain, retryMillis);
            retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
        }
    }

    private void tryAgain() {
        openingMemory = false;
        if (!closed && lacksScreen()) {
            prepare();
        }
    }

    /** The memory behind the framebuffers: changed on the event loop, read by whoever reads the screen. */
    private static final class Source implements SharedFramebuffer.Source {
        private volatile SharedMemory memory;
        private volatile boolean lost;

        @Override
        public SharedMemory memory() {
            return memory;
        }

        @Override
        public void lost() {
            lost = true;
        }

        boolean isLost() {
            return lost;
        }

        void found() {
            lost = false;
        }

        void replace(SharedMemory other) {
            SharedMemory old = memory;
            memory = other;
            lost = false;
            if (old != null) {
                old.close();
            }
        }
    }
}
