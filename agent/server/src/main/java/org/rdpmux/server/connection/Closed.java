// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.ArrayList;
import java.util.List;

/** The connection is over: what still arrives is dropped. */
record Closed() implements ConnectionState {

    /** The last step: performs the actions and closes. */
    static Step with(List<Action> actions, String reason, boolean expected) {
        List<Action> all = new ArrayList<>(actions);
        all.add(new Action.Close(reason, expected));
        return new Step(new Closed(), all);
    }

    @Override
    public Step on(Inbound in) {
        return stay();
    }
}
