// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;

/** RDPGFX_CAPS_CONFIRM_PDU ([MS-RDPEGFX] 2.2.2.19), from the server: the version that counts from now on. */
public record CapsConfirm(CapabilitySet set) implements GfxPdu {

    static CapsConfirm decode(ByteBuf in) {
        return new CapsConfirm(CapabilitySet.decode(in)); // variable
    }

    @Override
    public int size() {
        return HEADER_SIZE + set.size();
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, CAPS_CONFIRM, size());
        set.encode(out);
    }
}
