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

    /** The same for a client that is not let in, or not yet: it is answered, and what else it wants is passed over. */
    Step answersOnly() {
        return new Step(
                next,
                actions.stream()
                        .filter(action -> action instanceof Action.Send || action instanceof Action.Close)
                        .toList());
    }
}
