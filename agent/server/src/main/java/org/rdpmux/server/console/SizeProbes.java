// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.concurrent.TimeUnit;

/**
 * When a console's display is opened though nobody looks on: at once to learn the screen's size, and again at growing
 * intervals, since guests change it while they start. Lives on the console's thread.
 */
final class SizeProbes {

    /** Attempts of the first probe, if the display fails; later ones have one. */
    static final int ATTEMPTS = 3;

    /** Times between probes: soon while the guest may still be starting; the last one repeats. */
    static final long[] INTERVALS_NANOS = {
        TimeUnit.SECONDS.toNanos(5),
        TimeUnit.SECONDS.toNanos(20),
        TimeUnit.MINUTES.toNanos(1),
        TimeUnit.MINUTES.toNanos(5),
        TimeUnit.MINUTES.toNanos(30)
    };

    private final ConsoleLoop loop;
    private final ProbeQueue queue;
    private final Runnable open;
    private int attemptsLeft;
    private int probes;
    private ProbeQueue.Place place;
    private ConsoleLoop.Timer next;

    /** @param open called on the console's thread: opens the display, if it is not open */
    SizeProbes(ConsoleLoop loop, ProbeQueue queue, Runnable open) {
        this.loop = loop;
        this.queue = queue;
        this.open = open;
    }

    /** The display is another one. */
    void start() {
        stop();
        probes = 0;
        attemptsLeft = ATTEMPTS;
        attempt();
    }

    /** True from the wish to learn the size until it is known or there are no attempts left. */
    boolean isDue() {
        return attemptsLeft > 0;
    }

    /** Waits for a turn to open the display. */
    void attempt() {
        leave();
        place = queue.join(() -> loop.execute(this::turn));
    }

    private void turn() {
        if (isDue()) {
            open.run();
        } else {
            leave();
        }
    }

    /** The display was opened and failed. @return whether to {@link #attempt} again */
    boolean failed() {
        leave();
        attemptsLeft = Math.max(0, attemptsLeft - 1);
        return isDue();
    }

    /** The size is known, or somebody looks on and will know it. */
    void stop() {
        leave();
        attemptsLeft = 0;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    /** Nobody looks on: the size is to be learnt again after a while. */
    void later() {
        if (next == null) {
            long interval = INTERVALS_NANOS[Math.min(probes, INTERVALS_NANOS.length - 1)];
            probes++;
            next = loop.schedule(this::again, interval);
        }
    }

    private void again() {
        next = null;
        attemptsLeft = 1;
        attempt();
    }

    private void leave() {
        if (place != null) {
            place.leave();
            place = null;
        }
    }
}
