// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.server.screen.Screen;

/** One timer that is set to another time again and again. Lives on its loop's thread. */
final class Deadline {

    /** A time that does not come. */
    static final long NEVER = Screen.NEVER;

    private final ConsoleLoop loop;
    private final Runnable task;
    private ConsoleLoop.Timer timer;
    private long at = NEVER;

    /** @param task runs on the loop when the time has come */
    Deadline(ConsoleLoop loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    boolean isSet() {
        return at != NEVER;
    }

    /** @param newTime of the loop's clock; {@link #NEVER} for no deadline */
    void set(long newTime) {
        if (newTime == at) {
            return;
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        at = newTime;
        if (at != NEVER) {
            timer = loop.schedule(this::reached, Math.max(0, at - loop.now()));
        }
    }

    private void reached() {
        timer = null;
        at = NEVER;
        task.run();
    }
}
