// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.server.screen.Screen;

/** Whether a client wants output (TS_SUPPRESS_OUTPUT_PDU): of a minimised window it wants none. Used by one thread. */
final class OutputSuppression {

    /**
     * A request for silence counts after this time: clients ask for it while they set up their window and take it back at
     * once.
     */
    static final long DELAY_NANOS = 1_000_000_000;

    private long at = Screen.NEVER;

    /** The client wants no output. */
    void begin(long now) {
        at = at == Screen.NEVER ? now + DELAY_NANOS : at;
    }

    /** The client wants to see again. */
    void end() {
        at = Screen.NEVER;
    }

    boolean isDue(long now) {
        return now >= at;
    }

    /** When {@link #isDue} will be true; {@link Screen#NEVER} if it is already, or nobody asked for silence. */
    long nextDeadline(long now) {
        return at > now ? at : Screen.NEVER;
    }
}
