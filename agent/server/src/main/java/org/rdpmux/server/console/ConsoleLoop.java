// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

/** The one thread on which a console lives, and its clock. Any thread may post. */
public interface ConsoleLoop {

    /** Runs something on the thread, after what was posted before. Dropped when the thread has ended. */
    void execute(Runnable task);

    /** Runs something on the thread after a time. */
    Timer schedule(Runnable task, long delayNanos);

    /** Monotonic time in nanoseconds, 0 or more. */
    long now();

    /** Something scheduled. */
    interface Timer {
        /** Without effect if it ran already. On the loop's thread: it will not run afterwards. */
        void cancel();
    }
}
