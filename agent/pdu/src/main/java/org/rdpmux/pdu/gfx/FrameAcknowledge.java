// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * RDPGFX_FRAME_ACKNOWLEDGE_PDU ([MS-RDPEGFX] 2.2.2.13), from the client: it has shown a frame.
 *
 * @param queueDepth bytes that it has not decoded yet; 0 if it does not say, {@link #SUSPEND} if it will acknowledge nothing
 *     for a while
 * @param frameId of the frame, any 32 bits
 * @param totalFramesDecoded since the channel opened, any 32 bits
 */
public record FrameAcknowledge(int queueDepth, int frameId, int totalFramesDecoded) implements GfxPdu {

    /** SUSPEND_FRAME_ACKNOWLEDGEMENT. */
    public static final int SUSPEND = 0xffff_ffff;

    private static final int BODY_SIZE = 12;

    static FrameAcknowledge decode(ByteBuf in) {
        PduException.need(in, BODY_SIZE, "RDPGFX_FRAME_ACKNOWLEDGE_PDU", "queueDepth");
        return new FrameAcknowledge(in.readIntLE(), in.readIntLE(), in.readIntLE()); // 4 bytes each
    }

    @Override
    public int size() {
        return HEADER_SIZE + BODY_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        GfxPdu.writeHeader(out, FRAME_ACKNOWLEDGE, size());
        out.writeIntLE(queueDepth).writeIntLE(frameId).writeIntLE(totalFramesDecoded);
    }
}
