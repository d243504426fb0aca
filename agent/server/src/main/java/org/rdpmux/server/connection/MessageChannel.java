// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.info.SecurityHeader;

/** What clients say on the message channel ([MS-RDPBCGR] 2.2.14): answers to what measures the network. */
final class MessageChannel {

    private MessageChannel() {}

    /** Reads what came there; what is no such answer was not asked for, and is passed over. */
    static Step read(ConnectionState state, ByteBuf payload) {
        return SecurityHeader.decode(payload).has(SecurityHeader.SEC_AUTODETECT_RSP)
                ? state.stay(new Action.NetworkAnswered(AutoDetectResponse.decode(payload)))
                : state.stay();
    }
}
