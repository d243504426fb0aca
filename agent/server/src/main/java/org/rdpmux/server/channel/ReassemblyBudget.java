// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

/**
 * What one client may make the server keep of unfinished messages, over all its channels: each {@link Reassembly} takes from
 * it before it allocates. With the bound on how many clients there are, this bounds the memory of all of them together.
 */
public final class ReassemblyBudget {

    /** More than any message of a client that is not made to hurt, and little beside the pixels that a client costs. */
    public static final int DEFAULT_BYTES = 1 << 20;

    private final int bytes;
    private int taken;

    /** @param bytes at most these at any time */
    public ReassemblyBudget(int bytes) {
        this.bytes = bytes;
    }

    /** Takes some; false if there are not so many left. */
    boolean take(int amount) {
        if (amount > bytes - taken) {
            return false;
        }
        taken += amount;
        return true;
    }

    void give(int amount) {
        taken -= amount;
    }

    /** Bytes that are taken now. */
    int taken() {
        return taken;
    }
}
