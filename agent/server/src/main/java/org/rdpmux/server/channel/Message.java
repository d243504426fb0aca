// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import org.rdpmux.pdu.Pdu;

/**
 * One message of a static channel, on its way to the client.
 *
 * @param priority of the channel that it comes from, which may be a dynamic one within the static one
 */
record Message(Priority priority, Pdu pdu) {}
