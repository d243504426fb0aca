// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;

/**
 * What follows from one {@link Inbound}.
 *
 * @param next the state from now on
 * @param actions to be performed in this order
 */
public record Step(ConnectionState next, List<Action> actions) {
    public Step {
        actions = List.copyOf(actions);
    }
}
