// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_END_FRAME_PDU ([MS-RDPEGFX] 2.2.2.12): the client shows the frame, and answers with {@link FrameAcknowledge}.
 *
 * @param frameId that of {@link StartFrame}
 */
public record EndFrame(int frameId) implements GfxPdu {

    public static final int SIZE = HEADER_SIZE + 4;

    static EndFrame decode(ByteBuf in) {
        PduException.need(in, SIZE - HEADER_SIZE, "RDPGFX_END_FRAME_PDU", "frameId");
        return new EndFrame(in.readIntLE()); // 4 bytes
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, END_FRAME, SIZE);
        out.writeIntLE(frameId);
    }
}
