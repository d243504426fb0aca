// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.surface;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_FRAME_MARKER ([MS-RDPBCGR] 2.2.9.2.3): groups the updates of one frame. A client with the Frame Acknowledge set
 * answers the end of each frame with its number.
 *
 * @param action {@link #BEGIN} or {@link #END}
 * @param frameId any 32 bits
 */
public record FrameMarker(int action, int frameId) implements Pdu {

    public static final int BEGIN = 0;
    public static final int END = 1;
    /** cmdType 2, frameAction 2, frameId 4. */
    public static final int SIZE = 8;

    private static final String NAME = "TS_FRAME_MARKER";
    private static final int CMDTYPE_FRAME_MARKER = 4;

    public FrameMarker {
        if (action != BEGIN && action != END) {
            throw new IllegalArgumentException("frame action " + action);
        }
    }

    public static FrameMarker decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "cmdType");
        PduException.expect(in.readUnsignedShortLE(), CMDTYPE_FRAME_MARKER, NAME, "cmdType"); // 2 bytes
        int action = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(action, BEGIN, END, NAME, "frameAction");
        return new FrameMarker(action, in.readIntLE()); // 4 bytes
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(CMDTYPE_FRAME_MARKER).writeShortLE(action).writeIntLE(frameId);
    }
}
