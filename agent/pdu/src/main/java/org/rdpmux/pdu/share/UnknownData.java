// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;

/**
 * A share data PDU whose body has no record of its own.
 *
 * @param type pduType2
 * @param data the body; not copied
 */
public record UnknownData(int type, byte[] data) implements DataBody {

    static UnknownData decode(int type, ByteBuf in) {
        byte[] data = new byte[in.readableBytes()];
        in.readBytes(data);
        return new UnknownData(type, data);
    }

    @Override
    public int size() {
        return data.length;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeBytes(data);
    }
}
