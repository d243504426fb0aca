// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** TS_LOGON_INFO_EXTENDED with one field, TS_LOGON_ERRORS_INFO, and the pad that follows. */
    private static final int LOGON_ERRORS_SIZE = 2 + 4 + 4 + 8;

    private static final int LOGON_EXTENDED_PAD = 570;
    private static final int LOGON_EX_LOGONERRORS = 0x2;
    /** The logon cannot proceed. There are NTSTATUS codes that say more; not all clients decode them. */
    private static final int ERROR_CODE_ACCESS_DENIED = 0xffffffff;

    private static final int LOGON_FAILED_BAD_PASSWORD = 0;

    /** TS_PLAIN_NOTIFY (2.2.10.1.1.3). */
    public static SaveSessionInfo plainNotify() {
        return new SaveSessionInfo(LOGON_PLAIN_NOTIFY, new byte[PLAIN_NOTIFY_SIZE]);
    }

    /**
     * TS_LOGON_INFO_EXTENDED (2.2.10.1.1.4) with TS_LOGON_ERRORS_INFO: name or password are wrong. Only for clients with
     * INFO_LOGONERRORS.
     */
    public static SaveSessionInfo logonFailed() {
        ByteBuffer info =
                ByteBuffer.allocate(LOGON_ERRORS_SIZE + LOGON_EXTENDED_PAD).order(ByteOrder.LITTLE_ENDIAN);
        info.putShort((short) LOGON_ERRORS_SIZE); // Length, 2 bytes, without the pad
        info.putInt(LOGON_EX_LOGONERRORS); // FieldsPresent, 4 bytes
        info.putInt(2 * Integer.BYTES); // cbFieldData, 4 bytes
        info.putInt(ERROR_CODE_ACCESS_DENIED); // ErrorNotificationType, 4 bytes
        info.putInt(LOGON_FAILED_BAD_PASSWORD); // ErrorNotificationData, 4 bytes
        return new SaveSessionInfo(LOGON_EXTENDED, info.array());
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
