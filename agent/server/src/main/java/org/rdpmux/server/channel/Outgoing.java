// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;

/**
 * A chunk for the client. INVARIANT: chunks of one priority are sent in their order.
 *
 * @param channelId the MCS channel to send it on
 * @param data behind the header
 */
public record Outgoing(Priority priority, int channelId, ChannelPduHeader header, Pdu data) {

    /** Bytes of header and data. */
    public int size() {
        return header.size() + data.size();
    }
}
