// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;

/**
 * Where a connection stands. Immutable: {@link #on} answers with the state that follows. The states follow each other
 * in the order of the list below; Activating, Finalizing and Active are gone through again with each change of the
 * desktop's size.
 */
public sealed interface ConnectionState
        permits AwaitingRequest,
                AwaitingRoute,
                AwaitingSecurity,
                AwaitingRequestInTls,
                AwaitingConnect,
                Joining,
                AwaitingVerdict,
                AwaitingDesktopSize,
                Activating,
                Finalizing,
                Active,
                Closed {

    /** The state of a connection that was just accepted. */
    static ConnectionState initial(ConnectionConfig config) {
        return new AwaitingRequest(config, Optional.empty());
    }

    /**
     * Takes one thing in.
     *
     * @throws org.rdpmux.pdu.PduException if the client cannot be understood; the connection must be closed
     * @throws IllegalStateException if the driver reports what it was not asked for
     */
    Step on(Inbound in);

    /** This state again, with actions. */
    default Step stay(Action... actions) {
        return new Step(this, List.of(actions));
    }

    /** For what only a driver that has lost count can report. */
    default IllegalStateException unexpected(Inbound in) {
        return new IllegalStateException(
                in.getClass().getSimpleName() + " in " + getClass().getSimpleName());
    }
}
