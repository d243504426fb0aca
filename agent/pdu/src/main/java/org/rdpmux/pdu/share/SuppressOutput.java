// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.rdpmux.pdu.PduException;

/**
 * TS_SUPPRESS_OUTPUT_PDU ([MS-RDPBCGR] 2.2.11.3.1).
 *
 * @param visible the area the client wants updates of; empty if it wants none (its window is minimized)
 */
public record SuppressOutput(Optional<InclusiveRect> visible) implements DataBody {

    private static final String NAME = "TS_SUPPRESS_OUTPUT_PDU";

    static SuppressOutput decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "allowDisplayUpdates");
        int allow = in.readUnsignedByte(); // 1 byte
        in.skipBytes(3); // pad3Octets: 3 bytes
        return new SuppressOutput(
                allow == 0 ? Optional.empty() : Optional.of(InclusiveRect.decode(in))); // 0 or 8 bytes
    }

    @Override
    public int type() {
        return SUPPRESS_OUTPUT;
    }

    @Override
    public int size() {
        return visible.isPresent() ? 4 + InclusiveRect.SIZE : 4;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(visible.isPresent() ? 1 : 0).writeZero(3);
        visible.ifPresent(rect -> rect.encode(out));
    }
}
