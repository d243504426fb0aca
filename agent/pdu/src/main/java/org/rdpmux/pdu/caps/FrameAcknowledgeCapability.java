// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_FRAME_ACKNOWLEDGE_CAPABILITYSET ([MS-RDPRFX] 2.2.1.3).
 *
 * @param maxUnacknowledgedFrames unsigned 32 bits
 */
public record FrameAcknowledgeCapability(long maxUnacknowledgedFrames) implements CapabilitySet {

    private static final String NAME = "TS_FRAME_ACKNOWLEDGE_CAPABILITYSET";

    public FrameAcknowledgeCapability {
        if (maxUnacknowledgedFrames < 0 || maxUnacknowledgedFrames > 0xffffffffL) {
            throw new IllegalArgumentException("frames " + maxUnacknowledgedFrames);
        }
    }

    static FrameAcknowledgeCapability decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "maxUnacknowledgedFrameCount");
        return new FrameAcknowledgeCapability(in.readUnsignedIntLE()); // 4 bytes
    }

    @Override
    public int type() {
        return FRAME_ACKNOWLEDGE;
    }

    @Override
    public int size() {
        return 4;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE((int) maxUnacknowledgedFrames);
    }
}
