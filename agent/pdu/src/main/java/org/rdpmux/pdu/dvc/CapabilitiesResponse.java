// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * DYNVC_CAPS_RSP ([MS-RDPEDYC] 2.2.1.2), from the client: the newest version it knows, of those the server offered.
 *
 * @param version 1 to 65535; what is newer than the offer means the offer
 */
public record CapabilitiesResponse(int version) implements DynamicChannelPdu {

    private static final String NAME = "DYNVC_CAPS_RSP";

    public CapabilitiesResponse {
        if (version < Capabilities.VERSION1 || version > 0xffff) {
            throw new IllegalArgumentException("version " + version);
        }
    }

    static CapabilitiesResponse decode(ByteBuf in) {
        PduException.need(in, 3, NAME, "Version");
        in.skipBytes(1); // Pad: 1 byte
        int version = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(version, Capabilities.VERSION1, 0xffff, NAME, "Version");
        return new CapabilitiesResponse(version);
    }

    @Override
    public int size() {
        return PduHeader.SIZE + 3;
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, CAPABILITIES, 0, 0);
        out.writeByte(0).writeShortLE(version);
    }
}
