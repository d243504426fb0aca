// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/** The users of the users file, in its order. */
public record UserList(List<User> users) {
    public UserList {
        users = List.copyOf(users);
    }

    /**
     * A user.
     *
     * @param name as it was added
     * @param disabled is not let in
     * @param viewOnly only looks on
     */
    public record User(String name, boolean disabled, boolean viewOnly) {}
}
