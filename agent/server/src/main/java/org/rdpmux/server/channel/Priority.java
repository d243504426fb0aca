// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import java.util.Arrays;
import java.util.List;

/**
 * How urgent a channel is, in the four classes that dynamic channels have ([MS-RDPEDYC] 2.2.1.1.2). The shares are those that
 * the specification names; a client may hold its own data to them.
 */
public enum Priority {
    /** Worthless when late: echo, sound. */
    REALTIME(70),
    /** Somebody waits for it and looks. */
    HIGH(20),
    MEDIUM(7),
    /** Has time: files. */
    LOW(3);

    private static final int WHOLE = 1 << 16;

    private final int percent;

    Priority(int percent) {
        this.percent = percent;
    }

    /** The class's number on the wire, 0 to 3. */
    int classNumber() {
        return ordinal();
    }

    /** PriorityCharge0 to 3. */
    static List<Integer> charges() {
        return Arrays.stream(values()).map(each -> WHOLE / each.percent).toList();
    }
}
