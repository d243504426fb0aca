// SPDX-License-Identifier: Apache-2.0
/**
 * An RDP server's connection sequence ([MS-RDPBCGR] 1.3.1.1) as a state machine without I/O: {@link
 * org.rdpmux.server.connection.Inbound} goes in, a {@link org.rdpmux.server.connection.Step} with the next state and the
 * {@link org.rdpmux.server.connection.Action}s to perform comes out. Whoever drives it owns sockets, TLS, time limits and
 * the guest.
 *
 * <pre>
 *   ConnectionState state = ConnectionState.initial(config);
 *   Step step = state.on(inbound);
 *   state = step.next();
 *   step.actions().forEach(...)   // in this order
 * </pre>
 *
 * A {@link org.rdpmux.pdu.PduException} from {@code on} means that the client cannot be understood: close the
 * connection. States are immutable values; nothing here is bound to a thread.
 */
package org.rdpmux.server.connection;
