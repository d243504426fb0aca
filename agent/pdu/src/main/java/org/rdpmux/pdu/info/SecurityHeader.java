// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.info;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_SECURITY_HEADER ([MS-RDPBCGR] 2.2.8.1.1.2.1). Under TLS only a few PDUs still have it.
 *
 * @param flags the constants; flagsHi is passed over
 */
public record SecurityHeader(int flags) implements Pdu {

    public static final int SEC_EXCHANGE_PKT = 0x0001;
    public static final int SEC_TRANSPORT_REQ = 0x0002;
    public static final int SEC_TRANSPORT_RSP = 0x0004;
    public static final int SEC_ENCRYPT = 0x0008;
    public static final int SEC_INFO_PKT = 0x0040;
    public static final int SEC_LICENSE_PKT = 0x0080;
    public static final int SEC_LICENSE_ENCRYPT_CS = 0x0200;
    public static final int SEC_AUTODETECT_REQ = 0x1000;
    public static final int SEC_AUTODETECT_RSP = 0x2000;
    public static final int SEC_HEARTBEAT = 0x4000;

    /** flags 2, flagsHi 2. */
    public static final int SIZE = 4;

    private static final String NAME = "TS_SECURITY_HEADER";

    public static SecurityHeader decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "flags");
        int flags = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // flagsHi: 2 bytes, undefined unless SEC_FLAGSHI_VALID
        if ((flags & SEC_ENCRYPT) != 0) {
            throw new PduException(NAME, "flags", "encrypted inside TLS");
        }
        return new SecurityHeader(flags);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(flags).writeShortLE(0);
    }
}
