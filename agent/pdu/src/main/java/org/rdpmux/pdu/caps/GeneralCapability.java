// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_GENERAL_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.1.1).
 *
 * @param osMajorType platform; likewise {@code osMinorType}
 * @param extraFlags the constants
 * @param refreshRect the server understands Refresh Rect
 * @param suppressOutput the server understands Suppress Output
 */
public record GeneralCapability(
        int osMajorType, int osMinorType, int extraFlags, boolean refreshRect, boolean suppressOutput)
        implements CapabilitySet {

    public static final int FASTPATH_OUTPUT_SUPPORTED = 0x0001;
    public static final int LONG_CREDENTIALS_SUPPORTED = 0x0004;
    public static final int AUTORECONNECT_SUPPORTED = 0x0008;
    public static final int ENC_SALTED_CHECKSUM = 0x0010;
    public static final int NO_BITMAP_COMPRESSION_HDR = 0x0400;

    private static final String NAME = "TS_GENERAL_CAPABILITYSET";
    private static final int SIZE = 20;
    private static final int TS_CAPS_PROTOCOLVERSION = 0x0200;

    static GeneralCapability decode(ByteBuf in) {
        PduException.need(in, 18, NAME, "osMajorType");
        int osMajorType = in.readUnsignedShortLE(); // 2 bytes
        int osMinorType = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(6); // protocolVersion 2, pad2octetsA 2, generalCompressionTypes 2: constants
        int extraFlags = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(6); // updateCapabilityFlag 2, remoteUnshareFlag 2, generalCompressionLevel 2: zero
        boolean whole = in.readableBytes() >= 2; // clients older than RDP 5 stop here
        boolean refreshRect = whole && in.readUnsignedByte() != 0; // 0 or 1 byte
        boolean suppressOutput = whole && in.readUnsignedByte() != 0; // 0 or 1 byte
        return new GeneralCapability(osMajorType, osMinorType, extraFlags, refreshRect, suppressOutput);
    }

    public boolean has(int extraFlag) {
        return (extraFlags & extraFlag) != 0;
    }

    @Override
    public int type() {
        return GENERAL;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(osMajorType).writeShortLE(osMinorType);
        out.writeShortLE(TS_CAPS_PROTOCOLVERSION).writeShortLE(0).writeShortLE(0);
        out.writeShortLE(extraFlags).writeZero(6);
        out.writeBoolean(refreshRect).writeBoolean(suppressOutput);
    }
}
