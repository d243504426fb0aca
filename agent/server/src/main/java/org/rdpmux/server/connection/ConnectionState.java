// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/** Where a connection stands. Immutable: {@link #on} answers with the state that follows. */
public interface ConnectionState {

    /**
     * Takes one thing in.
     *
     * @throws org.rdpmux.pdu.PduException if the client cannot be understood; the connection must be closed
     */
    Step on(Inbound in);
}
