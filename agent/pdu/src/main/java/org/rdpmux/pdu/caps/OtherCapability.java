// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;

/**
 * A capability set whose contents nobody here reads.
 *
 * @param type capabilitySetType, known or not
 * @param contents what stands behind the header; not copied
 */
public record OtherCapability(int type, byte[] contents) implements CapabilitySet {

    static OtherCapability decode(int type, ByteBuf in) {
        byte[] contents = new byte[in.readableBytes()];
        in.readBytes(contents);
        return new OtherCapability(type, contents);
    }

    /** TS_SHARE_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.2.4): nodeID 2, pad2octets 2. */
    public static OtherCapability share(int nodeId) {
        return new OtherCapability(SHARE, new byte[] {(byte) nodeId, (byte) (nodeId >> 8), 0, 0});
    }

    /** TS_FONT_CAPABILITYSET (2.2.7.2.5) with FONTSUPPORT_FONTLIST: fontSupportFlags 2, pad2octets 2. */
    public static OtherCapability font() {
        return new OtherCapability(FONT, new byte[] {1, 0, 0, 0});
    }

    /** TS_CONTROL_CAPABILITYSET (2.2.7.2.2): flags 2, detach flag 2, two interests of 2, both CONTROLPRIORITY_NEVER. */
    public static OtherCapability control() {
        return new OtherCapability(CONTROL, new byte[] {0, 0, 0, 0, 2, 0, 2, 0});
    }

    /** TS_WINDOWACTIVATION_CAPABILITYSET (2.2.7.2.3): four flags of 2, all false. */
    public static OtherCapability windowActivation() {
        return new OtherCapability(WINDOW_ACTIVATION, new byte[8]);
    }

    @Override
    public int size() {
        return contents.length;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeBytes(contents);
    }
}
