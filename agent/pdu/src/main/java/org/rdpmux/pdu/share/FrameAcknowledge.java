// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_FRAME_ACKNOWLEDGE_PDU ([MS-RDPRFX] 2.2.3.1): the client has processed a frame.
 *
 * @param frameId of the frame marker; clients may skip numbers or name one never sent
 */
public record FrameAcknowledge(int frameId) implements DataBody {

    static FrameAcknowledge decode(ByteBuf in) {
        PduException.need(in, 4, "TS_FRAME_ACKNOWLEDGE_PDU", "frameID");
        return new FrameAcknowledge(in.readIntLE()); // 4 bytes
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
        out.writeIntLE(frameId);
    }
}
