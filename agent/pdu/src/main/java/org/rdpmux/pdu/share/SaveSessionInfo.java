// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_SAVE_SESSION_INFO_PDU_DATA ([MS-RDPBCGR] 2.2.10.1.1).
 *
 * @param infoType which of the structures follows
 * @param infoData the structure as bytes; not copied
 */
public record SaveSessionInfo(int infoType, byte[] infoData) implements DataBody {

    public static final int LOGON = 0;
    public static final int LOGON_LONG = 1;
    /** Somebody logged on; says no more. */
    public static final int LOGON_PLAIN_NOTIFY = 2;

    public static final int LOGON_EXTENDED = 3;

    /** Pad of TS_PLAIN_NOTIFY. */
    private static final int PLAIN_NOTIFY_SIZE = 576;

    /** TS_PLAIN_NOTIFY (2.2.10.1.1.3). */
    public static SaveSessionInfo plainNotify() {
        return new SaveSessionInfo(LOGON_PLAIN_NOTIFY, new byte[PLAIN_NOTIFY_SIZE]);
    }

    static SaveSessionInfo decode(ByteBuf in) {
        PduException.need(in, 4, "TS_SAVE_SESSION_INFO_PDU_DATA", "infoType");
        int infoType = in.readIntLE(); // 4 bytes
        byte[] infoData = new byte[in.readableBytes()];
        in.readBytes(infoData);
        return new SaveSessionInfo(infoType, infoData);
    }

    @Override
    public int type() {
        return SAVE_SESSION_INFO;
    }

    @Override
    public int size() {
        return 4 + infoData.length;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(infoType).writeBytes(infoData);
    }
}
