// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid 1 or more
 * @param startTime when it started, in clock ticks since boot
 * @param uid its user
 */
public record ProcessIdentity(int pid, long startTime, long uid) {

    public ProcessIdentity {
        if (pid < 1 || startTime < 0 || uid < 0) {
            throw new IllegalArgumentException("process " + pid + " started at " + startTime + " by user " + uid);
        }
    }
}
