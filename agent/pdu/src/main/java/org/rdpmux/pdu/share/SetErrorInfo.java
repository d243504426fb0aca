// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_SET_ERROR_INFO_PDU ([MS-RDPBCGR] 2.2.5.1.1): why the server ends the session. Only for clients with
 * RNS_UD_CS_SUPPORT_ERRINFO_PDU.
 *
 * @param errorInfo a code of the same section, some of which stand below
 */
public record SetErrorInfo(int errorInfo) implements DataBody {

    /** No error: resets an earlier one. */
    public static final int NONE = 0x0;
    /** An administrator ended the session with a tool. */
    public static final int RPC_INITIATED_DISCONNECT = 0x1;
    /** An administrator logged the user off. */
    public static final int RPC_INITIATED_LOGOFF = 0x2;

    public static final int IDLE_TIMEOUT = 0x3;
    public static final int LOGON_TIMEOUT = 0x4;
    /** Another client took the session over: keeps the two from reconnecting in turns for ever. */
    public static final int DISCONNECTED_BY_OTHER_CONNECTION = 0x5;

    public static final int OUT_OF_MEMORY = 0x6;
    public static final int SERVER_DENIED_CONNECTION = 0x7;
    public static final int SERVER_INSUFFICIENT_PRIVILEGES = 0x9;
    /** The user ended the session with a tool. */
    public static final int RPC_INITIATED_DISCONNECT_BY_USER = 0xb;
    /** The session is over: the guest was shut down. */
    public static final int LOGOFF_BY_USER = 0xc;

    static SetErrorInfo decode(ByteBuf in) {
        PduException.need(in, 4, "TS_SET_ERROR_INFO_PDU", "errorInfo");
        return new SetErrorInfo(in.readIntLE()); // 4 bytes
    }

    @Override
    public int type() {
        return SET_ERROR_INFO;
    }

    @Override
    public int size() {
        return 4;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(errorInfo);
    }
}
