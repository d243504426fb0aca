// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import org.rdpmux.pdu.Pdu;

/**
 * A whole frame for the client. INVARIANT: frames of one priority stay in their order.
 *
 * @param frame from the TPKT header on
 */
public record Outgoing(Priority priority, Pdu frame) {}
