// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.license;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * LICENSE_ERROR_MESSAGE ([MS-RDPBCGR] 2.2.1.12.1.3) with its LICENSE_PREAMBLE, behind a security header with
 * SEC_LICENSE_PKT.
 *
 * @param errorCode {@link #STATUS_VALID_CLIENT} lets the client in
 * @param stateTransition {@link #ST_NO_TRANSITION} with it
 */
public record LicenseErrorMessage(int errorCode, int stateTransition) implements Pdu {

    public static final int STATUS_VALID_CLIENT = 7;
    public static final int ST_NO_TRANSITION = 2;

    /** Every client may come in: there are no licences. */
    public static final LicenseErrorMessage VALID_CLIENT =
            new LicenseErrorMessage(STATUS_VALID_CLIENT, ST_NO_TRANSITION);

    private static final String NAME = "LICENSE_ERROR_MESSAGE";
    private static final int ERROR_ALERT = 0xff;
    /** No EXTENDED_ERROR_MSG_SUPPORTED: servers must not set it, there are clients that crash. */
    private static final int PREAMBLE_VERSION_3_0 = 3;

    private static final int BB_ERROR_BLOB = 4;
    /** Preamble 4, dwErrorCode 4, dwStateTransition 4, bbErrorInfo 4. */
    private static final int SIZE = 16;

    public static LicenseErrorMessage decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "bMsgType");
        PduException.expect(in.readUnsignedByte(), ERROR_ALERT, NAME, "bMsgType"); // 1 byte
        in.skipBytes(1); // flags: 1 byte, the protocol's version
        int size = in.readUnsignedShortLE(); // wMsgSize: 2 bytes, the preamble included
        PduException.range(size, SIZE, 0xffff, NAME, "wMsgSize");
        PduException.need(in, size - 4, NAME, "wMsgSize");
        int errorCode = in.readIntLE(); // 4 bytes
        int stateTransition = in.readIntLE(); // 4 bytes
        in.skipBytes(size - 12); // bbErrorInfo: wBlobType 2 bytes, wBlobLen 2 bytes, as many bytes
        return new LicenseErrorMessage(errorCode, stateTransition);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(ERROR_ALERT).writeByte(PREAMBLE_VERSION_3_0).writeShortLE(SIZE);
        out.writeIntLE(errorCode).writeIntLE(stateTransition);
        out.writeShortLE(BB_ERROR_BLOB).writeShortLE(0);
    }
}
