// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_START_FRAME_PDU ([MS-RDPEGFX] 2.2.2.11): what follows up to {@link EndFrame} is shown at once.
 *
 * @param timestamp when the frame was made: hours, minutes, seconds and milliseconds in bits, or 0
 * @param frameId any 32 bits
 */
public record StartFrame(int timestamp, int frameId) implements GfxPdu {

    public static final int SIZE = HEADER_SIZE + 8;

    static StartFrame decode(ByteBuf in) {
        PduException.need(in, SIZE - HEADER_SIZE, "RDPGFX_START_FRAME_PDU", "timestamp");
        return new StartFrame(in.readIntLE(), in.readIntLE()); // 4 bytes each
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, START_FRAME, SIZE);
        out.writeIntLE(timestamp).writeIntLE(frameId);
    }
}
