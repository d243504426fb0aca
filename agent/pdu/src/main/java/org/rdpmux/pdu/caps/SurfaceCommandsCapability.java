// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_SURFCMDS_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.2.9).
 *
 * @param commands the constants
 */
public record SurfaceCommandsCapability(int commands) implements CapabilitySet {

    public static final int SET_SURFACE_BITS = 0x02;
    public static final int FRAME_MARKER = 0x10;
    public static final int STREAM_SURFACE_BITS = 0x40;

    private static final String NAME = "TS_SURFCMDS_CAPABILITYSET";

    static SurfaceCommandsCapability decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "cmdFlags");
        return new SurfaceCommandsCapability(in.readIntLE()); // 4 bytes; reserved, 4 bytes, follows
    }

    public boolean has(int command) {
        return (commands & command) != 0;
    }

    @Override
    public int type() {
        return SURFACE_COMMANDS;
    }

    @Override
    public int size() {
        return 8;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(commands).writeIntLE(0);
    }
}
