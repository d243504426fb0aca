// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/** Who is locked out after too many wrong passwords. */
public record LockList(List<Lock> locks) {
    public LockList {
        locks = List.copyOf(locks);
    }

    /**
     * A lock-out.
     *
     * @param user empty if the source is locked out with any user
     * @param source an address, or an IPv6 network
     * @param seconds until it ends by itself
     */
    public record Lock(String user, String source, long seconds) {}
}
