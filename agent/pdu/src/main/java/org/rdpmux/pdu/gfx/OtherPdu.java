// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;

/**
 * A PDU of which no more than its size is read: cache offers ([MS-RDPEGFX] 2.2.2.16), measurements of how long decoding took
 * (2.2.2.21), and what later versions may bring.
 *
 * @param command its cmdId, 0 to 65535
 * @param length bytes behind the header
 */
public record OtherPdu(int command, int length) implements GfxPdu {

    public OtherPdu {
        if (command < 0 || command > 0xffff || length < 0) {
            throw new IllegalArgumentException("command " + command + " of " + length + " bytes");
        }
    }

    static OtherPdu decode(int command, ByteBuf body) {
        int length = body.readableBytes();
        body.skipBytes(length);
        return new OtherPdu(command, length);
    }

    @Override
    public int size() {
        return HEADER_SIZE + length;
    }

    /** With zeros for what was not read. */
    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, command, size());
        out.writeZero(length);
    }
}
