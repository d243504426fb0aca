// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_MULTIFRAGMENTUPDATE_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.2.6).
 *
 * @param maxRequestSize bytes of one fast-path update over all its fragments; unsigned 32 bits
 */
public record MultifragmentUpdateCapability(long maxRequestSize) implements CapabilitySet {

    private static final String NAME = "TS_MULTIFRAGMENTUPDATE_CAPABILITYSET";

    public MultifragmentUpdateCapability {
        if (maxRequestSize < 0 || maxRequestSize > 0xffffffffL) {
            throw new IllegalArgumentException("size " + maxRequestSize);
        }
    }

    static MultifragmentUpdateCapability decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "MaxRequestSize");
        return new MultifragmentUpdateCapability(in.readUnsignedIntLE()); // 4 bytes
    }

    @Override
    public int type() {
        return MULTIFRAGMENT_UPDATE;
    }

    @Override
    public int size() {
        return 4;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE((int) maxRequestSize);
    }
}
