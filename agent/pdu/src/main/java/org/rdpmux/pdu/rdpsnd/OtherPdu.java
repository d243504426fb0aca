// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;

/**
 * A PDU of which no more than its size is read: SNDCLOSE ([MS-RDPEA] 2.2.3.9), SNDVOL (2.2.3.11), SNDPITCH (2.2.3.12),
 * SNDCRYPT, and what later versions may bring.
 *
 * @param type its msgType, 0 to 255
 * @param length bytes behind the prolog, 0 to 65535
 */
public record OtherPdu(int type, int length) implements SoundPdu {

    public OtherPdu {
        if (type < 0 || type > 0xff || length < 0 || length > 0xffff) {
            throw new IllegalArgumentException("message " + type + " of " + length + " bytes");
        }
    }

    static OtherPdu decode(int type, ByteBuf body) {
        int length = body.readableBytes();
        body.skipBytes(length);
        return new OtherPdu(type, length);
    }

    @Override
    public int size() {
        return PROLOG_SIZE + length;
    }

    /** With zeros for what was not read. */
    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, type, length);
        out.writeZero(length);
    }
}
