// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How often a process may call: so many times at once, and so many a second after that. Calls wait for each other, so that
 * one process could make all others wait, virtual machines that start among them. Passive; safe for use by several threads.
 */
final class CallBudget {

    /** Processes that are remembered; the one that called first is forgotten first. */
    private static final int MAX_PROCESSES = 4096;

    private final long nanosPerCall;
    private final long burstNanos;

    /** When the budget of a process that may make no call at present, and of one that may, will be or was full again. */
    private final Map<Integer, Long> fullAt = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > MAX_PROCESSES;
        }
    };

    /**
     * A budget of each process's own.
     *
     * @param burst calls that may come at once, 1 or more
     * @param perSecond calls that may come in the long run, 1 or more
     */
    CallBudget(int burst, int perSecond) {
        nanosPerCall = TimeUnit.SECONDS.toNanos(1) / perSecond;
        burstNanos = burst * nanosPerCall;
    }

    /** Takes one call of this process; false if it has none left. */
    synchronized boolean take(int pid, long now) {
        long full = fullAt.getOrDefault(pid, now);
        if (full - now < 0) {
            full = now;
        }
        if (full + nanosPerCall - now > burstNanos) {
            return false;
        }
        fullAt.put(pid, full + nanosPerCall);
        return true;
    }
}
