// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

/**
 * Who asks, as the kernel says.
 *
 * @param pid of the process that connected
 * @param uid it ran as
 * @param trusted whether that is root or the agent's own user; others are members of the control group
 */
public record Peer(int pid, int uid, boolean trusted) {
    @Override
    public String toString() {
        return "user " + uid + " (process " + pid + ")";
    }
}
